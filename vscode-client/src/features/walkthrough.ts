/** Ticks the walkthrough's steps that VS Code can't see done by itself. */

import { type Disposable, commands } from "vscode";

import type { Pillion } from "../pillion";
import type { JobBook } from "./jobs";

/** A code action is run by the language client, of which the walkthrough's `onCommand` hears nothing. */
export function registerWalkthrough(pillion: Pillion, jobs: JobBook): Disposable[] {
  const first = jobs.onChange(() => {
    first.dispose();
    tick("ran", true);
  });
  const engines = pillion.onEndpoints((endpoints) => {
    const own = endpoints.filter(({ protocol, state }) => protocol !== "embedded" && state !== "down").length;
    tick("hasEngine", own >= 1);
    tick("hasTwoEngines", own >= 2);
  });
  return [first, engines];
}

function tick(name: string, done: boolean): void {
  void commands.executeCommand("setContext", `pillion.${name}`, done);
}
