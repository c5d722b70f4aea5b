/** What is said of an edit that waits for the user and isn't on the screen. */

import { Uri } from "vscode";

import type { Pillion } from "../../pillion";
import type { Job } from "../../protocol";
import { say } from "../../say";
import { openReadOnly } from "../readOnly";
import { fileName, plainTitle } from "../words";

const [REVIEW, SHOW_DRAFT, DISCARD] = ["Review", "Show Draft", "Discard"];

/** `show` brings it on the screen. */
export async function sayWaiting({ title }: Job, show: () => Promise<void>): Promise<void> {
  if ((await say.info(`Pillion: ${plainTitle(title)} waits for your review.`, REVIEW)) === REVIEW) {
    await show();
  }
}

/** The document has changed so much that there is no place for the edit. It may change back. */
export async function sayHomeless(pillion: Pillion, { id, title, uri, draft_file: path }: Job): Promise<void> {
  const words = `${plainTitle(title)} can’t be shown: what it would change isn’t in ${fileName(Uri.parse(uri).path)} now.`;
  const answer = await say.warning(`Pillion: ${words}`, ...(path === undefined ? [] : [SHOW_DRAFT]), DISCARD);
  if (answer === DISCARD) {
    await pillion.execute("pillion.reject", { job: id });
  } else if (answer === SHOW_DRAFT && path !== undefined) {
    await openReadOnly(path);
  }
}
