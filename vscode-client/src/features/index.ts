/** Puts all features together. */

import { commands } from "vscode";
import type { ExtensionContext } from "vscode";

import type { Pillion } from "../pillion";
import { ANSWER_SCHEME, Answers } from "./answers";
import { AppliedEdits } from "./applied";
import { registerAsk } from "./ask";
import { attempt } from "./attempt";
import { registerCancel } from "./cancel";
import { registerDashboard } from "./dashboard";
import { registerDismissed } from "./dismissed";
import { registerDrafts } from "./drafts";
import { registerEndpoints } from "./endpoints";
import { registerExplain } from "./explain";
import { JobBook } from "./jobs";
import { closeLeftovers } from "./leftovers";
import { registerLongDocuments } from "./longDocuments";
import { registerMenu } from "./menu";
import { registerMistakes } from "./mistakes";
import { registerModels } from "./models";
import { Outcomes } from "./outcomes";
import type { RunCommand } from "./outcomes";
import { Refusals } from "./refusals";
import { REFUSED_SCHEME, RefusedDrafts } from "./refusedDrafts";
import { RefusedMenu } from "./refusedMenu";
import { registerDecisions } from "./review/decide";
import { DRAFT_SCHEME } from "./review/draftDocuments";
import { Reviews } from "./review/reviews";
import { registerStatus } from "./status";
import { registerTomlSchemas } from "./tomlFiles";
import { registerWalkthrough } from "./walkthrough";

/** Registers every feature; each cleans up through `context.subscriptions`. */
export function registerFeatures(context: ExtensionContext, pillion: Pillion): void {
  const jobs = new JobBook(pillion);
  const reviews = new Reviews(pillion, jobs);
  const refusals = new Refusals(pillion, jobs);
  const refusedDrafts = new RefusedDrafts(pillion);
  const refusedMenu = new RefusedMenu(pillion, refusals, refusedDrafts);
  const run: RunCommand = (id, ...words) => commands.executeCommand(id, ...words);
  const applied = new AppliedEdits(pillion, jobs);
  context.subscriptions.push(
    jobs,
    reviews,
    refusals,
    refusedDrafts,
    refusedMenu,
    applied,
    new Answers(pillion, jobs),
    new Outcomes(pillion, jobs, run),
    ...registerMistakes(pillion, run),
    ...registerLongDocuments(pillion, run),
    ...registerStatus(pillion, jobs, refusals),
    ...registerMenu(pillion, { jobs, reviews, refusals, refusedMenu, applied }),
    ...registerEndpoints(pillion),
    ...registerModels(pillion),
    ...registerDecisions(pillion, reviews),
    ...registerAsk(pillion),
    ...registerExplain(pillion),
    ...registerCancel(pillion, jobs),
    ...registerDrafts(pillion, { reviews, refusals, refusedMenu }),
    ...registerDismissed(pillion),
    ...registerDashboard(pillion, jobs),
    ...registerWalkthrough(pillion, jobs),
    ...registerTomlSchemas(context, pillion),
  );
  void attempt(pillion, "closing old drafts", () =>
    closeLeftovers(new Set([ANSWER_SCHEME, DRAFT_SCHEME, REFUSED_SCHEME])),
  );
}
