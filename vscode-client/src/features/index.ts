/** All that the extension shows, put together. */

import type { ExtensionContext } from "vscode";

import type { Pillion } from "../pillion";
import { ANSWER_SCHEME, Answers } from "./answers";
import { registerAsk } from "./ask";
import { attempt } from "./attempt";
import { registerCancel } from "./cancel";
import { registerDashboard } from "./dashboard";
import { registerDrafts } from "./drafts";
import { registerEndpoints } from "./endpoints";
import { registerExplain } from "./explain";
import { JobBook } from "./jobs";
import { closeLeftovers } from "./leftovers";
import { registerMenu } from "./menu";
import { registerMessages } from "./messages";
import { registerDecisions } from "./review/decide";
import { DRAFT_SCHEME } from "./review/draftDocuments";
import { Reviews } from "./review/reviews";
import { registerStatus } from "./status";
import { registerWalkthrough } from "./walkthrough";

/** Registers every feature; each cleans up through `context.subscriptions`. */
export function registerFeatures(context: ExtensionContext, pillion: Pillion): void {
  const jobs = new JobBook(pillion);
  const reviews = new Reviews(pillion, jobs);
  context.subscriptions.push(
    jobs,
    reviews,
    new Answers(pillion, jobs),
    ...registerStatus(pillion, jobs),
    ...registerMenu(pillion, jobs, reviews),
    ...registerEndpoints(pillion),
    ...registerDecisions(pillion, reviews),
    ...registerMessages(pillion, jobs),
    ...registerAsk(pillion),
    ...registerExplain(pillion),
    ...registerCancel(pillion, jobs),
    ...registerDrafts(pillion, reviews),
    ...registerDashboard(pillion, jobs),
    ...registerWalkthrough(pillion, jobs),
  );
  void attempt(pillion, "closing old drafts", () => closeLeftovers(new Set([ANSWER_SCHEME, DRAFT_SCHEME])));
}
