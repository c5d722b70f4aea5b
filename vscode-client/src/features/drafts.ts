/** *Show Drafts*: edits that wait for a review, and drafts that became no edit. */

import { QuickPickItemKind, Uri, window } from "vscode";
import type { Disposable, QuickPickItem } from "vscode";

import type { Pillion } from "../pillion";
import type { Drafts } from "../protocol";
import { say } from "../say";
import { command } from "./attempt";
import { openReadOnly } from "./readOnly";
import type { Reviews } from "./review/reviews";
import { ageText, fileName, plainTitle, sizeText, withoutIcons } from "./words";

interface DraftItem extends QuickPickItem {
  readonly run: () => PromiseLike<unknown>;
}

export function registerDrafts(pillion: Pillion, reviews: Reviews): Disposable[] {
  return [
    command(pillion, "pillion.showDrafts", async () => {
      const drafts = await pillion.execute<Drafts>("pillion.drafts");
      const items = draftItems(drafts, reviews);
      if (items.length === 0) {
        void say.info("Pillion: there are no drafts.");
        return;
      }
      const chosen = await window.showQuickPick(items, {
        title: "Pillion: Drafts",
        placeHolder: "Choose one to look at it",
        matchOnDescription: true,
      });
      await chosen?.run();
    }),
  ];
}

function draftItems({ drafts, offered }: Drafts, reviews: Reviews): DraftItem[] {
  const waiting = offered.map((each) => ({
    label: `$(git-pull-request) ${withoutIcons(plainTitle(each.title))}`,
    description: fileName(Uri.parse(each.uri).path),
    detail: withoutIcons(each.reason),
    run: () => reviews.show(each.job),
  }));
  const nowS = Date.now() / 1000;
  const kept = [...drafts]
    .sort((one, other) => other.modified_at - one.modified_at)
    .map((each) => ({
      label: `$(file) ${withoutIcons(`${each.action} ${each.symbol}`.trim())}`,
      description: `${sizeText(each.bytes)} · ${ageText(nowS - each.modified_at)}`,
      detail: fileName(each.path),
      run: () => openReadOnly(each.path),
    }));
  return [...section("Waiting for your review", waiting), ...section("Kept", kept)];
}

function section(label: string, items: DraftItem[]): DraftItem[] {
  const heading = { label, kind: QuickPickItemKind.Separator, run: () => Promise.resolve() };
  return items.length > 0 ? [heading, ...items] : [];
}
