/** *Show Drafts*: edits that wait for a review or were refused, and drafts that did not become an edit. */

import { QuickPickItemKind, ThemeIcon, Uri, window } from "vscode";
import type { Disposable, QuickInputButton, QuickPickItem } from "vscode";

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
import { withoutIcons, withoutLinks } from "../harmless";

type Act = () => PromiseLike<unknown>;

interface Button extends QuickInputButton {
  readonly run: Act;
}

interface DraftItem extends QuickPickItem {
  readonly run: Act;
  readonly buttons?: readonly Button[];
}

const DELETE = "Delete";

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
      const items = draftItems(pillion, drafts, ways);
      if (items.length === 0) {
        void say.info("Pillion: there are no drafts.");
        return;
      }
      await (
        await choose(items)
      )?.();
    }),
  ];
}

/** What the user wants done: the row's own, or that of one of its buttons. */
async function choose(items: readonly DraftItem[]): Promise<Act | undefined> {
  const pick = window.createQuickPick<DraftItem>();
  pick.title = "Pillion: Drafts";
  pick.placeholder = "Choose one to look at it";
  pick.matchOnDescription = true;
  pick.items = items;
  try {
    return await new Promise<Act | undefined>((resolve) => {
      pick.onDidAccept(() => {
        resolve(pick.selectedItems[0]?.run);
      });
      pick.onDidHide(() => {
        resolve(undefined);
      });
      pick.onDidTriggerItemButton(({ button }) => {
        resolve((button as Button).run);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function draftItems(pillion: Pillion, answer: Drafts, { reviews, refusals, refusedMenu }: Ways): DraftItem[] {
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
    ...section("Left unfinished when Pillion’s server ended", keptItems(pillion, unfinished)),
    ...section(
      "Kept",
      keptItems(
        pillion,
        drafts.filter(({ path }) => !shown.has(path)),
      ),
    ),
  ];
}

function keptItems(pillion: Pillion, drafts: readonly KeptDraft[]): DraftItem[] {
  const nowS = Date.now() / 1000;
  return [...drafts]
    .sort((one, other) => other.modified_at - one.modified_at)
    .map((each) => ({
      label: `$(file) ${withoutIcons(`${each.action} ${each.symbol}`.trim())}`,
      description: `${sizeText(each.bytes)} · ${ageText(nowS - each.modified_at)}`,
      detail: detailOf(each),
      run: () => openReadOnly(each.path),
      buttons: [
        {
          iconPath: new ThemeIcon("check"),
          tooltip: "Apply it where its symbol is now",
          run: () => applyKept(pillion, each),
        },
        { iconPath: new ThemeIcon("trash"), tooltip: "Delete it", run: () => drop(pillion, each) },
      ],
    }));
}

function detailOf({ uri = "", path, reason = "" }: KeptDraft): string {
  const name = uri === "" ? fileName(path) : `for ${fileName(Uri.parse(uri).path)}`;
  return withoutIcons([name, reason].filter(Boolean).join(" · "));
}

/** The server edits open documents only. */
async function applyKept(pillion: Pillion, { uri = "", path }: KeptDraft): Promise<void> {
  if (uri !== "") {
    await window.showTextDocument(Uri.parse(uri), { preview: false });
  }
  await pillion.execute("pillion.applyDraft", { path });
}

async function drop(pillion: Pillion, { action, symbol, path }: KeptDraft): Promise<void> {
  const words = `Pillion: delete the draft “${withoutLinks(`${action} ${symbol}`.trim())}”?`;
  if ((await say.warning(words, DELETE)) === DELETE) {
    await pillion.execute("pillion.dropDraft", { path });
  }
}

function section(label: string, items: DraftItem[]): DraftItem[] {
  const heading = { label, kind: QuickPickItemKind.Separator, run: () => Promise.resolve() };
  return items.length > 0 ? [heading, ...items] : [];
}
