/** The messages about an edit that waits for the user and isn't on the screen. */

import { Uri } from "vscode";

import type { Pillion } from "../../pillion";
import type { Job } from "../../protocol";
import { say } from "../../say";
import { openReadOnly } from "../readOnly";
import { fileName, plainTitle } from "../words";

const [REVIEW, SHOW_DRAFT, DISCARD] = ["Review", "Show Draft", "Discard"];

/** What a message's buttons do; the message may stay for a long time. */
export interface Offer {
  readonly job: Job;
  readonly isOpen: () => boolean;
  readonly show: () => Promise<void>;
}

export async function sayWaiting({ job: { title }, show }: Offer): Promise<void> {
  if ((await say.info(`Pillion: ${plainTitle(title)} waits for your review.`, REVIEW)) === REVIEW) {
    await show();
  }
}

/** The document has changed so much that there is no place for the edit. It may change back. */
export async function sayHomeless(pillion: Pillion, { job, isOpen, show }: Offer): Promise<void> {
  const { id, title, uri, draft_file: path } = job;
  const words = `${plainTitle(title)} can’t be shown: what it would change isn’t in ${fileName(Uri.parse(uri).path)} now.`;
  const answer = await say.warning(`Pillion: ${words}`, REVIEW, ...(path === undefined ? [] : [SHOW_DRAFT]), DISCARD);
  if (answer === REVIEW) {
    await show();
  } else if (answer === DISCARD) {
    if (isOpen()) {
      await pillion.execute("pillion.reject", { job: id });
    }
  } else if (answer === SHOW_DRAFT && path !== undefined) {
    await openReadOnly(path);
  }
}
