/** Shows an applied edit: its lines are marked for a while, and the status bar says how to take it back. */

import { StatusBarAlignment, Uri, commands, window } from "vscode";
import type { Disposable } from "vscode";

import { withoutLinks } from "../harmless";
import type { Pillion } from "../pillion";
import type { Applied, Job } from "../protocol";
import { say } from "../say";
import { AppliedMarks } from "./appliedMarks";
import { attempt } from "./attempt";
import type { JobBook } from "./jobs";
import { counted, fileName, plainTitle } from "./words";
import { withoutIcons } from "../harmless";

const SAID_MS = 30_000;
const DONE_MS = 4_000;

interface Last {
  readonly job: Job;
  readonly applied: Applied;
  /** The server has said that it can't be taken back, as the text is now. */
  readonly stuck?: boolean;
}

/** What the menu leads back to. */
export interface Undoable {
  readonly title: string;
  readonly undo: () => Promise<unknown>;
}

export class AppliedEdits implements Disposable {
  private readonly item = window.createStatusBarItem("pillion.applied", StatusBarAlignment.Right, 101);
  private readonly marks = new AppliedMarks();
  private readonly subscriptions: Disposable[];
  private last: Last | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly pillion: Pillion,
    jobs: JobBook,
  ) {
    this.item.name = "Pillion: applied edit";
    this.subscriptions = [
      jobs.onChange(({ job, was }) => {
        if (job.state === "applied" && was !== "applied" && job.applied !== undefined) {
          this.take(job, job.applied);
        }
      }),
      // A new server process knows none of the old one's edits.
      pillion.onServer(({ state }) => {
        if (state !== "running") {
          this.forget();
        }
      }),
      commands.registerCommand("pillion.undoEdit", () => attempt(pillion, "pillion.undoEdit", () => this.undo())),
    ];
  }

  /** The last edit, until the server says that it can't be taken back. */
  get undoable(): Undoable | undefined {
    const { job, applied, stuck = false } = this.last ?? {};
    if (job === undefined || applied?.undo !== true || stuck) {
      return undefined;
    }
    return { title: plainTitle(job.title), undo: () => attempt(this.pillion, "pillion.undoEdit", () => this.undo()) };
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.forEach((each) => void each.dispose());
    this.marks.dispose();
    this.item.dispose();
  }

  private take(job: Job, applied: Applied): void {
    this.last = { job, applied };
    this.marks.show(Uri.parse(job.uri), applied);
    const what = withoutIcons(plainTitle(job.title));
    const words = appliedText(applied);
    this.item.text = `$(check) ${words}`;
    this.item.tooltip = `${what}, in ${fileName(Uri.parse(job.uri).path)}${job.endpoint === null ? "" : `, by ${withoutIcons(job.endpoint)}`}${applied.undo ? ". Click to take it back; what you typed since stays." : ""}`;
    this.item.command = applied.undo ? "pillion.undoEdit" : undefined;
    this.item.accessibilityInformation = { label: `Pillion: ${words}`, ...(applied.undo ? { role: "button" } : {}) };
    this.item.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.item.hide();
    }, SAID_MS);
  }

  /** Of the last edit, also after the status bar has stopped to say it. */
  private async undo(): Promise<void> {
    if (this.last?.applied.undo !== true) {
      void say.info("Pillion: there is no edit to take back.");
      return;
    }
    const { job, applied } = this.last;
    const { undone, reason } = await this.pillion.execute<{ undone: boolean; reason?: string }>("pillion.undo", {
      job: job.id,
    });
    if (undone) {
      this.forget();
      window.setStatusBarMessage(`Pillion: taken back: ${withoutLinks(withoutIcons(plainTitle(job.title)))}`, DONE_MS);
    } else {
      this.item.hide();
      if (this.last.job.id === job.id) {
        this.last = { job, applied, stuck: true };
      }
      void say.warning(
        `Pillion: ${plainTitle(job.title)} can’t be taken back: ${reason ?? "the text was changed since."}`,
      );
    }
  }

  private forget(): void {
    this.last = undefined;
    clearTimeout(this.timer);
    this.item.hide();
    this.marks.clear();
  }
}

/** “applied: 12 lines · Undo”. */
export function appliedText({ lines, undo }: Pick<Applied, "lines" | "undo">): string {
  const what = lines === 0 ? "applied: lines removed" : `applied: ${counted(lines, "line")}`;
  return undo ? `${what} · Undo` : what;
}
