/** The words of a review. */

import type { Diagnostic, Position } from "vscode-languageserver-protocol";

import type { Hunk, Job, JobState } from "../../protocol";
import { fileName, findingsText, shortened } from "../words";
import { withoutIcons } from "../../harmless";

/** The cases that the words above a draft distinguish. */
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

/** Those of a draft that grows, and of one that waits, are the same: a tab behind another can't be given a new title. */
const PHRASES: Readonly<Record<Stage, string>> = {
  drafting: "",
  waiting: "",
  refused: " (refused)",
  cancelled: " (cancelled)",
  failed: " (failed)",
};

export function stageOf(job: Pick<Job, "state">): Stage {
  return STAGES[job.state];
}

/** “shop.py ↔ Pillion: Implement area (refused)”. */
export function reviewTitle(job: Pick<Job, "state" | "title" | "uri">): string {
  const name = fileName(decodeURIComponent(job.uri));
  return `${name} ↔ ${job.title}${PHRASES[stageOf(job)]}`;
}

export interface LensText {
  readonly title: string;
  readonly command:
    | "pillion.acceptDraft"
    | "pillion.rejectDraft"
    | "pillion.acceptHunk"
    | "pillion.rejectHunk"
    | "pillion.draftAgain"
    | "pillion.fixDraft"
    | "pillion.showDiff"
    | "pillion.showReason"
    | "";
  /** The hunk that it decides on. */
  readonly hunk?: string;
  /** What the command takes besides the job. */
  readonly finding?: string;
  readonly ways?: readonly Way[];
  /** The full text that the title has no room for. */
  readonly tooltip?: string;
}

/** One of the imports that settle a finding. */
export interface Way {
  readonly title: string;
  readonly import: string;
}

/** What can be fixed in the draft without a model: “Add the import: …”. */
export interface Fix {
  readonly title: string;
  readonly finding: string;
  /** Any one of them settles it; if there are several, the user chooses. */
  readonly ways: readonly Way[];
}

/** The server’s words for an edit that waits only because of a setting, which its user knows. */
const EVERY_EDIT = /^you review every edit\.?$/;
const MOST_CHARACTERS = 60;
const FITS_CHARACTERS = 20;
const ACCEPT: LensText = { title: "✓ Accept", command: "pillion.acceptDraft" };
const REJECT: LensText = { title: "✗ Reject", command: "pillion.rejectDraft" };

const AGAIN: LensText = { title: "↻ Again…", command: "pillion.draftAgain" };
const SHOW_DIFF: LensText = { title: "Show Diff", command: "pillion.showDiff" };

/** The parts of a review's state that its words depend on. */
export interface ReviewWords {
  readonly job: Job;
  /** The draft is complete, and has a place if it isn't `homeless`. */
  readonly ready: boolean;
  readonly homeless: boolean;
  readonly fixes: readonly Fix[];
  /** It is shown in its document. */
  readonly inPlace?: boolean;
  /** How many parts of it are decided on their own. */
  readonly hunks?: number;
}

/** The words above one of several changes that are decided on their own, with what was found in it. */
export function hunkLensTexts({ id, changes }: Hunk, diagnostics: readonly Diagnostic[]): LensText[] {
  const found = diagnostics.filter(({ range: { start } }) =>
    changes.some(({ written }) => !isBefore(start, written.start) && isBefore(start, written.end)),
  );
  return [
    { ...ACCEPT, command: "pillion.acceptHunk", hunk: id },
    { ...REJECT, command: "pillion.rejectHunk", hunk: id },
    ...info(found.map(({ message }) => (typeof message === "string" ? message : message.value))),
  ];
}

function isBefore(one: Position, other: Position): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}

/** The words above the changed lines. */
export function lensTexts({ job, ready, homeless, fixes, inPlace = false, hunks = 1 }: ReviewWords): LensText[] {
  const found = findingsText(job);
  const stage = stageOf(job);
  if (stage === "waiting") {
    const why = EVERY_EDIT.test(job.reason ?? "") ? "" : (job.reason ?? "");
    const reason = homeless ? "what it would change isn’t in the document now" : why;
    return [
      ...(ready ? [hunks > 1 ? { ...ACCEPT, title: `✓ All ${String(hunks)}` } : ACCEPT] : []),
      hunks > 1 ? { ...REJECT, title: "✗ All" } : REJECT,
      ...(ready ? [AGAIN] : []),
      ...(inPlace ? [SHOW_DIFF] : []),
      ...(ready ? fixes.map(fixText) : []),
      ...info([found, reason, job.endpoint === null ? "" : `by ${job.endpoint}`]),
    ];
  }
  if (stage === "drafting") {
    const doing = job.state === "auditing" ? "auditing…" : "drafting…";
    return [REJECT, ...(inPlace ? [SHOW_DIFF] : []), ...info([doing, found])];
  }
  return [{ title: "✗ Close", command: "pillion.rejectDraft" }, ...info([stage, found, job.reason ?? ""])];
}

function fixText({ title, finding, ways }: Fix): LensText {
  return { title: `+ ${withoutIcons(shortened(title, MOST_CHARACTERS))}`, command: "pillion.fixDraft", finding, ways };
}

/** A lens doesn't wrap, and half an editor has little room: a click on it, or the mouse over it, says all of it. */
function info(parts: readonly string[]): LensText[] {
  const said = parts.map((part) => part.trim().replace(/\.$/, "")).filter(Boolean);
  const all = said.join(" · ");
  const title = withoutIcons(said.map((part) => shortened(part, MOST_CHARACTERS)).join(" · "));
  return title === ""
    ? []
    : [{ title, command: all.length > FITS_CHARACTERS ? "pillion.showReason" : "", tooltip: all }];
}
