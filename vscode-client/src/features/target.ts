/** What a command works on: the selection or the symbol at the cursor of the active editor. */

import { window } from "vscode";
import type { Range, TextEditor } from "vscode";

import type { Pillion } from "../pillion";
import { say } from "../say";

/** The place in the server's form. */
export interface Place {
  readonly uri: string;
  readonly version: number;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

/** The active editor if Pillion can work in it; else the user gets a message. */
export function workingEditor(pillion: Pillion): TextEditor | undefined {
  const editor = window.activeTextEditor;
  if (editor === undefined || !["file", "untitled"].includes(editor.document.uri.scheme)) {
    void say.info("Pillion: open a source file and put the cursor into what you mean.");
    return undefined;
  }
  const { languageId } = editor.document;
  if (!pillion.languages.includes(languageId)) {
    void say.info(`Pillion doesn’t read “${languageId}”. It reads ${pillion.languages.join(", ")}.`);
    return undefined;
  }
  return editor;
}

export function placeOf(editor: TextEditor): Place {
  const { document, selection } = editor;
  return { uri: document.uri.toString(), version: document.version, range: plainRange(selection) };
}

/** The place that a menu was opened at. Undefined if `range` isn't one. */
export function placeIn(editor: TextEditor, range: unknown): Place | undefined {
  return isRange(range) ? { ...placeOf(editor), range } : undefined;
}

function isRange(value: unknown): value is Place["range"] {
  const { start, end } = (value ?? {}) as Partial<Place["range"]>;
  const isPosition = (place: Partial<Place["range"]["start"]> | undefined): boolean =>
    Number.isInteger(place?.line) && Number.isInteger(place?.character);
  return isPosition(start) && isPosition(end);
}

function plainRange(range: Range): Place["range"] {
  return {
    start: { line: range.start.line, character: range.start.character },
    end: { line: range.end.line, character: range.end.character },
  };
}

/** “lines 3–9” or “line 5”. */
export function linesOf({ selection }: TextEditor): string {
  const [first, last] = [selection.start.line + 1, selection.end.line + 1];
  if (selection.isEmpty) {
    return `line ${String(first)}`;
  }
  return first === last ? `the selection in line ${String(first)}` : `lines ${String(first)}–${String(last)}`;
}
