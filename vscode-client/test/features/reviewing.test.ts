/** Reviews from the server's news to what is on the screen, in as much of an editor as that takes. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { JobBook } from "../../src/features/jobs";
import { Refusals } from "../../src/features/refusals";
import { RefusedDrafts } from "../../src/features/refusedDrafts";
import { RefusedMenu } from "../../src/features/refusedMenu";
import { registerDecisions } from "../../src/features/review/decide";
import { Reviews } from "../../src/features/review/reviews";
import type { Pillion, ServerStatus } from "../../src/pillion";
import type { Job, Preview } from "../../src/protocol";
import { Document, Editor, EventEmitter, Uri, seen, window } from "../support/vscode";

const OFFERED = "you changed the code it would change.";
const JOB: Job = {
  id: "a", action: "implement", output: "code", state: "drafting", tier: "COMPLEX", uri: "file:///w/s.py", title: "Pillion: Implement area",
  endpoint: "gpu0", tokens: 1, tokens_per_s: 1, findings: 0, severities: {}, review: true,
};

const jobs = new EventEmitter<Job>();
const server = new EventEmitter<ServerStatus>();
const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
// How the server answers.
let [complete, failures, applied, gone, found] = [true, 0, true, false, true];
let [shown, changed] = ["x", NOWHERE];
let whileCancelling = (): void => undefined;
const asked: string[] = [];

function news(more: Partial<Job>): Promise<void> {
  jobs.fire({ ...JOB, ...more });
  return sleep(40);
}

function preview(job: string): Preview | null {
  if (gone) return null;
  if (failures-- > 0) throw new Error("not now");
  const diagnostics = found ? [{ range: NOWHERE, message: `found in ${job}` }] : [];
  return { job, uri: JOB.uri, version: 1, text: shown, complete, diagnostics, changed };
}

const pillion = {
  log: { debug: () => undefined, warn: () => undefined },
  endpoints: [],
  onJob: jobs.event,
  onServer: server.event,
  execute: async (command: string, { job }: { job: string }): Promise<unknown> => {
    asked.push(command);
    await sleep(1);
    if (command === "pillion.preview") return preview(job);
    if (command === "pillion.cancel") whileCancelling();
    if (command === "pillion.reject") jobs.fire({ ...JOB, id: job, state: "refused", reason: "" });
    if (command === "pillion.accept" && applied) jobs.fire({ ...JOB, id: job, state: "applied" });
    return { applied };
  },
} as unknown as Pillion;

const book = new JobBook(pillion);
const reviews = new Reviews(pillion, book);
registerDecisions(pillion, reviews);
const refusals = new Refusals(pillion, book);
new RefusedMenu(pillion, refusals, new RefusedDrafts(pillion));

const press = (command: string, job = "a"): unknown => seen.commands.get(command)?.(job);
const titles = (): string[] => seen.tabs.map(({ input }) => input.modified.toString());

beforeEach(async () => {
  // Each test is of jobs of its own, which the server forgets then.
  server.fire({ state: "restarting", detail: "" });
  await window.tabGroups.close([...seen.tabs]);
  await sleep(40);
  seen.messages.length = asked.length = 0;
  [complete, failures, applied, gone, found] = [true, 0, true, false, true];
  [shown, changed] = ["x", NOWHERE];
  seen.editors.length = 0;
  seen.documents.splice(0, Infinity, { uri: Uri.parse(JOB.uri), version: 1 });
  assert.deepEqual([...seen.problems], [], "findings of a document that nobody sees");
});

test("a rejected draft is gone without a word", async () => {
  await news({});
  await news({ state: "offered", reason: OFFERED });
  await press("pillion.rejectDraft");
  assert.deepEqual([seen.messages, titles()], [[], []]);
});

test("a draft that the server refuses says why, once", async () => {
  for (let times = 0; times < 2; times++) await news({ id: "refused", state: "refused", reason: "it breaks [the](command:x) syntax." });
  assert.deepEqual(seen.messages, ["Pillion: Implement area was refused: it breaks [the] (command:x) syntax."]);
});

test("findings go with the document: of one that was never shown, and of one that is closed", async () => {
  await news({ id: "b" });
  await news({ id: "c" });
  assert.deepEqual([...seen.problems.values()], [["found in b"]]);
  await news({ id: "c", state: "cancelled" });
  await window.tabGroups.close([...seen.tabs]);
  await news({ id: "b", state: "cancelled" });
  assert.deepEqual([...seen.problems], []);
});

test("an edit that can't be applied stays, and the server says why", async () => {
  applied = false;
  await news({ id: "d", state: "offered", reason: OFFERED });
  await press("pillion.acceptDraft", "d");
  assert.deepEqual([seen.messages, titles().length], [[], 1]);
});

test("an accepted draft's review goes even if its file can't be shown", async () => {
  await news({ id: "e", state: "offered" });
  await press("pillion.acceptDraft", "e");
  assert.deepEqual([seen.messages, titles()], [["Pillion: The file is gone."], []]);
});

test("accepting needs all of the draft on the screen; a preview that fails is asked for again", async () => {
  complete = false;
  await news({ id: "f" });
  failures = 1;
  await news({ id: "f", state: "offered" });
  assert.equal(seen.context.get("pillion.reviewReady"), false);
  await press("pillion.acceptDraft", "f");
  assert.ok(!asked.includes("pillion.accept"));
  complete = true;
  await sleep(600);
  assert.equal(seen.context.get("pillion.reviewReady"), true);
});

test("a title changes when its tab is looked at again", async () => {
  await news({ id: "g" });
  seen.tabs.forEach((tab) => (tab.isActive = false));
  await news({ id: "g", state: "offered" });
  assert.deepEqual(titles(), ["pillion-draft:/g/s.py"]);
  seen.tabs.forEach((tab) => (tab.isActive = true));
  seen.tabsChanged.fire({ closed: [] });
  await sleep(20);
  assert.deepEqual(titles(), ["pillion-draft:/g/s.py?waiting"]);
});

test("one that is over is in nobody's way", async () => {
  await news({ id: "h" });
  await news({ id: "h", state: "failed" });
  await news({ id: "i" });
  assert.ok(titles().some((title) => title.includes("/i/")), String(titles()));
});

test("what opens by itself never takes the focus", async () => {
  seen.focusTaken = 0;
  await news({ id: "j" });
  await news({ id: "j", state: "offered" });
  assert.equal(seen.focusTaken, 0);
  await reviews.show("j");
  assert.equal(seen.focusTaken, 1);
});

const SHOP = "def f(a):\n    return a\n";
const DOCUMENTED = SHOP.replace("(a):\n", '(a):\n    """Give a."""\n');
const DOCSTRING: Partial<Job> = { output: "fields", title: "Pillion: Add a docstring to f" };

/** The document is on the screen, and a draft of it is made whole. */
async function inPlace(id: string, text = DOCUMENTED, finding = false): Promise<Editor> {
  found = finding;
  const document = new Document(Uri.parse(JOB.uri), SHOP);
  const editor = new Editor(document);
  seen.documents.splice(0, Infinity, document);
  seen.editors.splice(0, Infinity, editor);
  [shown, changed] = [text, { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }];
  await news({ id, ...DOCSTRING });
  assert.deepEqual(titles(), [], "while it is drafted nobody knows how large it is");
  await news({ id, ...DOCSTRING, state: "offered" });
  await sleep(250);
  return editor;
}

const lensesOf = ({ document }: Editor): string[] =>
  seen.lenses.get("file")?.provideCodeLenses(document).map(({ command }) => command.title) ?? [];
const textsOf = ({ decorations }: Editor): unknown[] =>
  decorations.map((each) => (each as { renderOptions: { after: { contentText: string } } }).renderOptions.after.contentText);

test("a small draft is shown in its document, and accepted there", async () => {
  const editor = await inPlace("q");
  assert.deepEqual([titles(), textsOf(editor)], [[], [' ⏎ """Give a."""']]);
  assert.deepEqual(lensesOf(editor), ["✓ Accept", "✗ Reject", "Show Diff"]);
  assert.equal(seen.context.get("pillion.reviewReady"), true);
  await press("pillion.acceptDraft", "q");
  assert.deepEqual([asked.includes("pillion.accept"), textsOf(editor), lensesOf(editor)], [true, [], []]);
});

test("a small draft that is rejected is gone, and so is one whose job ends", async () => {
  for (const [id, end] of [["r", () => press("pillion.rejectDraft", "r")], ["s", () => news({ id: "s", state: "cancelled" })]] as const) {
    const editor = await inPlace(id);
    assert.equal(textsOf(editor).length, 1);
    await end();
    assert.deepEqual([textsOf(editor), lensesOf(editor), titles()], [[], [], []]);
  }
});

test("a small draft's diff can be seen all the same", async () => {
  const editor = await inPlace("t");
  await press("pillion.showDiff", "t");
  assert.deepEqual([titles(), textsOf(editor), lensesOf(editor)], [["pillion-draft:/t/s.py?waiting"], [], []]);
});

test("what was typed since is no part of a small draft until it is shown", async () => {
  const editor = await inPlace("u");
  editor.document.version = 2;
  await press("pillion.acceptDraft", "u");
  assert.ok(!asked.includes("pillion.accept"));
});

test("a small draft that grew is shown whole, in a diff", async () => {
  const editor = await inPlace("v");
  shown = DOCUMENTED.replace("return a", "return b");
  await news({ id: "v", ...DOCSTRING, state: "offered" });
  await sleep(300);
  assert.deepEqual([titles(), textsOf(editor)], [["pillion-draft:/v/s.py?waiting"], []]);
});

test("what takes something away needs a diff, and so does a draft in which something was found", async () => {
  await inPlace("w", SHOP.replace("return a", "return b"));
  assert.deepEqual(titles(), ["pillion-draft:/w/s.py?waiting"]);
  await window.tabGroups.close([...seen.tabs]);
  await inPlace("x", DOCUMENTED, true);
  assert.deepEqual(titles(), ["pillion-draft:/x/s.py?waiting"]);
});

test("a document that nobody sees shows no draft", async () => {
  await inPlace("y");
  seen.editors.length = 0;
  await press("pillion.acceptDraft");
  assert.deepEqual([seen.messages, asked.includes("pillion.accept")], [["Pillion: no draft is open for review."], false]);
});

const HOMELESS = "Pillion: Implement area can’t be shown: what it would change isn’t in s.py now.";

test("an edit that has no place any more waits in words, and can be seen when it has one again", async () => {
  gone = true;
  await news({ id: "k", state: "offered", reason: OFFERED });
  assert.deepEqual([seen.messages, titles()], [[HOMELESS], []]);
  await reviews.show("k");
  assert.deepEqual(seen.messages, [HOMELESS, HOMELESS]);
  gone = false;
  await reviews.show("k");
  assert.deepEqual(titles(), ["pillion-draft:/k/s.py?waiting"]);
});

test("an edit that has a place again opens as if it had always had it, and is told of once", async () => {
  gone = true;
  await news({ id: "p", state: "offered" });
  await sleep(300);
  await news({ id: "p", state: "offered" });
  await sleep(300);
  gone = false;
  await news({ id: "p", state: "offered" });
  await sleep(300);
  assert.deepEqual([seen.messages, titles()], [[HOMELESS], ["pillion-draft:/p/s.py?waiting"]]);
});

test("one on the screen that loses its place can't be accepted, and says why", async () => {
  await news({ id: "l", state: "offered" });
  gone = true;
  await news({ id: "l", state: "offered" });
  await sleep(300);
  assert.deepEqual([seen.context.get("pillion.reviewReady"), seen.messages, titles().length], [false, [], 1]);
  await press("pillion.acceptDraft", "l");
  assert.deepEqual(seen.messages, [
    "Pillion: Implement area can’t be accepted: what it would change isn’t in the document now.",
  ]);
});

test("what was typed since is in the review before it can be accepted", async () => {
  await news({ id: "m", state: "offered" });
  seen.documents.forEach((each) => (each.version = 2));
  await press("pillion.acceptDraft", "m");
  assert.ok(!asked.includes("pillion.accept"));
  assert.deepEqual(seen.messages, [
    "Pillion: Implement area can’t be accepted yet: what you typed since isn’t in the review.",
  ]);
});

test("a draft that comes on offer while it is rejected is rejected all the same", async () => {
  await news({ id: "n" });
  whileCancelling = () => {
    jobs.fire({ ...JOB, id: "n", state: "offered" });
  };
  await press("pillion.rejectDraft", "n");
  await sleep(20);
  assert.deepEqual([asked.slice(-2), book.get("n")?.state, titles()], [["pillion.cancel", "pillion.reject"], "refused", []]);
});

test("a file that is gone has no review", async () => {
  complete = false;
  await news({ id: "o", state: "offered" });
  await window.tabGroups.close([...seen.tabs]);
  seen.documents.length = 0;
  await reviews.show("o");
  assert.deepEqual([seen.messages, titles()], [[HOMELESS], []]);
});
