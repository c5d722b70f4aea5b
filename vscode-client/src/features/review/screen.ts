/** Shows reviews on the screen and removes them. A document is held only while its review exists. */

import type { Uri, ViewColumn } from "vscode";

import type { DraftDocuments } from "./draftDocuments";
import { isOnScreen } from "./review";
import type { Review } from "./review";
import { openDiff, retitle, startOf, tabOfJob } from "./tabs";

export interface Where {
  readonly column: ViewColumn;
  readonly preserveFocus: boolean;
}

export async function openReview(review: Review, documents: DraftDocuments, where: Where): Promise<void> {
  review.view = "opening";
  const tab = tabOfJob(review.job.id);
  const selection = review.preview === undefined ? undefined : startOf(review.preview);
  documents.set(review.uri, review.preview);
  try {
    await openDiff(review.job, review.uri, {
      viewColumn: tab?.group.viewColumn ?? where.column,
      preserveFocus: where.preserveFocus,
      ...(selection === undefined ? {} : { selection }),
    });
  } catch (error) {
    hideReview(review, documents);
    throw error;
  }
  // The user may have closed the tab while it opened.
  if (isOnScreen(review)) {
    review.view = "open";
  }
}

export function hideReview(review: Review, documents: DraftDocuments): void {
  review.view = "hidden";
  documents.drop(review.uri);
}

/** Reopens it at another URI, since an open tab can't get another title. */
export async function moveReview(review: Review, documents: DraftDocuments, uri: Uri): Promise<void> {
  review.retitling = true;
  const before = review.uri;
  try {
    documents.set(uri, review.preview);
    if (await retitle(review.job, before, uri)) {
      review.uri = uri;
      documents.set(uri, isOnScreen(review) ? review.preview : undefined);
    }
  } finally {
    review.retitling = false;
    [before, uri]
      .filter((each) => each !== review.uri || !isOnScreen(review))
      .forEach((each) => {
        documents.drop(each);
      });
  }
}
