/** What the server leaves to us to say: the words on an edit that was refused. */

import type { Disposable } from "vscode";

import type { Pillion } from "../pillion";
import type { Job } from "../protocol";
import { say } from "../say";
import { attempt } from "./attempt";
import type { JobBook } from "./jobs";
import { openReadOnly } from "./readOnly";
import { plainTitle } from "./words";

const SHOW_DRAFT = "Show Draft";

export function registerMessages(pillion: Pillion, jobs: JobBook): Disposable[] {
  const told = new Set<string>();
  return [
    jobs.onChange(({ job, was }) => {
      // One that was on offer was refused by the user, who knows it.
      if (job.state === "refused" && was !== "offered" && !told.has(job.id)) {
        told.add(job.id);
        void attempt(pillion, "showing why a draft was refused", () => sayRefused(job));
      }
    }),
  ];
}

async function sayRefused({ title, reason, draft_file: path }: Job): Promise<void> {
  const words = `${plainTitle(title)}: ${reason ?? "the draft can’t be used."}`;
  const buttons = path === undefined ? [] : [SHOW_DRAFT];
  const answer = await say.warning(`Pillion: ${words}`, ...buttons);
  if (answer === SHOW_DRAFT && path !== undefined) {
    await openReadOnly(path);
  }
}
