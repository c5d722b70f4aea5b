/** One draft's review: its state, and what the user sees of it. */

import { Uri, workspace } from "vscode";

import type { Job, Preview } from "../../protocol";
import { isReady } from "./context";
import { fixesOf } from "./fixes";
import type { Reviewed } from "./lenses";
import type { Poller } from "./poller";

export interface Review {
  job: Job;
  readonly startedAtMs: number;
  /** Where its document is now. */
  uri: Uri;
  preview: Preview | undefined;
  /** The text that it would change isn't in the document any more. */
  homeless: boolean;
  /** `hidden`: the user closed it, or it can't be shown without being in the way. `inPlace`: it has no tab of its own. */
  view: "wanted" | "opening" | "open" | "inPlace" | "hidden";
  /** A click that is being carried out. */
  deciding: boolean;
  /** It is being reopened under another title. */
  retitling: boolean;
  /** How often no preview came. */
  failures: number;
  readonly poller: Poller<Preview | null>;
}

export function wantsReview(job: Job): boolean {
  const drafted = job.state === "drafting" || job.state === "auditing" || job.state === "ready";
  return job.state === "offered" || (job.review && drafted && job.prose === undefined);
}

/** Whether accepting gives what is shown: the whole draft, in the document as it is at this moment. */
export function isUpToDate(review: Review): boolean {
  const uri = Uri.parse(review.job.uri).toString();
  const document = workspace.textDocuments.find((each) => each.uri.toString() === uri);
  return isReady(review) && review.preview?.version === document?.version;
}

/** Whether it is shown in the document that it would change. */
export function isInPlace({ view }: Review): boolean {
  return view === "inPlace";
}

/** Whether it has a tab. */
export function isOnScreen({ view }: Review): boolean {
  return view === "open" || view === "opening";
}

export function reviewed(review: Review): Reviewed {
  const { job, homeless, preview } = review;
  const fixes = fixesOf(preview?.diagnostics ?? []);
  return { job, ready: isReady(review), homeless, fixes, line: preview?.changed.start.line ?? 0 };
}
