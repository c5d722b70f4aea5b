/** The edits that were refused, until the user dismisses them or the same thing succeeds at the same place. */

import { EventEmitter } from "vscode";
import type { Disposable, Event } from "vscode";

import type { Pillion } from "../pillion";
import type { Attempt, Job, Refused, Tier } from "../protocol";
import type { JobBook } from "./jobs";
import { shortened } from "./words";

const MOST = 20;
const NO_REASON = "the draft can’t be used.";

/** What a job and its next try have in common. */
interface Goal {
  readonly action: string;
  readonly uri: string;
  readonly title: string;
}

interface Known {
  readonly refused: Refused;
  readonly goal: Goal;
  /** The user has looked at the refusal, or done something about it. */
  seen: boolean;
}

export class Refusals implements Disposable {
  private readonly known = new Map<string, Known>();
  /** Jobs that try again, each with its refused job. */
  private readonly retries = new Map<string, string>();
  private readonly news = new EventEmitter<Refused>();
  private readonly changed = new EventEmitter<void>();
  private readonly subscriptions: Disposable[];

  /** Once for each edit that the server refused. */
  readonly onRefused: Event<Refused> = this.news.event;
  readonly onChange: Event<void> = this.changed.event;

  constructor(
    private readonly pillion: Pillion,
    jobs: JobBook,
  ) {
    this.subscriptions = [
      jobs.onChange(({ job, was }) => {
        this.follow(job, was);
      }),
      // A new server process knows none of the old one's jobs, so none of them can be tried again.
      pillion.onServer(({ state }) => {
        if (state !== "running" && this.known.size > 0) {
          this.known.clear();
          this.retries.clear();
          this.changed.fire();
        }
      }),
    ];
  }

  /** Newest first. */
  get all(): Refused[] {
    return [...this.known.values()].map(({ refused }) => refused).reverse();
  }

  /** The refusals that the user hasn't looked at or acted on: their messages are soon gone. */
  get unseen(): Refused[] {
    return [...this.known.values()].filter(({ seen }) => !seen).map(({ refused }) => refused);
  }

  /** The user looks at a refusal. */
  look(job: string): void {
    const known = this.known.get(job);
    if (known?.seen === false) {
      known.seen = true;
      this.changed.fire();
    }
  }

  dismiss(job: string): void {
    if (this.known.delete(job)) {
      this.changed.fire();
    }
  }

  /** Tries again where the symbol is now: with a hint of the user's, or on another tier. */
  async retry(refused: Refused, how: { readonly instruction?: string; readonly tier?: Tier } = {}): Promise<void> {
    const { job } = await this.pillion.execute<{ job: string }>("pillion.retry", { job: refused.job, ...how });
    this.retries.set(job, refused.job);
    this.look(refused.job);
  }

  dispose(): void {
    this.subscriptions.forEach((each) => void each.dispose());
    this.news.dispose();
    this.changed.dispose();
  }

  private follow(job: Job, was: Job["state"] | undefined): void {
    // A draft that waits for the user could be used: the user decides about it.
    if (job.state === "applied" || job.state === "offered") {
      this.settle(job);
    } else if (job.state === "refused" && was !== "refused" && was !== "offered") {
      // An edit on offer was rejected by the user, who knows that.
      this.settle(job);
      this.take(job);
    }
  }

  private take(job: Job): void {
    const refused: Refused = {
      job: job.id,
      uri: job.uri,
      title: job.title,
      reason: job.reason ?? NO_REASON,
      ...(job.attempts === undefined ? {} : { attempts: job.attempts }),
      larger: job.larger ?? null,
      larger_tier: job.larger_tier ?? null,
      draft_file: job.draft_file ?? null,
    };
    this.known.set(job.id, { refused, goal: job, seen: false });
    for (const id of [...this.known.keys()].slice(0, Math.max(0, this.known.size - MOST))) {
      this.known.delete(id);
    }
    this.news.fire(refused);
    this.changed.fire();
  }

  /** The new edit settles earlier refusals at this place. */
  private settle(job: Job): void {
    const before = this.known.size;
    const earlier = this.retries.get(job.id);
    this.retries.delete(job.id);
    if (earlier !== undefined) {
      this.known.delete(earlier);
    }
    for (const [id, { goal }] of this.known) {
      if (goal.action === job.action && goal.uri === job.uri && goal.title === job.title) {
        this.known.delete(id);
      }
    }
    if (this.known.size !== before) {
      this.changed.fire();
    }
  }
}

/** Each attempt in a sentence: “gpu1 (small): it breaks the syntax.” */
export function attemptLines({ attempts, reason }: Pick<Refused, "attempts" | "reason">): string[] {
  const lines = (attempts ?? []).map(attemptLine);
  return lines.length > 0 ? lines : [reason];
}

/** The same in few words, for a message or a row; a reason that several attempts share appears once. */
export function refusalText(refused: Pick<Refused, "attempts" | "reason">, mostEach = 160): string {
  const counts = new Map<string, number>();
  for (const line of attemptLines(refused)) {
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const times = (count: number): string => (count === 1 ? "" : count === 2 ? " (twice)" : ` (${count} times)`);
  return [...counts].map(([line, count]) => shortened(line, mostEach) + times(count)).join(" · ");
}

function attemptLine({ endpoint, model, reason }: Attempt): string {
  const who = endpoint === null ? "" : model === null ? `${endpoint}: ` : `${endpoint} (${model}): `;
  return `${who}${reason}`;
}
