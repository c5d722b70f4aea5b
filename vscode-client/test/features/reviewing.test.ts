/** Reviews from the server's news to what is on the screen, in as much of an editor as that takes. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { asked, imports, book, jobs, JOB, news, now, press, reviews, startOver, titles } from "../support/reviewing";
import { seen, window } from "../support/vscode";

const OFFERED = "you changed the code it would change.";

beforeEach(startOver);

test("a rejected draft is gone without a word", async () => {
  await news({});
  await news({ state: "offered", reason: OFFERED });
  await press("pillion.rejectDraft");
  assert.deepEqual([seen.messages, titles()], [[], []]);
});

test("a draft that the server refuses says why, once", async () => {
  for (let times = 0; times < 2; times++)
    await news({ id: "refused", state: "refused", reason: "it breaks [the](command:x) syntax." });
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
  now.applied = false;
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
  now.complete = false;
  await news({ id: "f" });
  now.failures = 1;
  await news({ id: "f", state: "offered" });
  assert.equal(seen.context.get("pillion.reviewReady"), false);
  await press("pillion.acceptDraft", "f");
  assert.ok(!asked.includes("pillion.accept"));
  now.complete = true;
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
  assert.deepEqual(titles(), ["pillion-draft:/g/s.py"]);
});

test("one that is over is in nobody's way", async () => {
  await news({ id: "h" });
  await news({ id: "h", state: "failed" });
  await news({ id: "i" });
  assert.ok(
    titles().some((title) => title.includes("/i/")),
    String(titles()),
  );
});

test("what opens by itself never takes the focus", async () => {
  seen.focusTaken = 0;
  await news({ id: "j" });
  await news({ id: "j", state: "offered" });
  assert.equal(seen.focusTaken, 0);
  await reviews.show("j");
  assert.equal(seen.focusTaken, 1);
});

const HOMELESS = "Pillion: Implement area can’t be shown: what it would change isn’t in s.py now.";

test("an edit that has no place any more waits in words, and can be seen when it has one again", async () => {
  now.gone = true;
  await news({ id: "k", state: "offered", reason: OFFERED });
  assert.deepEqual([seen.messages, titles()], [[HOMELESS], []]);
  await reviews.show("k");
  assert.deepEqual(seen.messages, [HOMELESS, HOMELESS]);
  now.gone = false;
  await reviews.show("k");
  assert.deepEqual(titles(), ["pillion-draft:/k/s.py"]);
});

test("an edit that has a place again opens as if it had always had it, and is told of once", async () => {
  now.gone = true;
  await news({ id: "p", state: "offered" });
  await sleep(300);
  await news({ id: "p", state: "offered" });
  await sleep(300);
  now.gone = false;
  await news({ id: "p", state: "offered" });
  await sleep(300);
  assert.deepEqual([seen.messages, titles()], [[HOMELESS], ["pillion-draft:/p/s.py"]]);
});

test("one on the screen that loses its place can't be accepted, and says why", async () => {
  await news({ id: "l", state: "offered" });
  now.gone = true;
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
  now.whileCancelling = () => {
    jobs.fire({ ...JOB, id: "n", state: "offered" });
  };
  await press("pillion.rejectDraft", "n");
  await sleep(20);
  assert.deepEqual(
    [asked.slice(-2), book.get("n")?.state, titles()],
    [["pillion.cancel", "pillion.reject"], "refused", []],
  );
});

test("a file that is gone has no review", async () => {
  now.complete = false;
  await news({ id: "o", state: "offered" });
  await window.tabGroups.close([...seen.tabs]);
  seen.documents.length = 0;
  await reviews.show("o");
  assert.deepEqual([seen.messages, titles()], [[HOMELESS], []]);
});

test("what a draft lacks is added in it, and it is drawn anew; what can't be says why", async () => {
  await news({ id: "z", state: "offered" });
  asked.length = 0;
  now.fixed = { fixed: true };
  await seen.commands.get("pillion.fixDraft")?.("z", "f1");
  await sleep(300);
  assert.deepEqual([asked, seen.messages], [["pillion.fix", "pillion.preview"], []]);
  now.fixed = { fixed: false, reason: "the draft isn't waiting any more" };
  await seen.commands.get("pillion.fixDraft")?.("z", "f1");
  await seen.commands.get("pillion.fixDraft")?.("gone", "f1");
  assert.deepEqual(seen.messages, [
    "Pillion: this can’t be put in order by itself: the draft isn't waiting any more.",
    "Pillion: this draft is no longer on offer.",
  ]);
});

test("the words of a lens that are cut are said by a click", async () => {
  await news({ id: "z", state: "offered", reason: "“sleep” is not defined: a long story." });
  seen.commands.get("pillion.showReason")?.("z");
  seen.commands.get("pillion.showReason")?.("gone");
  assert.deepEqual(seen.messages, ["Pillion: Implement area: “sleep” is not defined: a long story."]);
});

test("of several imports the user says which one a draft gets", async () => {
  await news({ id: "z", state: "offered" });
  asked.length = 0;
  now.fixed = { fixed: true };
  const ways = ["asyncio", "time"].map((module) => ({ title: "", import: `from ${module} import sleep` }));
  const press = (): unknown => seen.commands.get("pillion.fixDraft")?.("z", "f1", ways);
  seen.pick = () => undefined;
  await press();
  assert.deepEqual(asked, [], "who leaves the list wants none");
  seen.pick = (rows) => rows.find(({ label }) => label === "from time import sleep");
  await press();
  assert.deepEqual(imports, ["from time import sleep"]);
});
