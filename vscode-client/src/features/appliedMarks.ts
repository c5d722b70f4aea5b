/** Marks the lines that an edit changed, until the document is changed again or some seconds have passed. */

import { OverviewRulerLane, ThemeColor, Uri, window, workspace } from "vscode";
import type { Disposable, TextDocument, TextEditor } from "vscode";

import type { Applied } from "../protocol";
import { rangeOf } from "./review/convert";

const SHOWN_MS = 8_000;

interface Marked {
  readonly uri: string;
  readonly ranges: Applied["ranges"];
}

/** The marks don't move or fade: they appear and disappear at once. */
export class AppliedMarks implements Disposable {
  private readonly look = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor("diffEditor.insertedLineBackground"),
    overviewRulerColor: new ThemeColor("editorOverviewRuler.addedForeground"),
    overviewRulerLane: OverviewRulerLane.Full,
  });
  private readonly subscriptions: Disposable[];
  private marked: Marked | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.subscriptions = [
      // After a review, the edit's file may come on the screen a moment later.
      window.onDidChangeVisibleTextEditors((editors) => {
        this.draw(editors);
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document.uri.toString() === this.marked?.uri) {
          this.clear();
        }
      }),
    ];
  }

  show(uri: Uri, { ranges, version }: Applied): void {
    this.clear();
    const document = workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    if (document === undefined || !isOf(document, version)) {
      return;
    }
    this.marked = { uri: uri.toString(), ranges };
    this.draw(window.visibleTextEditors);
    this.timer = setTimeout(() => {
      this.clear();
    }, SHOWN_MS);
  }

  clear(): void {
    clearTimeout(this.timer);
    if (this.marked !== undefined) {
      this.marked = undefined;
      window.visibleTextEditors.forEach((editor) => {
        editor.setDecorations(this.look, []);
      });
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.forEach((each) => void each.dispose());
    this.look.dispose();
  }

  private draw(editors: readonly TextEditor[]): void {
    const { marked } = this;
    if (marked !== undefined) {
      const showing = editors.filter((editor) => editor.document.uri.toString() === marked.uri);
      showing.forEach((editor) => {
        editor.setDecorations(this.look, marked.ranges.map(rangeOf));
      });
    }
  }
}

/** Whether the ranges fit the current document: the user may have typed since. */
function isOf(document: TextDocument, version: number | null): boolean {
  return version === null || document.version === version;
}
