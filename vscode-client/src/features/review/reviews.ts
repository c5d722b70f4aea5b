/** Drafts on screen, from the first line that came until the user has decided. */

import { Uri, ViewColumn, window, workspace } from "vscode";
import type { Disposable } from "vscode";

import type { Pillion } from "../../pillion";
import type { Job, Preview } from "../../protocol";
import { say } from "../../say";
import { attempt } from "../attempt";
import { isOver } from "../jobs";
import type { JobBook } from "../jobs";
import { errorText, plainTitle } from "../words";
import { ReviewContext } from "./context";
import { DraftDocuments, draftUri } from "./draftDocuments";
import { Lenses } from "./lenses";
import { placement } from "./placement";
import { Poller } from "./poller";
import { isOnScreen, reviewed, wantsReview } from "./review";
import type { Review } from "./review";
import { hideReview, moveReview, openReview } from "./screen";
import type { Where } from "./screen";
import { closeTabs, jobOfTab, tabOfJob } from "./tabs";

const REVIEW = "Review";

const MOST_FAILURES = 20;

/** A diff of a large document keeps the editor busy: one of 400,000 characters is shown once a second. */
const SHOWN_CHARACTERS_PER_MS = 400;

export class Reviews implements Disposable {
  private readonly reviews = new Map<string, Review>();
  private readonly documents = new DraftDocuments();
  private readonly lenses: Lenses;
  private readonly context: ReviewContext;
  private readonly subscriptions: Disposable[];
  private typedAtMs = -Infinity;

  constructor(
    private readonly pillion: Pillion,
    private readonly jobs: JobBook,
  ) {
    this.lenses = new Lenses((id) => {
      const review = this.reviews.get(id);
      return review === undefined ? undefined : reviewed(review);
    });
    this.context = new ReviewContext(() => this.open);
    this.subscriptions = [
      jobs.onChange(({ job, startedAtMs }) => {
        this.follow(job, startedAtMs);
      }),
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        closed.forEach((tab) => {
          this.tabClosed(jobOfTab(tab));
        });
        // One that was behind another tab could not change its title.
        this.open.forEach((review) => {
          this.keepTitle(review);
        });
        this.context.update();
      }),
      window.tabGroups.onDidChangeTabGroups(() => {
        this.context.update();
      }),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === "file" || document.uri.scheme === "untitled") {
          this.typedAtMs = Date.now();
          this.refreshReviewsOf(document.uri);
        }
      }),
    ];
  }

  /** Those on screen; the one opened last is last. */
  get open(): Review[] {
    return [...this.reviews.values()].filter((review) => review.view === "open");
  }

  private get isBusy(): boolean {
    return [...this.reviews.values()].some((review) => isOnScreen(review) && !isOver(review.job));
  }

  get(id: string): Review | undefined {
    return this.reviews.get(id);
  }

  /** The user wants to see a draft. */
  async show(id: string): Promise<void> {
    const job = this.jobs.get(id);
    if (job === undefined || isOver(job)) {
      void say.info("Pillion: this draft is no longer on offer.");
      return;
    }
    const review = this.reviews.get(id) ?? this.begin(job, 0);
    const preview = await this.pillion.execute<Preview | null>("pillion.preview", { job: id });
    if (preview === null) {
      void say.info("Pillion: there is nothing to show yet.");
      return;
    }
    this.put(review, preview);
    await this.openTab(review, { column: ViewColumn.Active, preserveFocus: false });
  }

  /** The review is over: its tab goes, and nothing of it is kept. */
  async end(review: Review): Promise<void> {
    review.poller.dispose();
    this.reviews.delete(review.job.id);
    await this.close(review);
    this.context.update();
  }

  /** Has the title say what the job's state is; the document moves to another URI for it. */
  keepTitle(review: Review): void {
    const uri = draftUri(review.job);
    const fits = uri.toString() === review.uri.toString();
    const busy = review.deciding || review.retitling || review.view === "opening";
    if (fits || busy || this.reviews.get(review.job.id) !== review) {
      return;
    }
    if (review.view !== "open") {
      review.uri = uri;
    } else if (tabOfJob(review.job.id)?.isActive === true) {
      void attempt(this.pillion, "retitling a review", () => this.retitle(review, uri));
    }
  }

  dispose(): void {
    this.subscriptions.forEach((each) => void each.dispose());
    this.reviews.forEach((review) => {
      review.poller.dispose();
    });
    this.lenses.dispose();
    this.documents.dispose();
  }

  private async retitle(review: Review, uri: Uri): Promise<void> {
    await moveReview(review, this.documents, uri);
    // The job may have gone on.
    if (this.reviews.get(review.job.id) === review) {
      this.keepTitle(review);
    } else {
      await this.close(review);
    }
  }

  private async close(review: Review): Promise<void> {
    this.documents.drop(review.uri);
    await closeTabs(review.job.id);
  }

  private follow(job: Job, startedAtMs: number): void {
    const known = this.reviews.get(job.id);
    if (known === undefined && !wantsReview(job)) {
      return;
    }
    const review = known ?? this.begin(job, startedAtMs);
    review.job = job;
    if (job.state === "applied") {
      if (!review.deciding) {
        void attempt(this.pillion, "closing a review", () => this.end(review));
      }
      return;
    }
    if (isOver(job) && review.view !== "open") {
      review.poller.dispose();
      this.reviews.delete(job.id);
      this.documents.drop(review.uri);
      return;
    }
    this.keepTitle(review);
    if (!isOver(job) && review.view !== "hidden") {
      review.poller.request();
    }
    this.lenses.refresh(reviewed(review));
    this.context.update();
  }

  private begin(job: Job, startedAtMs: number): Review {
    const poller = new Poller<Preview | null>({
      ask: () => this.pillion.execute<Preview | null>("pillion.preview", { job: job.id }),
      take: (preview) => {
        this.take(job.id, preview);
        return (preview?.text.length ?? 0) / SHOWN_CHARACTERS_PER_MS;
      },
      fail: (error) => {
        this.pillion.log.debug(`no preview of ${job.id}: ${errorText(error)}`);
        this.askAgain(job.id);
      },
    });
    const review: Review = {
      job,
      startedAtMs,
      uri: draftUri(job),
      preview: undefined,
      view: "wanted",
      deciding: false,
      retitling: false,
      failures: 0,
      poller,
    };
    this.reviews.set(job.id, review);
    return review;
  }

  private take(id: string, preview: Preview | null): void {
    const review = this.reviews.get(id);
    if (review === undefined || preview === null || review.view === "hidden") {
      return;
    }
    this.put(review, preview);
    if (review.view === "wanted") {
      void this.present(review);
    }
  }

  /** Nothing else comes from a job on offer that would lead to another preview, and without one it can't be accepted. */
  private askAgain(id: string): void {
    const review = this.reviews.get(id);
    if (review?.job.state === "offered" && review.view !== "hidden" && review.failures < MOST_FAILURES) {
      review.failures += 1;
      review.poller.request();
    }
  }

  private async present(review: Review): Promise<void> {
    if (this.isBusy) {
      // One at a time: a second one would cover the first. The menu leads to it.
      if (review.job.state === "offered") {
        review.view = "hidden";
        this.announce(review.job);
      }
      return;
    }
    const active = window.activeTextEditor?.document.uri.toString();
    const column = placement({
      nowMs: Date.now(),
      startedAtMs: review.startedAtMs,
      typedAtMs: this.typedAtMs,
      inSameEditor: active === Uri.parse(review.job.uri).toString(),
    });
    try {
      const viewColumn = column === "active" ? ViewColumn.Active : ViewColumn.Beside;
      await this.openTab(review, { column: viewColumn, preserveFocus: true });
    } catch (error) {
      this.pillion.log.warn(`the review can't be opened: ${errorText(error)}`);
      this.announce(review.job);
    }
  }

  private put(review: Review, preview: Preview): void {
    review.preview = preview;
    review.failures = 0;
    if (isOnScreen(review)) {
      this.documents.set(review.uri, preview);
    }
    this.lenses.refresh(reviewed(review));
    this.context.update();
  }

  private async openTab(review: Review, where: Where): Promise<void> {
    await openReview(review, this.documents, where);
    this.context.update();
    // The job may have gone on while the tab opened.
    if (this.reviews.get(review.job.id) !== review) {
      await this.close(review);
    } else {
      this.keepTitle(review);
    }
  }

  /** What the user types beside a review is part of what it would become. */
  private refreshReviewsOf(uri: Uri): void {
    for (const review of this.open) {
      if (!isOver(review.job) && !review.deciding && Uri.parse(review.job.uri).toString() === uri.toString()) {
        review.poller.request();
      }
    }
  }

  private tabClosed(id: string | undefined): void {
    const review = id === undefined ? undefined : this.reviews.get(id);
    // A review under a new title closes the tab of the old one.
    if (review === undefined || !isOnScreen(review) || tabOfJob(review.job.id) !== undefined) {
      return;
    }
    hideReview(review, this.documents);
    if (isOver(review.job)) {
      void attempt(this.pillion, "closing a review", () => this.end(review));
    }
  }

  private announce(job: Job): void {
    const words = `Pillion: ${plainTitle(job.title)} waits for your review.`;
    void attempt(this.pillion, "announcing a draft", async () => {
      if ((await say.info(words, REVIEW)) === REVIEW) {
        await this.show(job.id);
      }
    });
  }
}
