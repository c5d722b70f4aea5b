/** The reviews of drafts, from the first line that came until the user has decided. */

import { Uri, ViewColumn, window, workspace } from "vscode";
import type { Disposable } from "vscode";

import type { Pillion } from "../../pillion";
import { FINAL_STATES } from "../../protocol";
import type { Job, Preview } from "../../protocol";
import { say } from "../../say";
import { attempt } from "../attempt";
import { isOver } from "../jobs";
import type { JobBook } from "../jobs";
import { errorText } from "../../errorText";
import { Display } from "./display";
import { draftUri } from "./draftDocuments";
import type { HunkName } from "./hunkThreads";
import { Poller } from "./poller";
import { isOnScreen, wantsReview } from "./review";
import type { Review } from "./review";
import { jobOfTab, tabOfJob } from "./tabs";

/** A diff of a large document keeps the editor busy: one of 400,000 characters is shown once a second. */
const SHOWN_CHARACTERS_PER_MS = 400;

export class Reviews implements Disposable {
  private readonly reviews = new Map<string, Review>();
  private readonly display: Display;
  private readonly subscriptions: Disposable[];
  /** The jobs whose drafts the user rejected before they were on offer. */
  private readonly unwanted = new Set<string>();

  constructor(
    private readonly pillion: Pillion,
    private readonly jobs: JobBook,
  ) {
    this.display = new Display(pillion, this.reviews, (id) => this.show(id));
    this.subscriptions = [
      jobs.onChange(({ job, startedAtMs }) => {
        this.follow(job, startedAtMs);
      }),
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        closed.forEach((tab) => {
          this.tabClosed(jobOfTab(tab));
        });
        // A review behind another tab could not change its title.
        this.open.forEach((review) => {
          this.display.keepTitle(review);
        });
        this.display.update();
      }),
      window.tabGroups.onDidChangeTabGroups(() => {
        this.display.update();
      }),
      workspace.onDidOpenTextDocument(({ uri }) => {
        this.refreshReviewsOf(uri);
      }),
      workspace.onDidChangeTextDocument(({ document: { uri } }) => {
        if (uri.scheme === "file" || uri.scheme === "untitled") {
          this.display.typed();
          this.refreshReviewsOf(uri);
        }
      }),
    ];
  }

  /** The reviews on screen; the one opened last is last. */
  get open(): Review[] {
    return this.display.open;
  }

  get(id: string): Review | undefined {
    return this.reviews.get(id);
  }

  /** The hunk that a command means; see Display. */
  hunkMeant(thread: unknown): HunkName | undefined {
    return this.display.hunkMeant(thread);
  }

  /** The user wants to see a draft. */
  async show(id: string): Promise<void> {
    const job = this.jobs.get(id);
    if (job === undefined || isOver(job)) {
      void say.info("Pillion: this draft is no longer on offer.");
      return;
    }
    const review = this.reviews.get(id) ?? this.begin(job, 0);
    const preview = await this.previewOf(job);
    if (preview === null) {
      this.display.evict(review);
      await this.display.tellHomeless(review);
      return;
    }
    this.display.put(review, preview);
    await this.display.openTab(review, { column: ViewColumn.Active, preserveFocus: false });
  }

  /** The user rejects a draft that isn't on offer yet; it may come on offer at this moment. */
  async withdraw({ job: { id } }: Review): Promise<void> {
    this.unwanted.add(id);
    await this.pillion.execute("pillion.cancel", { job: id });
  }

  /** The review is over: its tab closes, and nothing of it is kept. */
  async end(review: Review): Promise<void> {
    review.poller.dispose();
    this.reviews.delete(review.job.id);
    await this.display.close(review);
    this.display.update();
  }

  /** After a decision: the job may have gone on meanwhile. */
  keepTitle(review: Review): void {
    this.display.keepTitle(review);
  }

  dispose(): void {
    this.subscriptions.forEach((each) => void each.dispose());
    this.reviews.forEach((review) => {
      review.poller.dispose();
    });
    this.display.dispose();
  }

  private follow(job: Job, startedAtMs: number): void {
    if (this.unwanted.has(job.id)) {
      this.turnDown(job);
      return;
    }
    const known = this.reviews.get(job.id);
    if (known === undefined && !wantsReview(job)) {
      return;
    }
    const review = known ?? this.begin(job, startedAtMs);
    review.job = job;
    if (job.state === "applied") {
      this.display.update();
      if (!review.deciding) {
        void attempt(this.pillion, "closing a review", () => this.end(review));
      }
      return;
    }
    if (isOver(job) && review.view !== "open") {
      review.poller.dispose();
      this.reviews.delete(job.id);
      this.display.drop(review);
      return;
    }
    this.display.keepTitle(review);
    if (!isOver(job) && review.view !== "hidden") {
      review.poller.request();
    }
    this.display.redraw(review);
  }

  private turnDown({ id, state }: Job): void {
    if (state === "offered") {
      this.unwanted.delete(id);
      void attempt(this.pillion, "rejecting a draft", () => this.pillion.execute("pillion.reject", { job: id }));
    } else if (FINAL_STATES.has(state)) {
      this.unwanted.delete(id);
    }
  }

  private begin(job: Job, startedAtMs: number): Review {
    let asOffered = false;
    const poller = new Poller<Preview | null>({
      ask: () => {
        asOffered = review.job.state === "offered";
        return this.pillion.execute<Preview | null>("pillion.preview", { job: job.id });
      },
      take: (preview) => {
        this.display.take(review, preview, asOffered);
        return (preview?.text.length ?? 0) / SHOWN_CHARACTERS_PER_MS;
      },
      fail: (error) => {
        this.pillion.log.debug(`no preview of ${job.id}: ${errorText(error)}`);
        this.display.askAgain(review);
      },
    });
    const review: Review = {
      job,
      startedAtMs,
      uri: draftUri(job),
      preview: undefined,
      homeless: false,
      view: "wanted",
      deciding: false,
      retitling: false,
      failures: 0,
      poller,
    };
    this.reviews.set(job.id, review);
    return review;
  }

  /** The preview that the user asks for; null if there is none, perhaps because the file is missing. */
  private async previewOf(job: Job): Promise<Preview | null> {
    try {
      // For a closed file the server only knows the text at the job's start.
      await workspace.openTextDocument(Uri.parse(job.uri));
    } catch (error) {
      this.pillion.log.debug(`no preview of ${job.id}: ${errorText(error)}`);
      return null;
    }
    return this.pillion.execute<Preview | null>("pillion.preview", { job: job.id });
  }

  /** The user's typing beside a review becomes part of its preview. */
  private refreshReviewsOf(uri: Uri): void {
    for (const review of this.reviews.values()) {
      const shown = review.view !== "hidden" && !isOver(review.job) && !review.deciding;
      if (shown && Uri.parse(review.job.uri).toString() === uri.toString()) {
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
    this.display.hide(review);
    if (isOver(review.job)) {
      void attempt(this.pillion, "closing a review", () => this.end(review));
    }
  }
}
