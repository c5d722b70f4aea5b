/** *Show Drafts*: edits that wait for a review or were refused, and drafts that did not become an edit. */

import { QuickPickItemKind, Uri, window } from "vscode";
import type { Disposable, QuickPickItem } from "vscode";

import type { Pillion } from "../pillion";
import type { Drafts, KeptDraft } from "../protocol";
import { say } from "../say";
import { command } from "./attempt";
import { openReadOnly } from "./readOnly";
import { refusalText } from "./refusals";
import type { Refusals } from "./refusals";
import type { RefusedMenu } from "./refusedMenu";
import type { Reviews } from "./review/reviews";
import { ageText, fileName, plainTitle, sizeText } from "./words";
import { withoutIcons } from "../harmless";

interface DraftItem extends QuickPickItem {
  readonly run: () => PromiseLike<unknown>;
}

/** Where the rows lead to. */
interface Ways {
  readonly reviews: Reviews;
  readonly refusals: Refusals;
  readonly refusedMenu: RefusedMenu;
}

export function registerDrafts(pillion: Pillion, ways: Ways): Disposable[] {
  return [
    command(pillion, "pillion.showDrafts", async () => {
      const drafts = await pillion.execute<Drafts>("pillion.drafts");
      const items = draftItems(drafts, ways);
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

function draftItems(answer: Drafts, { reviews, refusals, refusedMenu }: Ways): DraftItem[] {
  const { drafts, offered, unfinished = [], refused = refusals.all } = answer;
  const waiting = offered.map((each) => ({
    label: `$(git-pull-request) ${withoutIcons(plainTitle(each.title))}`,
    description: fileName(Uri.parse(each.uri).path),
    detail: withoutIcons(each.reason),
    run: () => reviews.show(each.job),
  }));
  const turnedDown = refused.map((each) => ({
    label: `$(error) ${withoutIcons(plainTitle(each.title))}`,
    description: fileName(Uri.parse(each.uri).path),
    detail: withoutIcons(refusalText(each)),
    run: () => refusedMenu.open(each),
  }));
  const shown = new Set([
    ...refused.flatMap((each) => [each.draft_file, ...(each.attempts ?? []).map(({ text_file }) => text_file)]),
    ...unfinished.map((each) => each.path),
  ]);
  return [
    ...section("Waiting for your review", waiting),
    ...section("Refused", turnedDown),
    ...section("Left unfinished when Pillion’s server ended", keptItems(unfinished)),
    ...section("Kept", keptItems(drafts.filter(({ path }) => !shown.has(path)))),
  ];
}

function keptItems(drafts: readonly KeptDraft[]): DraftItem[] {
  const nowS = Date.now() / 1000;
  return [...drafts]
    .sort((one, other) => other.modified_at - one.modified_at)
    .map((each) => ({
      label: `$(file) ${withoutIcons(`${each.action} ${each.symbol}`.trim())}`,
      description: `${sizeText(each.bytes)} · ${ageText(nowS - each.modified_at)}`,
      detail: fileName(each.path),
      run: () => openReadOnly(each.path),
    }));
}

function section(label: string, items: DraftItem[]): DraftItem[] {
  const heading = { label, kind: QuickPickItemKind.Separator, run: () => Promise.resolve() };
  return items.length > 0 ? [heading, ...items] : [];
}
