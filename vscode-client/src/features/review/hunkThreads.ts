/** New lines that have no room at the end of a line: below the lines that they replace, in VS Code's comments. */

import { CommentMode, CommentThreadCollapsibleState, MarkdownString, Range, comments } from "vscode";
import type { CommentController, CommentThread, Disposable, Uri } from "vscode";

/** The code of one change. */
export interface Passage {
  readonly key: string;
  readonly uri: Uri;
  /** The line above it. */
  readonly line: number;
  readonly languageId: string;
  readonly lines: readonly string[];
  readonly label: string;
  /** The engine that wrote it. */
  readonly author: string;
  /** The job and the hunk that its buttons decide on; undefined if it comes along with others. */
  readonly decides: HunkName | undefined;
}

export interface HunkName {
  readonly job: string;
  readonly hunk: string;
}

const CONTROLLER = "pillion.review";

export class HunkThreads implements Disposable {
  private controller: CommentController | undefined;
  private readonly threads = new Map<string, { readonly shown: string; readonly thread: CommentThread }>();
  private readonly names = new WeakMap<object, HunkName>();

  /** The hunk that a thread's button is about. */
  nameOf(thread: object): HunkName | undefined {
    return this.names.get(thread);
  }

  /** Shows these and no others. One that is as it was stays: it may be scrolled, or closed. */
  show(passages: readonly Passage[]): void {
    const wanted = new Map(passages.map((each) => [each.key, each]));
    for (const [key, { shown, thread }] of this.threads) {
      const passage = wanted.get(key);
      if (passage === undefined || JSON.stringify(passage) !== shown) {
        thread.dispose();
        this.threads.delete(key);
      }
    }
    for (const [key, passage] of wanted) {
      if (!this.threads.has(key)) {
        this.threads.set(key, { shown: JSON.stringify(passage), thread: this.open(passage) });
      }
    }
    if (this.threads.size === 0) {
      this.controller?.dispose();
      this.controller = undefined;
    }
  }

  dispose(): void {
    this.show([]);
  }

  private open(passage: Passage): CommentThread {
    this.controller ??= comments.createCommentController(CONTROLLER, "Pillion");
    const { uri, line, label, author, decides } = passage;
    const thread = this.controller.createCommentThread(uri, new Range(line, 0, line, 0), [
      { body: bodyOf(passage), mode: CommentMode.Preview, author: { name: author } },
    ]);
    thread.canReply = false;
    thread.label = label;
    thread.contextValue = decides === undefined ? "brought" : "hunk";
    thread.collapsibleState = CommentThreadCollapsibleState.Expanded;
    if (decides !== undefined) {
      this.names.set(thread, decides);
    }
    return thread;
  }
}

/** Code alone: nothing in it can end the block that it is in. */
function bodyOf({ lines, languageId }: Passage): MarkdownString {
  const body = new MarkdownString(fenced(lines.join("\n"), languageId));
  body.isTrusted = false;
  body.supportHtml = false;
  return body;
}

const FENCE = 3;

export function fenced(code: string, languageId: string): string {
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(Math.max(FENCE, longest + 1));
  return `${fence}${languageId.replace(/[^\w+#.-]/g, "")}\n${code}\n${fence}`;
}
