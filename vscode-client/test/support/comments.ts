/** VS Code's comments, as far as the tests need them. */

import type { Range, Uri } from "./vscode";

export class MarkdownString {
  isTrusted = true;
  supportHtml = true;
  constructor(readonly value: string) {}
}
export const CommentMode = { Preview: 1 };
export const CommentThreadCollapsibleState = { Expanded: 1 };

/** A thread of comments. */
export interface Thread {
  readonly uri: Uri;
  readonly range: Range;
  readonly comments: readonly { readonly body: MarkdownString }[];
  label?: string;
  contextValue?: string;
}

/** The threads that are open. */
export const threads = new Set<Thread>();

export const comments = {
  createCommentController: () => ({
    createCommentThread: (uri: Uri, range: Range, said: Thread["comments"]): Thread & { dispose(): void } => {
      const thread = { uri, range, comments: said, dispose: () => void threads.delete(thread) };
      threads.add(thread);
      return thread;
    },
    dispose: () => undefined,
  }),
};
