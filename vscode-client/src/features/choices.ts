/** The ways to do what was asked for, as rows of a list. */

import type { Choice, Classification } from "../protocol";
import { plainTitle, withoutIcons } from "./words";

export interface ChoiceRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly choice: Choice;
}

/** The one that the words ask for comes first. */
export function choiceRows(classification: Classification): ChoiceRow[] {
  const { choices, choice: best, reason } = classification;
  const chosen = choices[best];
  const ordered = chosen === undefined ? choices : [chosen, ...choices.filter((_, index) => index !== best)];
  return ordered.map((choice) => ({
    label: withoutIcons(plainTitle(choice.title)),
    description: withoutIcons(`${choice.tier} · ${engine(choice)}`),
    detail: withoutIcons(
      [choice === chosen ? reason : "", choice.auditor === null ? "" : `audited by ${choice.auditor}`].filter(Boolean).join(" · ") || "no audit by a model",
    ),
    choice,
  }));
}

function engine(choice: Choice): string {
  if (choice.endpoint === null) {
    return "no endpoint is set up for it";
  }
  return choice.model === null ? choice.endpoint : `${choice.endpoint}, ${choice.model}`;
}

