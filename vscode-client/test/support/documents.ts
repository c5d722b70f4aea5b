/** VS Code's documents and editors, as far as the tests need them. */

import type { Range, Uri } from "./vscode";

/** A document whose lines can be asked for. */
export class Document {
  version = 1;
  readonly languageId = "python";
  constructor(
    readonly uri: Uri,
    public text: string,
  ) {}
  get lineCount(): number {
    return this.text.split("\n").length;
  }
  getText(): string {
    return this.text;
  }
  lineAt(line: number): unknown {
    const characters = this.text.split("\n")[line]?.length ?? 0;
    return { range: { end: { line, character: characters } } };
  }
}

export class Editor {
  /** What is added, and the lines that go. */
  decorations: readonly unknown[] = [];
  removed: readonly Range[] = [];
  selection = { active: { line: 0 } };
  constructor(readonly document: Document) {}
  setDecorations(look: { backgroundColor?: { id?: string } }, decorations: readonly unknown[]): void {
    if (look.backgroundColor?.id === "diffEditor.removedLineBackground") this.removed = decorations as readonly Range[];
    else this.decorations = decorations;
  }
}
