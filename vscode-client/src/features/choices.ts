/** The ways to do the user's request, as rows of a list. */

import type { Choice, Classification } from "../protocol";
import { plainTitle } from "./words";
import { withoutIcons } from "../harmless";

export interface AskRow {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Shown whatever the user types: the words are for the server, not for filtering rows. */
  readonly alwaysShow: true;
  /** Without it, the row only shows words. */
  readonly choice?: Choice;
}

/** A row that only shows words; Enter does nothing with it. */
export function hintRow(words: string): AskRow {
  return { label: `$(info) ${withoutIcons(words)}`, alwaysShow: true };
}

/** The choice that the words ask for comes first. */
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
