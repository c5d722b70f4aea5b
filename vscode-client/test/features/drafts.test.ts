/** *Show Drafts*: the kept drafts can be read, applied and deleted from the list. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { registerDrafts } from "../../src/features/drafts";
import type { Pillion } from "../../src/pillion";
import { seen } from "../support/vscode";

const asked: unknown[] = [];
const KEPT = {
  path: "/state/drafts/change-total-1.md",
  action: "change",
  symbol: "total",
  bytes: 20,
  modified_at: 1,
  uri: "file:///w/s.py",
  reason: "refused: it [breaks](command:x) $(bug) the syntax",
};
const NO_URI = {
  ...KEPT,
  path: "/state/drafts/change-other-2.md",
  symbol: "other",
  modified_at: 2,
  uri: "",
  reason: "",
};
let answer: object;
const pillion = {
  log: { debug: () => undefined, warn: () => undefined },
  execute: (command: string, argument?: unknown): Promise<unknown> => {
    if (command !== "pillion.drafts") asked.push([command, argument]);
    return Promise.resolve(command === "pillion.drafts" ? answer : { job: "j" });
  },
} as unknown as Pillion;
registerDrafts(pillion, { refusals: { all: [] } } as never);

interface Row {
  readonly label: string;
  readonly detail?: string;
  readonly buttons?: readonly { readonly tooltip: string }[];
}
let rows: readonly Row[] = [];

/** Opens the list, and presses a button of the row with these words; without words, leaves the list. */
async function list(words = "", tooltip = ""): Promise<void> {
  seen.pressedInRow = (given) => {
    rows = given;
    const item = rows.find(({ label }) => words !== "" && label.includes(words));
    return item && { item, button: item.buttons?.find((each) => each.tooltip.startsWith(tooltip)) };
  };
  await seen.commands.get("pillion.showDrafts")?.();
  await sleep(5);
}

beforeEach(() => {
  asked.length = seen.messages.length = 0;
  seen.press = () => undefined;
  answer = { drafts: [KEPT], unfinished: [NO_URI], offered: [] };
  seen.shownFiles = new Set(["/w/s.py"]);
});

test("the list has the kept drafts and the unfinished ones, and nothing in it is an icon", async () => {
  await list();
  assert.deepEqual(
    rows.map(({ label, detail }) => [label, detail]),
    [
      ["Left unfinished when Pillion’s server ended", undefined],
      ["$(file) change other", "change-other-2.md"],
      ["Kept", undefined],
      ["$(file) change total", "for s.py · refused: it [breaks](command:x) $ (bug) the syntax"],
    ],
  );
  assert.deepEqual(asked, []);
});

test("a draft is applied in its document, which is opened first", async () => {
  await list("total", "Apply");
  assert.deepEqual(asked, [["pillion.applyDraft", { path: KEPT.path }]]);
});

test("a draft whose document can’t be opened isn’t applied, and one without a document is the server’s to refuse", async () => {
  seen.shownFiles = new Set();
  await list("total", "Apply");
  assert.deepEqual([asked, seen.messages], [[], ["Pillion: The file is gone."]]);
  await list("other", "Apply");
  assert.deepEqual(asked, [["pillion.applyDraft", { path: NO_URI.path }]]);
});

test("deleting asks first", async () => {
  await list("total", "Delete");
  assert.deepEqual([asked, seen.messages], [[], ["Pillion: delete the draft “change total”?"]]);
  seen.press = ([button]) => button;
  await list("total", "Delete");
  assert.deepEqual(asked, [["pillion.dropDraft", { path: KEPT.path }]]);
});
