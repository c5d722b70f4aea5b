/** Work-done progress as notifications: with the server's numbers, and a Cancel button. */

import { type Disposable, type Progress, ProgressLocation, window } from "vscode";
import type { WorkDoneProgressBegin, WorkDoneProgressEnd, WorkDoneProgressReport } from "vscode-languageclient";

type Token = string | number;
type Told = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

interface Shown {
  /** Set once VS Code has begun to show it, which may be after its end. */
  progress: Progress<{ message?: string; increment?: number }> | undefined;
  readonly end: () => void;
  percentage: number;
}

/** The language client itself would only show them in the status bar, where nothing can be cancelled. */
export class Notifications implements Disposable {
  readonly #shown = new Map<Token, Shown>();
  readonly #cancel: (token: Token) => void;

  /** `cancel` tells the server that the user wants a piece of work to end. */
  constructor(cancel: (token: Token) => void) {
    this.#cancel = cancel;
  }

  /** Shows what the server reports about a piece of work. */
  tell(token: Token, told: Told): void {
    switch (told.kind) {
      case "begin":
        this.#begin(token, told);
        break;
      case "report":
        this.#report(token, told);
        break;
      case "end":
        this.#shown.get(token)?.end();
    }
  }

  /** Removes all of them: the server will not report their end. */
  dispose(): void {
    for (const shown of this.#shown.values()) shown.end();
  }

  #begin(token: Token, told: WorkDoneProgressBegin): void {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const shown: Shown = { progress: undefined, end, percentage: 0 };
    this.#shown.set(token, shown);
    void window.withProgress(
      { location: ProgressLocation.Notification, title: told.title, cancellable: told.cancellable === true },
      async (progress, cancellation) => {
        shown.progress = progress;
        const asked = cancellation.onCancellationRequested(() => {
          this.#cancel(token);
        });
        this.#report(token, told);
        await ended;
        asked.dispose();
        this.#shown.delete(token);
      },
    );
  }

  #report(token: Token, { message, percentage }: { message?: string; percentage?: number }): void {
    const shown = this.#shown.get(token);
    if (shown === undefined) return;
    const before = shown.percentage;
    shown.percentage = Math.max(before, percentage ?? 0);
    shown.progress?.report({ ...(message === undefined ? {} : { message }), increment: shown.percentage - before });
  }
}
