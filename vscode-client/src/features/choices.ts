/** The ways to do what was asked for, as rows of a list. */

import type { Choice, Classification } from "../protocol";
import { plainTitle } from "./words";
import { withoutIcons } from "../harmless";

export interface AskRow {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Whatever is typed: the words are for the server, not for finding a row. */
  readonly alwaysShow: true;
  /** None: it only says something. */
  readonly choice?: Choice;
}

/** A row with words for the user, which Enter does nothing with. */
export function hintRow(words: string): AskRow {
  return { label: `$(info) ${withoutIcons(words)}`, alwaysShow: true };
}

/** The one that the words ask for comes first. */
export function choiceRows(classification: Classification): AskRow[] {
  const { choices, choice: best, reason } = classification;
  const chosen = choices[best];
  const ordered = chosen === undefined ? choices : [chosen, ...choices.filter((_, index) => index !== best)];
  return ordered.map((choice) => ({
    label: withoutIcons(plainTitle(choice.title)),
    description: withoutIcons([choice.tier, engine(choice), audit(choice)].filter(Boolean).join(" · ")),
    ...(choice === chosen ? { detail: withoutIcons(reason) } : {}),
    alwaysShow: true,
    choice,
  }));
}

function audit({ auditor }: Choice): string {
  return auditor === null ? "" : `audited by ${auditor}`;
}

function engine(choice: Choice): string {
  if (choice.endpoint === null) {
    return "no endpoint is set up for it";
  }
  return choice.model === null ? choice.endpoint : `${choice.endpoint}, ${choice.model}`;
}
