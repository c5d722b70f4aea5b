/** The reviews on the screen: takes in previews, which open, redraw and close their tabs. */

import { Uri, ViewColumn, window } from "vscode";
import type { Disposable } from "vscode";

import type { Pillion } from "../../pillion";
import type { Preview } from "../../protocol";
import { attempt } from "../attempt";
import { isOver } from "../jobs";
import { errorText } from "../../errorText";
import { ReviewContext } from "./context";
import { DraftDocuments, draftUri } from "./draftDocuments";
import type { HunkName } from "./hunkThreads";
import { InPlace, isSeenInPlace } from "./inPlace";
import { Lenses } from "./lenses";
import { sayHomeless, sayWaiting } from "./offers";
import type { Offer } from "./offers";
import { placement } from "./placement";
import { isInPlace, isOnScreen, isUpToDate, reviewed } from "./review";
import type { Review } from "./review";
import { hideReview, moveReview, openReview } from "./screen";
import type { Where } from "./screen";
import { closeTabs, tabOfJob } from "./tabs";

const MOST_FAILURES = 20;

export class Display implements Disposable {
  private readonly documents = new DraftDocuments();
  private readonly lenses: Lenses;
  private readonly inPlace: InPlace;
  private readonly context: ReviewContext;
  private typedAtMs = -Infinity;

  /** `show` is called if the user asks to see the draft after all. */
  constructor(
    private readonly pillion: Pillion,
    private readonly reviews: ReadonlyMap<string, Review>,
    private readonly show: (id: string) => Promise<void>,
  ) {
    this.lenses = new Lenses((id) => {
      const review = this.reviews.get(id);
      return review === undefined ? undefined : reviewed(review);
    });
    this.inPlace = new InPlace(reviews);
    this.context = new ReviewContext(() => this.open);
  }

  /** The reviews on screen; the one opened last is last. */
  get open(): Review[] {
    return [...this.reviews.values()].filter((review) => review.view === "open" || isSeenInPlace(review));
  }

  /** The hunk that a command without words means: that of a thread's button, or that at the cursor. */
  hunkMeant(thread: unknown): HunkName | undefined {
    if (typeof thread === "object" && thread !== null) {
      return this.inPlace.nameOf(thread);
    }
    const editor = window.activeTextEditor;
    const uri = editor?.document.uri.toString();
    const review = this.open.findLast((each) => isInPlace(each) && Uri.parse(each.job.uri).toString() === uri);
    if (editor === undefined || review === undefined) {
      return undefined;
    }
    const hunk = this.inPlace.hunkAt(review, editor.selection.active.line);
    return hunk === undefined ? undefined : { job: review.job.id, hunk };
  }

  private get isBusy(): boolean {
    return [...this.reviews.values()].some((review) => isOnScreen(review) && !isOver(review.job));
  }

  /** The user typed: a review that opens now must not take the place. */
  typed(): void {
    this.typedAtMs = Date.now();
  }

  /** A preview came; `null`: there is nothing to see. `asOffered`: the job was on offer when it was asked for. */
  take(review: Review, preview: Preview | null, asOffered: boolean): void {
    if (review.view === "hidden") {
      return;
    }
    if (preview !== null) {
      this.put(review, preview);
      if (isInPlace(review) && isUpToDate(review) && !this.inPlace.showsAll(review)) {
        review.view = "wanted";
      }
      // The size of an edit of fields or names is known only once it is complete; then it may need no tab of its own.
      if (review.view === "wanted" && (asOffered || !["fields", "names"].includes(review.job.output))) {
        void this.present(review);
      }
    } else if (asOffered) {
      const isNew = !review.homeless;
      this.evict(review);
      if (isNew && !isOnScreen(review)) {
        void attempt(this.pillion, "telling of a draft", () => this.tellHomeless(review));
      }
    }
  }

  /** Nothing else comes from a job on offer that would lead to another preview, and without one it can't be accepted. */
  askAgain(review: Review): void {
    if (review.job.state !== "offered" || review.view === "hidden") {
      return;
    }
    review.failures += 1;
    if (review.failures <= MOST_FAILURES) {
      review.poller.request();
    } else if (review.view === "wanted") {
      this.setAside(review);
    }
  }

  put(review: Review, preview: Preview): void {
    review.preview = preview;
    review.homeless = false;
    if (isUpToDate(review)) {
      review.failures = 0;
    } else {
      this.askAgain(review);
    }
    if (isOnScreen(review)) {
      this.documents.set(review.uri, preview);
    }
    this.redraw(review);
  }

  /** The document has no place for it. What is typed may give it one again: then it is shown as if it had always had it. */
  evict(review: Review): void {
    review.homeless = true;
    if (review.preview !== undefined) {
      review.preview = { ...review.preview, complete: false };
    }
    this.redraw(review);
  }

  async tellHomeless(review: Review): Promise<void> {
    await sayHomeless(this.pillion, this.offerOf(review));
  }

  async openTab(review: Review, where: Where): Promise<void> {
    await openReview(review, this.documents, where);
    this.update();
    // The job may have gone on while the tab opened.
    if (this.reviews.get(review.job.id) !== review) {
      await this.close(review);
    } else {
      this.keepTitle(review);
      if (!isUpToDate(review)) {
        this.askAgain(review);
      }
    }
  }

  /** Makes the title show the job's state; for this the document moves to another URI. */
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

  redraw(review: Review): void {
    this.lenses.refresh(reviewed(review));
    this.update();
  }

  update(): void {
    this.inPlace.redraw();
    this.context.update();
  }

  hide(review: Review): void {
    hideReview(review, this.documents);
  }

  drop(review: Review): void {
    this.documents.drop(review.uri);
    this.update();
  }

  async close(review: Review): Promise<void> {
    this.drop(review);
    await closeTabs(review.job.id);
  }

  dispose(): void {
    this.lenses.dispose();
    this.inPlace.dispose();
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

  private async present(review: Review): Promise<void> {
    if (this.inPlace.fits(review)) {
      review.view = "inPlace";
      this.update();
      return;
    }
    if (this.inPlace.waits(review)) {
      this.update();
      return;
    }
    if (this.isBusy) {
      // One at a time: a second one would cover the first. The menu leads to it.
      if (review.job.state === "offered") {
        this.setAside(review);
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
      this.setAside(review);
    }
  }

  /** It isn't on the screen, and the user is told that it waits. */
  private setAside(review: Review): void {
    review.view = "hidden";
    void attempt(this.pillion, "announcing a draft", () => sayWaiting(this.offerOf(review)));
  }

  private offerOf({ job }: Review): Offer {
    return {
      job,
      isOpen: () => this.reviews.get(job.id)?.job.state === "offered",
      show: () => this.show(job.id),
    };
  }
}
