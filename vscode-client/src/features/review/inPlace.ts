/**
 * Shows drafts in the document itself, which stays as it is until the user accepts: the lines that go are marked, the
 * new ones stand at the ends of lines or below them, and the user's options above each change.
 */

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
import { HunkThreads } from "./hunkThreads";
import type { HunkName, Passage } from "./hunkThreads";
import { canBeInline, changesOf, inOneLine, isSmall, shownHunk } from "./hunks";
import type { ShownChange, ShownHunk } from "./hunks";
import { commandOf } from "./lenses";
import { isInPlace, isUpToDate, reviewed } from "./review";
import type { Review } from "./review";
import { hunkLensTexts, lensTexts } from "./texts";
import type { LensText } from "./texts";

const SCHEMES = ["file", "untitled"];

export class InPlace implements CodeLensProvider, Disposable {
  private readonly added = window.createTextEditorDecorationType({
    overviewRulerColor: new ThemeColor("editorOverviewRuler.addedForeground"),
    overviewRulerLane: OverviewRulerLane.Full,
  });
  private readonly removed = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor("diffEditor.removedLineBackground"),
    overviewRulerColor: new ThemeColor("editorOverviewRuler.deletedForeground"),
    overviewRulerLane: OverviewRulerLane.Full,
    isWholeLine: true,
  });
  private readonly threads = new HunkThreads();
  private readonly changed = new EventEmitter<void>();
  private readonly hunks = new WeakMap<Review, { readonly preview: Preview; readonly shown: readonly ShownHunk[] }>();
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
    return document !== undefined && isUpToDate(review) && hasRoom(document) && this.showsAll(review);
  }

  /** Whether it is to be shown in its document once it is complete. */
  waits(review: Review): boolean {
    const document = documentOf(review);
    return review.job.state !== "offered" && document !== undefined && hasRoom(document) && isInline(document);
  }

  /** Whether the whole draft is shown: accepting gives exactly what the user sees. */
  showsAll(review: Review): boolean {
    const document = documentOf(review);
    const hunks = this.hunksOf(review);
    const small = review.preview?.diagnostics.length === 0 && isSmall(hunks);
    return small || (document !== undefined && isInline(document) && canBeInline(hunks));
  }

  /** The hunk that a button of a thread is about. */
  nameOf(thread: object): HunkName | undefined {
    return this.threads.nameOf(thread);
  }

  /** The hunk at the cursor, or the only one there is. */
  hunkAt(review: Review, line: number): string | undefined {
    const hunks = this.hunksOf(review);
    const there = hunks.find(({ line: first, changes }) =>
      changes.some(({ removed, after }) => first <= line && line <= (removed?.[1] ?? Math.max(0, after))),
    );
    return (there ?? (hunks.length === 1 ? hunks[0] : undefined))?.hunk.id;
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    return this.of(document).flatMap((review) =>
      this.rowsOf(review).flatMap(({ line, texts }) => {
        const at = Math.min(line, document.lineCount - 1);
        return texts.map((text) => new CodeLens(new Range(at, 0, at, 0), commandOf(text, review.job.id)));
      }),
    );
  }

  /** Decorations follow the user's typing by themselves, until the preview of the new text comes. */
  redraw(): void {
    for (const editor of window.visibleTextEditors) {
      const { document } = editor;
      const there = this.of(document).filter(isInPlace);
      if (there.every((review) => review.homeless || isUpToDate(review))) {
        const changes = there.flatMap((review) => this.changesOf(review));
        const ends = changes.filter(({ lines, long }) => lines.length > 0 && !long);
        editor.setDecorations(
          this.added,
          ends.map((each) => optionOf(each, document)),
        );
        editor.setDecorations(
          this.removed,
          changes.flatMap(({ removed }) => (removed === undefined ? [] : [new Range(removed[0], 0, removed[1], 0)])),
        );
      }
    }
    this.redrawThreads();
    const lenses = [...this.reviews.values()]
      .filter((review) => isInPlace(review) || this.isPending(review))
      .map((review) => [review.job.id, this.rowsOf(review)]);
    const now = JSON.stringify(lenses);
    if (now !== this.shown) {
      this.shown = now;
      this.changed.fire();
    }
  }

  dispose(): void {
    this.subscriptions.forEach((each) => void each.dispose());
    this.threads.dispose();
    this.changed.dispose();
    this.added.dispose();
    this.removed.dispose();
  }

  private redrawThreads(): void {
    const reviews = [...this.reviews.values()].filter((review) => isInPlace(review) && review.job.state === "offered");
    if (reviews.every((review) => review.homeless || isUpToDate(review))) {
      this.threads.show(reviews.filter((review) => !review.homeless).flatMap((review) => this.passagesOf(review)));
    }
  }

  private passagesOf(review: Review): Passage[] {
    const document = documentOf(review);
    if (document === undefined) {
      return [];
    }
    const { id: job } = review.job;
    const hunks = this.hunksOf(review);
    const own = hunks.flatMap(({ hunk, changes }) => changes.map((change) => ({ change, hunk: hunk.id })));
    const brought = changesOf(hunks)
      .filter((change) => !hunks.some(({ changes }) => changes.includes(change)))
      .map((change) => ({ change, hunk: undefined }));
    return [...own, ...brought]
      .filter(({ change }) => change.long)
      .map(({ change: { removed, after, lines }, hunk }) => ({
        key: JSON.stringify([job, hunk, lines, removed === undefined]),
        uri: document.uri,
        line: Math.max(0, after),
        languageId: document.languageId,
        lines,
        author: review.job.endpoint ?? "",
        label: labelOf(removed !== undefined, after, hunk === undefined),
        decides: hunk === undefined ? undefined : { job, hunk },
      }));
  }

  /** The rows of options, from the top of the document to its end. */
  private rowsOf(review: Review): { readonly line: number; readonly texts: readonly LensText[] }[] {
    const words = { ...reviewed(review), inPlace: true };
    if (this.isPending(review)) {
      return [{ line: words.line, texts: lensTexts(words) }];
    }
    const hunks = this.hunksOf(review);
    const [first, ...others] = hunks;
    if (first === undefined || review.homeless) {
      return [{ line: first?.line ?? 0, texts: lensTexts(words) }];
    }
    const found = review.preview?.diagnostics ?? [];
    const several = hunks.length > 1;
    return [
      {
        line: first.line,
        texts: [...(several ? hunkLensTexts(first.hunk, found) : []), ...lensTexts({ ...words, hunks: hunks.length })],
      },
      ...others.map(({ line, hunk }) => ({ line, texts: hunkLensTexts(hunk, found) })),
    ];
  }

  private changesOf(review: Review): readonly ShownChange[] {
    return review.homeless ? [] : changesOf(this.hunksOf(review));
  }

  /** Read once for each preview; if the preview is older than the document, the last result. */
  private hunksOf(review: Review): readonly ShownHunk[] {
    const { preview } = review;
    const known = this.hunks.get(review);
    const document = documentOf(review);
    if (preview === undefined || known?.preview === preview || document?.version !== preview.version) {
      return known?.shown ?? [];
    }
    const shown = (preview.hunks ?? []).map(shownHunk);
    this.hunks.set(review, { preview, shown });
    return shown;
  }

  /** Whether the user sees only that it is being drafted. */
  private isPending(review: Review): boolean {
    return review.view === "wanted" && review.preview !== undefined && this.waits(review);
  }

  private of(document: TextDocument): Review[] {
    const uri = document.uri.toString();
    return [...this.reviews.values()].filter(
      (review) =>
        uriOf(review) === uri && ((isInPlace(review) && review.job.state === "offered") || this.isPending(review)),
    );
  }
}

/** Whether a draft that is shown in place can be seen now: its document may be closed or behind another. */
export function isSeenInPlace(review: Review): boolean {
  const document = documentOf(review);
  return isInPlace(review) && document !== undefined && isSeen(document);
}

function labelOf(instead: boolean, after: number, brought: boolean): string {
  const where = after < 0 ? "New, above the first line" : "New";
  return `${instead ? "Instead of these lines" : where}${brought ? " (comes along with the change that needs it)" : ""}`;
}

function optionOf(change: ShownChange, document: TextDocument): DecorationOptions {
  const { line, character } = document.lineAt(Math.min(change.after, document.lineCount - 1)).range.end;
  const after = {
    contentText: inOneLine(change),
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

/** Without lenses nothing in the document would show the user's options. */
function hasRoom(document: TextDocument): boolean {
  const lenses = workspace.getConfiguration("editor", document).get<boolean>("codeLens") !== false;
  return lenses && isSeen(document);
}

/** The user's choice: in the file, or beside it. */
function isInline(document: TextDocument): boolean {
  return workspace.getConfiguration("pillion", document).get<string>("reviewView") !== "diff";
}

function uriOf({ job }: Review): string {
  return Uri.parse(job.uri).toString();
}
