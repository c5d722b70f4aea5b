/** Ticks the walkthrough's steps that VS Code can't see done by itself. */

import { type Disposable, commands } from "vscode";

import type { JobBook } from "./jobs";

/** A code action is run by the language client, of which the walkthrough's `onCommand` hears nothing. */
export function registerWalkthrough(jobs: JobBook): Disposable[] {
  const first = jobs.onChange(() => {
    first.dispose();
    void commands.executeCommand("setContext", "pillion.ran", true);
  });
  return [first];
}
