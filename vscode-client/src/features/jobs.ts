/** The jobs that the server has reported in this session. */

import { EventEmitter } from "vscode";
import type { Disposable, Event } from "vscode";

import { FINAL_STATES } from "../protocol";
import type { Job, JobState } from "../protocol";
import type { Pillion } from "../pillion";

const KEPT_ENDED_JOBS = 50;

/** Whether a job is over: there is no more news of it. An answer in words ends as `ready`. */
export function isOver(job: Job): boolean {
  return FINAL_STATES.has(job.state) || (job.state === "ready" && job.prose !== undefined);
}

export interface KnownJob {
  readonly job: Job;
  readonly startedAtMs: number;
  /** The state before this news. */
  readonly was: JobState | undefined;
}

export class JobBook implements Disposable {
  private readonly known = new Map<string, KnownJob>();
  private readonly changed = new EventEmitter<KnownJob>();
  private readonly subscriptions: Disposable[];

  /** Fires after the book is up to date. */
  readonly onChange: Event<KnownJob> = this.changed.event;

  constructor(pillion: Pillion, now: () => number = Date.now) {
    this.subscriptions = [
      pillion.onJob((job) => {
        const before = this.known.get(job.id);
        const entry = { job, startedAtMs: before?.startedAtMs ?? now(), was: before?.job.state };
        this.known.set(job.id, entry);
        this.forgetOldest();
        this.changed.fire(entry);
      }),
      // A new server process knows none of the old one's jobs.
      pillion.onServer((status) => {
        if (status.state !== "running") {
          this.endAll();
        }
      }),
    ];
  }

  get(id: string): Job | undefined {
    return this.known.get(id)?.job;
  }

  /** The jobs that are not over, oldest first. Edits on offer are among them. */
  get open(): Job[] {
    return [...this.known.values()].map((entry) => entry.job).filter((job) => !isOver(job));
  }

  dispose(): void {
    this.subscriptions.forEach((each) => void each.dispose());
    this.changed.dispose();
  }

  private endAll(): void {
    for (const job of this.open) {
      const ended: Job = { ...job, state: "cancelled", reason: "Pillion’s server stopped before this was done." };
      const entry = { job: ended, startedAtMs: this.known.get(job.id)?.startedAtMs ?? 0, was: job.state };
      this.known.set(job.id, entry);
      this.changed.fire(entry);
    }
  }

  private forgetOldest(): void {
    const ended = [...this.known.values()].filter((entry) => isOver(entry.job));
    for (const { job } of ended.slice(0, Math.max(0, ended.length - KEPT_ENDED_JOBS))) {
      this.known.delete(job.id);
    }
  }
}
