/** Small drafts, which are shown in their document. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { Job } from "../../src/protocol";
import { asked, JOB, news, now, press, startOver, titles } from "../support/reviewing";
import { Document, Editor, Uri, seen, window } from "../support/vscode";

beforeEach(startOver);

const SHOP = "def f(a):\n    return a\n";
const DOCUMENTED = SHOP.replace("(a):\n", '(a):\n    """Give a."""\n');
const DOCSTRING: Partial<Job> = { output: "fields", title: "Pillion: Add a docstring to f" };

/** The document is on the screen, and a draft of it is made whole. */
async function inPlace(id: string, text = DOCUMENTED, finding = false): Promise<Editor> {
  now.found = finding;
  const document = new Document(Uri.parse(JOB.uri), SHOP);
  const editor = new Editor(document);
  seen.documents.splice(0, Infinity, document);
  seen.editors.splice(0, Infinity, editor);
  [now.shown, now.changed] = [text, { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }];
  await news({ id, ...DOCSTRING });
  assert.deepEqual(titles(), [], "while it is drafted nobody knows how large it is");
  await news({ id, ...DOCSTRING, state: "offered" });
  await sleep(250);
  return editor;
}

const lensesOf = ({ document }: Editor): string[] =>
  seen.lenses
    .get("file")
    ?.provideCodeLenses(document)
    .map(({ command }) => command.title) ?? [];
const textsOf = ({ decorations }: Editor): unknown[] =>
  decorations.map(
    (each) => (each as { renderOptions: { after: { contentText: string } } }).renderOptions.after.contentText,
  );

test("a small draft is shown in its document, and accepted there", async () => {
  const editor = await inPlace("q");
  assert.deepEqual([titles(), textsOf(editor)], [[], [' ⏎ """Give a."""']]);
  assert.deepEqual(lensesOf(editor), ["✓ Accept", "✗ Reject", "Show Diff", "by gpu0"]);
  assert.equal(seen.context.get("pillion.reviewReady"), true);
  await press("pillion.acceptDraft", "q");
  assert.deepEqual([asked.includes("pillion.accept"), textsOf(editor), lensesOf(editor)], [true, [], []]);
});

test("a small draft that is rejected is gone, and so is one whose job ends", async () => {
  for (const [id, end] of [
    ["r", () => press("pillion.rejectDraft", "r")],
    ["s", () => news({ id: "s", state: "cancelled" })],
  ] as const) {
    const editor = await inPlace(id);
    assert.equal(textsOf(editor).length, 1);
    await end();
    assert.deepEqual([textsOf(editor), lensesOf(editor), titles()], [[], [], []]);
  }
});

test("a small draft's diff can be seen all the same", async () => {
  const editor = await inPlace("t");
  await press("pillion.showDiff", "t");
  assert.deepEqual([titles(), textsOf(editor), lensesOf(editor)], [["pillion-draft:/t/s.py"], [], []]);
});

test("what was typed since is no part of a small draft until it is shown", async () => {
  const editor = await inPlace("u");
  editor.document.version = 2;
  await press("pillion.acceptDraft", "u");
  assert.ok(!asked.includes("pillion.accept"));
});

test("a small draft that grew is shown whole, in a diff", async () => {
  const editor = await inPlace("v");
  now.shown = DOCUMENTED.replace("return a", "return b");
  await news({ id: "v", ...DOCSTRING, state: "offered" });
  await sleep(300);
  assert.deepEqual([titles(), textsOf(editor)], [["pillion-draft:/v/s.py"], []]);
});

test("what takes something away needs a diff, and so does a draft in which something was found", async () => {
  await inPlace("w", SHOP.replace("return a", "return b"));
  assert.deepEqual(titles(), ["pillion-draft:/w/s.py"]);
  await window.tabGroups.close([...seen.tabs]);
  await inPlace("x", DOCUMENTED, true);
  assert.deepEqual(titles(), ["pillion-draft:/x/s.py"]);
});

test("a document that nobody sees shows no draft", async () => {
  await inPlace("y");
  seen.editors.length = 0;
  await press("pillion.acceptDraft");
  assert.deepEqual(
    [seen.messages, asked.includes("pillion.accept")],
    [["Pillion: no draft is open for review."], false],
  );
});
