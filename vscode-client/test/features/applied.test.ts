/** An applied edit: marked, said and taken back. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { AppliedEdits, appliedText } from "../../src/features/applied";
import { JobBook } from "../../src/features/jobs";
import type { Pillion, ServerStatus } from "../../src/pillion";
import type { Applied, Job } from "../../src/protocol";
import { Document, Editor, EventEmitter, Uri, seen } from "../support/vscode";

const RANGES = [{ start: { line: 1, character: 0 }, end: { line: 3, character: 0 } }];
const APPLIED: Applied = { lines: 2, ranges: RANGES, version: 7, undo: true };
const OLD: Job = {
  id: "a",
  action: "docstring",
  output: "fields",
  state: "applied",
  tier: "SIMPLE",
  uri: "file:///w/s.py",
  title: "Pillion: Add a docstring to f",
  endpoint: "gpu0",
  tokens: 1,
  tokens_per_s: 1,
  findings: 0,
  severities: {},
  review: false,
};
const JOB: Job = { ...OLD, applied: APPLIED };

const jobs = new EventEmitter<Job>();
const server = new EventEmitter<ServerStatus>();
let undone: { undone: boolean; reason?: string } = { undone: true };
const asked: unknown[] = [];
const pillion = {
  log: { debug: () => undefined, warn: () => undefined },
  onJob: jobs.event,
  onServer: server.event,
  execute: (command: string, argument: unknown): Promise<unknown> => {
    asked.push([command, argument]);
    return Promise.resolve(undone);
  },
} as unknown as Pillion;
const edits = new AppliedEdits(pillion, new JobBook(pillion));
const document = new Document(Uri.parse(JOB.uri), "a\nb\nc\n");
const editor = new Editor(document);
let count = 0;

function news(more: Partial<Job> = {}): string {
  const id = `job${count++}`;
  jobs.fire({ ...JOB, id, ...more });
  return id;
}

const press = (): unknown => seen.commands.get("pillion.undoEdit")?.();
const marked = (): number => editor.decorations.length;

beforeEach(() => {
  server.fire({ state: "restarting", detail: "" });
  document.version = 7;
  undone = { undone: true };
  seen.messages.length = asked.length = seen.said.length = 0;
  seen.documents.splice(0, Infinity, document);
  seen.editors.splice(0, Infinity, editor);
});

const TEXTS: readonly (readonly [Partial<Applied>, string])[] = [
  [{}, "applied: 2 lines · Undo"],
  [{ lines: 1 }, "applied: 1 line · Undo"],
  [{ lines: 0 }, "applied: lines removed · Undo"],
  [{ lines: 12, undo: false }, "applied: 12 lines"],
];
for (const [more, text] of TEXTS) {
  test(`the status says “${text}”`, () => {
    assert.equal(appliedText({ ...APPLIED, ...more }), text);
    news({ applied: { ...APPLIED, ...more } });
    assert.equal(seen.items.get("pillion.applied")?.text, `$(check) ${text}`);
    assert.equal(seen.items.get("pillion.applied")?.command, more.undo === false ? undefined : "pillion.undoEdit");
  });
}

test("the changed lines are marked until the document is changed", () => {
  news();
  assert.equal(marked(), 1);
  seen.documentChanged.fire({ document, contentChanges: [] });
  assert.equal(marked(), 1, "saving isn't a change");
  seen.documentChanged.fire({ document: new Document(Uri.parse("file:///w/other.py"), ""), contentChanges: [1] });
  assert.equal(marked(), 1);
  seen.documentChanged.fire({ document, contentChanges: [1] });
  assert.equal(marked(), 0);
});

test("marks go after some seconds, and the words in the status bar", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  news();
  context.mock.timers.tick(5_000);
  assert.deepEqual([marked(), seen.items.has("pillion.applied")], [1, true]);
  context.mock.timers.tick(20_000);
  assert.deepEqual([marked(), seen.items.has("pillion.applied")], [0, true]);
  context.mock.timers.tick(6_000);
  assert.equal(seen.items.has("pillion.applied"), false);
});

test("lines of a document that is another by now aren't marked", () => {
  document.version = 8;
  news();
  assert.equal(marked(), 0);
});

test("a file that comes on the screen a moment later is marked, too", () => {
  seen.editors.length = 0;
  news();
  assert.equal(marked(), 0);
  seen.editors.push(editor);
  seen.editorsChanged.fire(seen.editors);
  assert.equal(marked(), 1);
});

test("taking it back asks the server, also from the palette when the words are gone, and once", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  news();
  const id = news();
  context.mock.timers.tick(60_000);
  await press();
  assert.deepEqual(
    [asked, marked(), seen.said],
    [[["pillion.undo", { job: id }]], 0, ["Pillion: taken back: Add a docstring to f"]],
  );
  await press();
  assert.deepEqual([asked.length, seen.messages], [1, ["Pillion: there is no edit to take back."]]);
});

test("the menu is offered the edit until it is taken back, or the server says that it can't be", async () => {
  const titleNow = (): string | undefined => edits.undoable?.title;
  assert.equal(titleNow(), undefined);
  news();
  assert.equal(titleNow(), "Add a docstring to f");
  await edits.undoable?.undo();
  assert.deepEqual([asked.length, edits.undoable], [1, undefined]);
  news({ applied: { ...APPLIED, undo: false } });
  assert.equal(edits.undoable, undefined);
  undone = { undone: false, reason: "you changed these lines since." };
  news();
  await press();
  assert.equal(edits.undoable, undefined);
  news();
  assert.notEqual(edits.undoable, undefined, "the next one is another");
});

test("what can't be taken back says why", async () => {
  undone = { undone: false, reason: "you changed these lines since." };
  news();
  await press();
  assert.deepEqual(seen.messages, [
    "Pillion: Add a docstring to f can’t be taken back: you changed these lines since.",
  ]);
});

test("an older server tells of no lines, and a new process of no earlier edit", async () => {
  jobs.fire({ ...OLD, id: "old" });
  assert.deepEqual([marked(), seen.items.has("pillion.applied")], [0, false]);
  news();
  server.fire({ state: "restarting", detail: "" });
  assert.deepEqual([marked(), seen.items.has("pillion.applied")], [0, false]);
  await press();
  await sleep(1);
  assert.deepEqual(asked, []);
  edits.dispose();
});
