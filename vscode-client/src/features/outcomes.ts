/** The messages about jobs that failed, or that something else than the user cancelled, and the user's options. */

import type { Pillion } from "../pillion";
import type { Job } from "../protocol";
import { say } from "../say";
import { attempt } from "./attempt";
import type { Disposes } from "./disposes";
import type { JobBook } from "./jobs";
import { openReadOnly } from "./readOnly";
import { plainTitle } from "./words";

interface Way {
  readonly title: string;
  readonly run: () => PromiseLike<unknown>;
}

/** The rest is done by commands that VS Code has, or the extension. */
export type RunCommand = (id: string, ...words: unknown[]) => PromiseLike<unknown>;

export class Outcomes implements Disposes {
  private readonly subscription: Disposes;

  constructor(
    private readonly pillion: Pillion,
    jobs: JobBook,
    private readonly run: RunCommand,
  ) {
    this.subscription = jobs.onChange(({ job, was }) => {
      // If the server is gone, another message says so, for all its jobs at once.
      if (job.state !== was && pillion.server.state === "running") {
        void attempt(pillion, "telling how a job ended", () => this.tell(job));
      }
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async tell(job: Job): Promise<void> {
    const { state, title, reason = "" } = job;
    if (state === "failed") {
      await this.offer(say.error, `Pillion: ${plainTitle(title)} failed: ${reason}`, this.waysAfterFailure(job));
    } else if (state === "cancelled" && reason !== "") {
      await this.offer(say.info, `Pillion: ${reason}`, this.waysToDraft(job));
    }
  }

  /** A message without a button is cut after its first line. */
  private async offer(show: typeof say.info, words: string, ways: readonly Way[]): Promise<void> {
    const titles = ways.length > 0 ? ways.map(({ title }) => title) : ["OK"];
    const pressed = await show(words, ...titles);
    await ways.find(({ title }) => title === pressed)?.run();
  }

  private waysAfterFailure(job: Job): Way[] {
    const again = { title: "Try Again", run: () => this.pillion.execute("pillion.retry", { job: job.id }) };
    const endpoints = { title: "Show Endpoints", run: () => this.run("pillion.showEndpoints") };
    const ways = job.about === "document" ? [] : job.about === "engines" ? [again, endpoints] : [again];
    return [...ways, ...this.waysToDraft(job)];
  }

  private waysToDraft({ draft_file: path }: Job): Way[] {
    return path === undefined ? [] : [{ title: "Show Draft", run: () => openReadOnly(path) }];
  }
}
