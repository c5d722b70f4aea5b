/** The context keys that buttons and key bindings of reviews depend on. */

import type { Job, Preview } from "../../protocol";
import { ContextKeys } from "../contextKeys";
import { jobOfActiveTab } from "./tabs";

interface OpenReview {
  readonly job: Job;
  readonly preview: Preview | undefined;
}

/** Whether all of a draft is on the screen, so that accepting it gives what the user sees. */
export function isReady({ job, preview }: OpenReview): boolean {
  return job.state === "offered" && preview?.complete === true;
}

/** The one that a command without an argument is about: that in the active tab, else the one opened last. */
export function current<T extends OpenReview>(open: readonly T[]): T | undefined {
  const active = jobOfActiveTab();
  return open.find((review) => review.job.id === active) ?? open.at(-1);
}

export class ReviewContext {
  private readonly keys = new ContextKeys();

  constructor(private readonly open: () => readonly OpenReview[]) {}

  update(): void {
    const open = this.open();
    const active = jobOfActiveTab();
    this.keys.set("pillion.reviewing", open.length > 0);
    const review = current(open);
    this.keys.set("pillion.reviewReady", review !== undefined && isReady(review));
    this.keys.set(
      "pillion.reviewActive",
      open.some((review) => review.job.id === active),
    );
  }
}
