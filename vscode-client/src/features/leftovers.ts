/** Closes tabs that the editor restored from the last session: their jobs are gone. */

import { TabInputText, TabInputTextDiff, window } from "vscode";
import type { Tab } from "vscode";

export async function closeLeftovers(schemes: ReadonlySet<string>): Promise<void> {
  const isLeft = ({ input }: Tab): boolean =>
    (input instanceof TabInputTextDiff && schemes.has(input.modified.scheme)) ||
    (input instanceof TabInputText && schemes.has(input.uri.scheme));
  const left = window.tabGroups.all.flatMap((group) => group.tabs).filter(isLeft);
  if (left.length > 0) {
    await window.tabGroups.close(left, true);
  }
}
