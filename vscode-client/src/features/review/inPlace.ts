/** Shows small drafts in the document itself: added text at the ends of lines, and the user's options above. */

import {
  CodeLens,
  EventEmitter,
  OverviewRulerLane,
  Range,
  ThemeColor,
  Uri,
  languages,
  window,
  workspace,
} from "vscode";
import type { CodeLensProvider, DecorationOptions, Disposable, TextDocument } from "vscode";

import type { Preview } from "../../protocol";
import { fitInPlace, inOneLine, insertions } from "./insertions";
import type { Inserted } from "./insertions";
import { commandOf } from "./lenses";
import { isInPlace, isUpToDate, reviewed } from "./review";
import type { Review } from "./review";
import { lensTexts } from "./texts";

const SCHEMES = ["file", "untitled"];

export class InPlace implements CodeLensProvider, Disposable {
  private readonly look = window.createTextEditorDecorationType({
    overviewRulerColor: new ThemeColor("editorOverviewRuler.addedForeground"),
    overviewRulerLane: OverviewRulerLane.Full,
  });
  private readonly changed = new EventEmitter<void>();
  private readonly additions = new WeakMap<
    Review,
    { readonly preview: Preview; readonly groups: readonly Inserted[] }
  >();
  private shown = "";

  readonly onDidChangeCodeLenses = this.changed.event;
  // After the event: VS Code reads the event at the moment of the registration.
  private readonly subscriptions: Disposable[] = [
    languages.registerCodeLensProvider(
      SCHEMES.map((scheme) => ({ scheme })),
      this,
    ),
    window.onDidChangeVisibleTextEditors(() => {
      this.redraw();
    }),
  ];

  constructor(private readonly reviews: ReadonlyMap<string, Review>) {}

  /** Whether it can be shown in its document, which is on the screen. */
  fits(review: Review): boolean {
    const document = documentOf(review);
    if (document === undefined || !isUpToDate(review)) {
      return false;
    }
    // Without lenses nothing there would show the user's options.
    const lenses = workspace.getConfiguration("editor", document).get<boolean>("codeLens") !== false;
    return lenses && isSeen(document) && this.showsAll(review);
  }

  /** Whether the whole draft is shown: accepting gives exactly what the user sees. */
  showsAll(review: Review): boolean {
    return review.preview?.diagnostics.length === 0 && fitInPlace(this.additionsOf(review));
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    return this.of(document).flatMap((review) => {
      const line = Math.min(this.anchorOf(review), document.lineCount - 1);
      const range = new Range(line, 0, line, 0);
      return lensTexts({ ...reviewed(review), inPlace: true }).map(
        (text) => new CodeLens(range, commandOf(text, review.job.id)),
      );
    });
  }

  /** Decorations follow the user's typing by themselves, until the preview of the new text comes. */
  redraw(): void {
    for (const editor of window.visibleTextEditors) {
      const there = this.of(editor.document);
      if (there.every((review) => review.homeless || isUpToDate(review))) {
        editor.setDecorations(
          this.look,
          there.filter((review) => !review.homeless).flatMap((review) => this.optionsOf(review, editor.document)),
        );
      }
    }
    const lenses = [...this.reviews.values()]
      .filter(isInPlace)
      .map((review) => [review.job.id, this.anchorOf(review), lensTexts({ ...reviewed(review), inPlace: true })]);
    const now = JSON.stringify(lenses);
    if (now !== this.shown) {
      this.shown = now;
      this.changed.fire();
    }
  }

  dispose(): void {
    this.subscriptions.forEach((each) => void each.dispose());
    this.changed.dispose();
    this.look.dispose();
  }

  /** The line below the user's options: the line that the first addition follows. */
  private anchorOf(review: Review): number {
    return Math.max(0, this.additionsOf(review)[0]?.after ?? 0);
  }

  /** Compared once for each preview; if the preview is older than the document, the last result. */
  private additionsOf(review: Review): readonly Inserted[] {
    const { preview } = review;
    const known = this.additions.get(review);
    const document = documentOf(review);
    if (preview === undefined || known?.preview === preview || document?.version !== preview.version) {
      return known?.groups ?? [];
    }
    const groups = insertions(document.getText(), preview.text) ?? [];
    this.additions.set(review, { preview, groups });
    return groups;
  }

  private optionsOf(review: Review, document: TextDocument): DecorationOptions[] {
    return this.additionsOf(review).map((group) => optionOf(group, document));
  }

  private of(document: TextDocument): Review[] {
    const uri = document.uri.toString();
    return [...this.reviews.values()].filter(
      (review) => isInPlace(review) && review.job.state === "offered" && uriOf(review) === uri,
    );
  }
}

/** Whether a draft that is shown in place can be seen now: its document may be closed or behind another. */
export function isSeenInPlace(review: Review): boolean {
  const document = documentOf(review);
  return isInPlace(review) && document !== undefined && isSeen(document);
}

function optionOf(group: Inserted, document: TextDocument): DecorationOptions {
  const { line, character } = document.lineAt(Math.min(group.after, document.lineCount - 1)).range.end;
  const after = {
    contentText: inOneLine(group),
    color: new ThemeColor("editor.foreground"),
    backgroundColor: new ThemeColor("diffEditor.insertedTextBackground"),
    margin: "0 0 0 1ch",
  };
  return { range: new Range(line, character, line, character), renderOptions: { after } };
}

function documentOf(review: Review): TextDocument | undefined {
  const uri = uriOf(review);
  return workspace.textDocuments.find((each) => each.uri.toString() === uri);
}

function isSeen(document: TextDocument): boolean {
  return window.visibleTextEditors.some((editor) => editor.document === document);
}

function uriOf({ job }: Review): string {
  return Uri.parse(job.uri).toString();
}
