/** The sets of models to choose from, as rows of a list. */

import { withoutIcons } from "../harmless";
import type { ModelChoices } from "../protocol";
import { sizeText } from "./words";

export interface ModelRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly use: string;
}

/** Those that fit on this machine, with what holds now marked. */
export function modelRows({ chosen, choices }: ModelChoices): ModelRow[] {
  return choices
    .filter((choice) => choice.unfit === "")
    .map((choice) => ({
      label: `${choice.name === chosen ? "$(check) " : ""}${withoutIcons(capitalized(choice.name))}`,
      description: withoutIcons(choice.about),
      detail: withoutIcons(
        [
          choice.missing_bytes === 0 ? "here already" : `${sizeText(choice.missing_bytes)} to download`,
          `${(choice.memory_bytes / 1e9).toFixed(1)} GB of memory`,
          choice.speed,
        ].join(" · "),
      ),
      use: choice.name,
    }));
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
