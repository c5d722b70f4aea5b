/** Answers in words: kept as they stream, and shown rendered in a view below the code. */

import type { Pillion } from "../pillion";
import type { DraftDelta, Job } from "../protocol";
import type { ShownAnswer } from "./answerPage";
import { AnswerView } from "./answerView";
import { attempt, command } from "./attempt";
import { ContextKeys } from "./contextKeys";
import type { Disposes } from "./disposes";
import { isOver } from "./jobs";
import type { JobBook } from "./jobs";
import { withoutThoughts } from "./prose";
import { Throttle } from "./throttle";
import { plainTitle } from "./words";

/** Documents in which the words of models stand: no link provider knows them, so nothing there leads or runs anything. */
export const ANSWER_LANGUAGE = "pillion-answer";
/** The scheme of tabs of an older version. */
export const ANSWER_SCHEME = "pillion-answer";
const GAP_MS = 100;
const KEPT = 10;

interface Answer {
  job: Job;
  raw: string;
}

export class Answers implements Disposes {
  /** Oldest first. */
  private readonly answers = new Map<string, Answer>();
  private readonly view: AnswerView;
  private readonly refresh: Throttle;
  private readonly subscriptions: Disposes[];

  constructor(
    private readonly pillion: Pillion,
    private readonly jobs: JobBook,
  ) {
    this.view = new AnswerView(new ContextKeys(), () => this.shown());
    this.refresh = new Throttle(GAP_MS, () => void attempt(pillion, "showing an answer", () => this.view.refresh()));
    this.subscriptions = [
      this.view,
      pillion.onDraft((delta) => {
        this.take(delta);
      }),
      jobs.onChange(({ job }) => {
        this.follow(job);
      }),
      command(pillion, "pillion.closeAnswer", () => this.view.close()),
    ];
  }

  dispose(): void {
    this.refresh.dispose();
    this.subscriptions.forEach((each) => void each.dispose());
  }

  private take({ id, text }: DraftDelta): void {
    const job = this.jobs.get(id);
    if (job?.output !== "prose") {
      return;
    }
    this.answerOf(job).raw += text;
    this.refresh.request();
  }

  private follow(job: Job): void {
    const known = this.answers.get(job.id);
    if (known === undefined && job.prose === undefined) {
      return;
    }
    const answer = known ?? this.answerOf(job);
    if (job.endpoint !== answer.job.endpoint) {
      // Another endpoint starts over.
      answer.raw = "";
    }
    answer.job = job;
    this.refresh.request();
  }

  /** A new answer shows the view; if the user closed it while the answer was written, it stays closed. */
  private answerOf(job: Job): Answer {
    const known = this.answers.get(job.id);
    if (known !== undefined) {
      return known;
    }
    const answer = { job, raw: "" };
    this.answers.set(job.id, answer);
    const over = [...this.answers.values()].filter((each) => isOver(each.job));
    for (const old of over.slice(0, Math.max(0, this.answers.size - KEPT))) {
      this.answers.delete(old.job.id);
    }
    void attempt(this.pillion, "showing an answer", () => this.view.show());
    return answer;
  }

  /** As the page shows them: the newest first. */
  private async shown(): Promise<ShownAnswer[]> {
    const { htmlOf } = await import("./markdown");
    return [...this.answers.values()].reverse().map(({ job, raw }) => {
      // What streamed is exact; the server's last word has marks that keep other viewers of Markdown from following links.
      const { text, thinking } = withoutThoughts(raw === "" ? (job.prose ?? "") : raw);
      return {
        id: job.id,
        title: plainTitle(job.title),
        html: htmlOf(text),
        note: noteOf(job, thinking),
        busy: !isOver(job),
      };
    });
  }
}

function noteOf(job: Job, thinking: boolean): string {
  const engine = job.endpoint ?? "";
  if (isOver(job)) {
    // A user who cancelled it needs no reason, but the text may be incomplete.
    const why = job.reason ?? (job.state === "cancelled" ? "cancelled" : "");
    return [engine, why].filter(Boolean).join(" · ");
  }
  return `${engine || "Pillion"} ${thinking ? "is thinking…" : "is writing…"}`;
}
