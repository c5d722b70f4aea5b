/** Ticks the walkthrough's steps that VS Code can't see done by itself. */

import type { Disposable } from "vscode";

import type { Pillion } from "../pillion";
import { ContextKeys } from "./contextKeys";
import type { JobBook } from "./jobs";

/** A code action is run by the language client, of which the walkthrough's `onCommand` hears nothing. */
export function registerWalkthrough(pillion: Pillion, jobs: JobBook): Disposable[] {
  const keys = new ContextKeys();
  const first = jobs.onChange(() => {
    first.dispose();
    keys.set("pillion.ran", true);
  });
  const engines = pillion.onEndpoints((endpoints) => {
    const own = endpoints.filter(({ protocol, state }) => protocol !== "embedded" && state !== "down").length;
    keys.set("pillion.hasEngine", own >= 1);
    keys.set("pillion.hasTwoEngines", own >= 2);
    // However it came: by a button, a first action or the command line, or because own engines need none.
    keys.set("pillion.hasModel", pillion.hasModels);
  });
  return [first, engines];
}
