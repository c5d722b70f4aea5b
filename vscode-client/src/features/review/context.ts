/** The context keys that buttons and key bindings of reviews depend on. */

import { Uri } from "vscode";

import type { Job, Preview } from "../../protocol";
import { ContextKeys } from "../contextKeys";
import { fileOfActiveTab, jobOfActiveTab } from "./tabs";

interface OpenReview {
  readonly job: Job;
  readonly preview: Preview | undefined;
  readonly view?: string;
}

/** Whether the whole draft is on the screen, so that accepting it gives what the user sees. */
export function isReady({ job, preview }: OpenReview): boolean {
  return job.state === "offered" && preview?.complete === true;
}

/** The review for a command without an argument: that in the active tab, else the one opened last. */
export function current<T extends OpenReview>(open: readonly T[]): T | undefined {
  return active(open) ?? open.at(-1);
}

/** The review that the user looks at: its tab has the focus, or the document in which it is shown. */
function active<T extends OpenReview>(open: readonly T[]): T | undefined {
  const job = jobOfActiveTab();
  const file = fileOfActiveTab()?.toString();
  const inFile = ({ view, job: { uri } }: T): boolean => view === "inPlace" && Uri.parse(uri).toString() === file;
  return open.find((review) => review.job.id === job) ?? open.findLast(inFile);
}

export class ReviewContext {
  private readonly keys = new ContextKeys();

  constructor(private readonly open: () => readonly OpenReview[]) {}

  update(): void {
    const open = this.open();
    this.keys.set("pillion.reviewing", open.length > 0);
    const review = current(open);
    this.keys.set("pillion.reviewReady", review !== undefined && isReady(review));
    this.keys.set("pillion.reviewActive", active(open) !== undefined);
  }
}
