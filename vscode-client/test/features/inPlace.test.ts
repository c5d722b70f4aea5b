/** Small drafts, which are shown in their document. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { Job } from "../../src/protocol";
import { asked, decided, JOB, jobs, news, now, press, startOver, titles } from "../support/reviewing";
import { Document, Editor, Range, Uri, seen, window } from "../support/vscode";

beforeEach(async () => {
  await startOver();
  seen.settings.delete("pillion.reviewView");
});

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
  assert.deepEqual(lensesOf(editor), ["✓ Accept", "✗ Reject", "↻ Again…", "Show Diff", "by gpu0"]);
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

const CHANGED = SHOP.replace("return a", "return b");

test("to users who want diffs, a small draft that grew is shown in one", async () => {
  seen.settings.set("pillion.reviewView", "diff");
  const editor = await inPlace("v");
  now.shown = DOCUMENTED.replace("return a", "return b");
  await news({ id: "v", ...DOCSTRING, state: "offered" });
  await sleep(300);
  assert.deepEqual([titles(), textsOf(editor)], [["pillion-draft:/v/s.py"], []]);
});

test("to them, what takes something away needs a diff, and so does a draft in which something was found", async () => {
  seen.settings.set("pillion.reviewView", "diff");
  await inPlace("w", CHANGED);
  assert.deepEqual(titles(), ["pillion-draft:/w/s.py"]);
  await window.tabGroups.close([...seen.tabs]);
  await inPlace("x", DOCUMENTED, true);
  assert.deepEqual(titles(), ["pillion-draft:/x/s.py"]);
});

test("lines that go are marked, and the new ones stand beside them", async () => {
  const editor = await inPlace("ca", CHANGED);
  assert.deepEqual([titles(), textsOf(editor)], [[], [" → return b"]]);
  assert.deepEqual(editor.removed, [new Range(1, 0, 1, 0)]);
  assert.equal(editor.document.getText(), SHOP);
});

const LONG = "    b = a\n    c = b\n    d = c\n    # [x](command:y)\n    return d\n";

test("many new lines stand below, as code that is nothing else", async () => {
  const editor = await inPlace("cb", SHOP.replace("    return a\n", LONG));
  const [thread, ...others] = [...seen.threads];
  assert.deepEqual(
    [others, textsOf(editor), thread?.range, thread?.label],
    [[], [], new Range(1, 0, 1, 0), "Instead of these lines"],
  );
  const body = thread?.comments[0]?.body;
  assert.deepEqual(
    [body?.value, body?.isTrusted, body?.supportHtml],
    [`\`\`\`python\n${LONG.trimEnd()}\n\`\`\``, false, false],
  );
  await press("pillion.acceptHunk", thread);
  assert.deepEqual(decided, [["pillion.accept", "h0"]]);
  await press("pillion.rejectDraft", thread);
  assert.deepEqual([...seen.threads], []);
});

const TWO = "import re\n\n\n" + SHOP.replace("(a):", "(b):").replace("return a", "return a\n    # end");

test("each change has its own options, and the first those of all", async () => {
  const editor = await inPlace("cc", TWO);
  assert.deepEqual(lensesOf(editor).slice(0, 6), ["✓ Accept", "✗ Reject", "✓ All 2", "✗ All", "↻ Again…", "Show Diff"]);
  assert.deepEqual(lensesOf(editor).slice(-2), ["✓ Accept", "✗ Reject"]);
  await press("pillion.acceptHunk", "cc", "h1");
  assert.deepEqual([decided, asked.includes("pillion.accept")], [[["pillion.accept", "h1"]], true]);
  await press("pillion.rejectHunk", "cc", "h0");
  assert.deepEqual(decided.at(-1), ["pillion.reject", "h0"]);
});

test("after the last change the review is gone", async () => {
  const editor = await inPlace("cd", CHANGED);
  now.whileDeciding = () => {
    jobs.fire({ ...JOB, ...DOCSTRING, id: "cd", state: "applied" });
  };
  await press("pillion.acceptHunk", "cd", "h0");
  assert.deepEqual([textsOf(editor), editor.removed, lensesOf(editor)], [[], [], []]);
});

test("without words, the change at the cursor is meant", async () => {
  const editor = await inPlace("ce", TWO);
  seen.active = editor;
  editor.selection.active.line = 1;
  await seen.commands.get("pillion.acceptHunk")?.();
  assert.deepEqual(decided, [["pillion.accept", "h1"]]);
  seen.active = undefined;
  await seen.commands.get("pillion.acceptHunk")?.();
  assert.deepEqual([decided.length, seen.messages], [1, ["Pillion: there is no change of a draft at the cursor."]]);
});

test("what the user typed since is no part of a change until it is shown", async () => {
  const editor = await inPlace("cf", CHANGED);
  editor.document.version = 2;
  await press("pillion.acceptHunk", "cf", "h0");
  assert.deepEqual(decided, []);
});

test("a draft is made again with a word", async () => {
  const editor = await inPlace("cg", CHANGED);
  seen.typed = " ";
  await press("pillion.draftAgain", "cg");
  assert.deepEqual(decided, []);
  seen.typed = " shorter ";
  await press("pillion.draftAgain", "cg");
  assert.deepEqual([decided, lensesOf(editor), seen.messages], [[["pillion.retry", "shorter"]], [], []]);
});

test("while it is drafted, the document says so and stays as it is", async () => {
  now.found = now.complete = false;
  const document = new Document(Uri.parse(JOB.uri), SHOP);
  const editor = new Editor(document);
  seen.documents.splice(0, Infinity, document);
  seen.editors.splice(0, Infinity, editor);
  now.shown = CHANGED;
  await news({ id: "ch" });
  await sleep(250);
  assert.deepEqual([lensesOf(editor), textsOf(editor), titles()], [["✗ Reject", "Show Diff", "drafting…"], [], []]);
  await press("pillion.showDiff", "ch");
  assert.deepEqual([lensesOf(editor), titles()], [[], ["pillion-draft:/ch/s.py"]]);
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
