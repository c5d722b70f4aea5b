/** A document that is too long for Pillion has no actions; the user is told so once. */

import { window } from "vscode";
import type { TextEditor } from "vscode";

import type { Pillion } from "../pillion";
import { say } from "../say";
import { attempt } from "./attempt";
import type { Disposes } from "./disposes";
import type { RunCommand } from "./outcomes";
import { fileName } from "./words";

const CHANGE = "Change the Limit";
const SETTING = "pillion.limits.max_document_lines";

export function registerLongDocuments(pillion: Pillion, run: RunCommand): Disposes[] {
  const said = new Set<string>();
  const look = (editor: TextEditor | undefined): void => {
    const most = pillion.mostLines;
    if (editor === undefined || most === undefined || editor.document.lineCount <= most) {
      return;
    }
    const { uri, languageId, lineCount } = editor.document;
    const isOurs = ["file", "untitled"].includes(uri.scheme) && pillion.languages.includes(languageId);
    if (isOurs && !said.has(uri.toString())) {
      said.add(uri.toString());
      void attempt(pillion, "telling of a long document", async () => {
        if ((await say.info(tooLongText(fileName(uri.path), lineCount, most), CHANGE)) === CHANGE) {
          await run("workbench.action.openSettings", SETTING);
        }
      });
    }
  };
  look(window.activeTextEditor);
  return [
    window.onDidChangeActiveTextEditor(look),
    pillion.onEndpoints(() => {
      look(window.activeTextEditor);
    }),
  ];
}

export function tooLongText(name: string, lines: number, most: number): string {
  const [has, upTo] = [lines, most].map((count) => count.toLocaleString("en"));
  return `Pillion has no actions in ${name}: it has ${has ?? ""} lines, and Pillion works on up to ${upTo ?? ""}.`;
}
