/** Ticks the steps of the walkthrough that VS Code can't detect by itself. */

import type { Disposable } from "vscode";

import type { Pillion } from "../pillion";
import { ContextKeys } from "./contextKeys";
import type { JobBook } from "./jobs";

/** The language client runs a code action, so the walkthrough's `onCommand` doesn't notice it. */
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
