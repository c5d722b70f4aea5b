/** The words of a review. */

import type { Job, JobState } from "../../protocol";
import { fileName, findingsText, withoutIcons } from "../words";

/** What a title tells apart. Each has a title of its own, so there are few. */
export type Stage = "drafting" | "waiting" | "refused" | "cancelled" | "failed";

const STAGES: Readonly<Record<JobState, Stage>> = {
  queued: "drafting",
  drafting: "drafting",
  auditing: "drafting",
  ready: "drafting",
  applied: "waiting",
  offered: "waiting",
  refused: "refused",
  cancelled: "cancelled",
  failed: "failed",
};

const PHRASES: Readonly<Record<Stage, string>> = {
  drafting: " (drafting…)",
  waiting: "",
  refused: " (refused)",
  cancelled: " (cancelled)",
  failed: " (failed)",
};

export function stageOf(job: Pick<Job, "state">): Stage {
  return STAGES[job.state];
}

/** “shop.py ↔ Pillion: Implement area (drafting…)”. */
export function reviewTitle(job: Pick<Job, "state" | "title" | "uri">): string {
  const name = fileName(decodeURIComponent(job.uri));
  return `${name} ↔ ${job.title}${PHRASES[stageOf(job)]}`;
}

export interface LensText {
  readonly title: string;
  readonly command: "pillion.acceptDraft" | "pillion.rejectDraft" | "";
}

const MOST_CHARACTERS = 60;
const ACCEPT: LensText = { title: "✓ Accept", command: "pillion.acceptDraft" };
const REJECT: LensText = { title: "✗ Reject", command: "pillion.rejectDraft" };

/** What stands above the changed lines; `ready`: all of the draft is there, and has a place if it isn't `homeless`. */
export function lensTexts(
  job: Job,
  { ready, homeless }: { readonly ready: boolean; readonly homeless: boolean },
): LensText[] {
  const found = findingsText(job);
  const stage = stageOf(job);
  if (stage === "waiting") {
    const reason = homeless ? "what it would change isn’t in the document now" : short(job.reason);
    return [...(ready ? [ACCEPT] : []), REJECT, ...info([found, reason])];
  }
  if (stage === "drafting") {
    const doing = job.state === "auditing" ? "auditing…" : "drafting…";
    return [REJECT, ...info([doing, found])];
  }
  return [{ title: "✗ Close", command: "pillion.rejectDraft" }, ...info([stage, found, short(job.reason)])];
}

/** A lens doesn't wrap: who wants all of a long reason finds it in the menu. */
function short(reason = ""): string {
  const words = reason.replace(/\.$/, "");
  return words.length > MOST_CHARACTERS ? `${words.slice(0, MOST_CHARACTERS - 1).trimEnd()}…` : words;
}

function info(parts: readonly string[]): LensText[] {
  const title = withoutIcons(parts.filter(Boolean).join(" · "));
  return title === "" ? [] : [{ title, command: "" }];
}
