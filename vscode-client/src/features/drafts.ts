/** *Show Drafts*: edits that wait for a review, and drafts that became no edit. */

import { QuickPickItemKind, Uri, commands, languages, window, workspace } from "vscode";
import type { Disposable, QuickPickItem } from "vscode";

import type { Pillion } from "../pillion";
import type { Drafts } from "../protocol";
import { say } from "../say";
import { ANSWER_LANGUAGE } from "./answers";
import { command } from "./attempt";
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

/**
 * A kept draft is a record: it can be read and copied, and isn't meant to be edited. The words are a model's, so they
 * aren't shown as Markdown, where links may run commands.
 */
export async function openReadOnly(path: string): Promise<void> {
  const document = await workspace.openTextDocument(Uri.file(path));
  await window.showTextDocument(await languages.setTextDocumentLanguage(document, ANSWER_LANGUAGE));
  await commands.executeCommand("workbench.action.files.setActiveEditorReadonlyInSession");
}
