/** *Explain*: the answer streams into a document beside the code. */

import type { Disposable } from "vscode";

import type { Pillion } from "../pillion";
import { command } from "./attempt";
import { placeOf, workingEditor } from "./target";

export function registerExplain(pillion: Pillion): Disposable[] {
  return [
    command(pillion, "pillion.explain", async () => {
      const editor = workingEditor(pillion);
      if (editor !== undefined) {
        await pillion.execute("pillion.run", { action: "explain", ...placeOf(editor) });
      }
    }),
  ];
}
