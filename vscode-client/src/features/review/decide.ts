/** *Accept Draft* and *Reject Draft*. */

import { TextEditorRevealType, Uri, commands, window } from "vscode";
import type { Disposable } from "vscode";

import type { Pillion } from "../../pillion";
import { say } from "../../say";
import { attempt } from "../attempt";
import { isOver } from "../jobs";
import { plainTitle } from "../words";
import { withoutIcons, withoutLinks } from "../../harmless";
import { current } from "./context";
import { rangeOf } from "./convert";
import { jobIdOf } from "./draftDocuments";
import { isUpToDate } from "./review";
import type { Review } from "./review";
import type { Reviews } from "./reviews";
import { columnOfFile, tabOfJob } from "./tabs";
import type { Way } from "./texts";

export function registerDecisions(pillion: Pillion, reviews: Reviews): Disposable[] {
  const decision = (id: string, decide: (review: Review) => Promise<void>): Disposable =>
    commands.registerCommand(id, (argument?: unknown) =>
      attempt(pillion, id, async () => {
        const review = reviewMeant(reviews, argument);
        if (review === undefined) {
          void say.info("Pillion: no draft is open for review.");
        } else if (!review.deciding) {
          review.deciding = true;
          try {
            await decide(review);
          } finally {
            review.deciding = false;
            reviews.keepTitle(review);
          }
        }
      }),
    );
  const hunkDecision = (id: string, verdict: "pillion.accept" | "pillion.reject"): Disposable =>
    commands.registerCommand(id, (argument?: unknown, hunk?: unknown) =>
      attempt(pillion, id, async () => {
        const named = typeof argument === "string" && typeof hunk === "string";
        const meant = named ? { job: argument, hunk } : reviews.hunkMeant(argument);
        const review = meant === undefined ? undefined : reviews.get(meant.job);
        if (meant === undefined || review === undefined) {
          void say.info("Pillion: there is no change of a draft at the cursor.");
        } else if (!review.deciding) {
          review.deciding = true;
          try {
            await decideHunk(pillion, reviews, { review, hunk: meant.hunk, verdict });
          } finally {
            review.deciding = false;
          }
        }
      }),
    );
  return [
    commands.registerCommand("pillion.showDiff", (id: unknown) =>
      attempt(pillion, "pillion.showDiff", () => (typeof id === "string" ? reviews.show(id) : Promise.resolve())),
    ),
    commands.registerCommand("pillion.showReason", (id: unknown) => {
      const { title, reason = "" } = (typeof id === "string" ? reviews.get(id)?.job : undefined) ?? {};
      if (title !== undefined && reason !== "") {
        void say.info(`Pillion: ${plainTitle(title)}: ${reason}`);
      }
    }),
    commands.registerCommand("pillion.fixDraft", (id: unknown, finding: unknown, ways: readonly Way[] = []) =>
      attempt(pillion, "pillion.fixDraft", () => fix(pillion, reviews, { id, finding, ways })),
    ),
    hunkDecision("pillion.acceptHunk", "pillion.accept"),
    hunkDecision("pillion.rejectHunk", "pillion.reject"),
    decision("pillion.draftAgain", (review) => again(pillion, reviews, review)),
    decision("pillion.acceptDraft", (review) => accept(pillion, reviews, review)),
    decision("pillion.rejectDraft", (review) => reject(pillion, reviews, review)),
  ];
}

/** The server makes the fix in the draft, which is then drawn again. */
async function fix(
  pillion: Pillion,
  reviews: Reviews,
  { id, finding, ways }: { readonly id: unknown; readonly finding: unknown; readonly ways: readonly Way[] },
): Promise<void> {
  const statement = ways.length > 1 ? await chosenOf(ways) : ways[0]?.import;
  if (ways.length > 0 && statement === undefined) {
    return;
  }
  const review = typeof id === "string" ? reviews.get(id) : undefined;
  if (review === undefined) {
    void say.info("Pillion: this draft is no longer on offer.");
    return;
  }
  const { fixed, reason } = await pillion.execute<{ fixed: boolean; reason?: string }>("pillion.fix", {
    job: id,
    finding,
    import: statement,
  });
  if (!fixed) {
    void say.info(`Pillion: this can’t be put in order by itself: ${reason ?? "the draft was changed meanwhile"}.`);
  }
  review.poller.request();
}

/** Which import the user means; undefined if they leave. */
async function chosenOf(ways: readonly Way[]): Promise<string | undefined> {
  const rows = ways.map((way) => ({ label: withoutIcons(way.import), statement: way.import }));
  const chosen = await window.showQuickPick(rows, {
    title: "Pillion: Add the Import",
    placeHolder: "Which one is meant?",
  });
  return chosen?.statement;
}

/** Code lenses give the job's id, title buttons a URI, a thread's button the thread, keys and the palette nothing. */
function reviewMeant(reviews: Reviews, argument: unknown): Review | undefined {
  const id =
    argument instanceof Uri
      ? jobIdOf(argument)
      : typeof argument === "string"
        ? argument
        : argument === undefined
          ? undefined
          : reviews.hunkMeant(argument)?.job;
  return id === undefined ? current(reviews.open) : reviews.get(id);
}

interface HunkDecision {
  readonly review: Review;
  readonly hunk: string;
  readonly verdict: "pillion.accept" | "pillion.reject";
}

/** The rest stays on offer, and is drawn again; after the last one the review is over. */
async function decideHunk(pillion: Pillion, reviews: Reviews, { review, hunk, verdict }: HunkDecision): Promise<void> {
  if (verdict === "pillion.accept" && whyNotYet(review) !== undefined) {
    review.poller.request();
    void say.info(`Pillion: ${plainTitle(review.job.title)} ${whyNotYet(review) ?? ""}`);
    return;
  }
  await pillion.execute(verdict, { job: review.job.id, hunk });
  if (isOver(review.job)) {
    await reviews.end(review);
  } else {
    review.poller.request();
  }
}

/** The draft is rejected, and drafted anew with the user's word. */
async function again(pillion: Pillion, reviews: Reviews, review: Review): Promise<void> {
  const instruction = await window.showInputBox({
    title: withoutLinks(`Draft again: ${plainTitle(review.job.title)}`),
    prompt: "This draft is rejected, and what you accepted of it stays.",
    placeHolder: "What should the model mind? For instance: keep the parameter’s name",
    ignoreFocusOut: true,
  });
  if (instruction === undefined || instruction.trim() === "") {
    return;
  }
  await pillion.execute("pillion.retry", { job: review.job.id, instruction: instruction.trim() });
  await reviews.end(review);
}

async function accept(pillion: Pillion, reviews: Reviews, review: Review): Promise<void> {
  const { id, title } = review.job;
  const why = whyNotYet(review);
  if (why !== undefined) {
    if (review.job.state === "offered") {
      review.poller.request();
    }
    void say.info(`Pillion: ${plainTitle(title)} ${why}`);
    return;
  }
  const { applied } = await pillion.execute<{ applied: boolean }>("pillion.accept", { job: id });
  if (!applied) {
    // The server has said why.
    return;
  }
  try {
    await revealFile(review);
  } finally {
    await reviews.end(review);
  }
}

function whyNotYet(review: Review): string | undefined {
  if (review.job.state !== "offered") {
    const why = isOver(review.job) ? (review.job.reason ?? "it is over") : "it is still being drafted";
    return `can’t be accepted: ${why}`;
  }
  if (review.homeless) {
    return "can’t be accepted: what it would change isn’t in the document now.";
  }
  if (review.preview?.complete !== true) {
    return "can’t be accepted yet: not all of it is on the screen.";
  }
  return isUpToDate(review) ? undefined : "can’t be accepted yet: what you typed since isn’t in the review.";
}

async function revealFile({ job, preview }: Review): Promise<void> {
  const uri = Uri.parse(job.uri);
  const viewColumn = columnOfFile(uri) ?? tabOfJob(job.id)?.group.viewColumn;
  const editor = await window.showTextDocument(uri, {
    preview: false,
    ...(viewColumn === undefined ? {} : { viewColumn }),
  });
  if (preview !== undefined) {
    editor.revealRange(rangeOf(preview.changed), TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

async function reject(pillion: Pillion, reviews: Reviews, review: Review): Promise<void> {
  const { id, state } = review.job;
  try {
    if (state === "offered") {
      await pillion.execute("pillion.reject", { job: id });
    } else if (!isOver(review.job)) {
      await reviews.withdraw(review);
    }
  } finally {
    // Whatever the server says: the user doesn't want to see it.
    await reviews.end(review);
  }
}
