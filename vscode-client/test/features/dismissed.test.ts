/** Dismissed findings: *Undo* right after it, and the list of all. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { dismissedRow, registerDismissed } from "../../src/features/dismissed";
import type { Executed, Pillion } from "../../src/pillion";
import { EventEmitter, seen } from "../support/vscode";

const executed = new EventEmitter<Executed>();
const asked: unknown[] = [];
const FOUND = {
  id: "f1",
  file: "/w/src/s.py",
  line: 7,
  text: "    return  price",
  message: "price may be $(bug) None",
};
let dismissed: unknown[] = [];
const pillion = {
  log: { debug: () => undefined, warn: () => undefined },
  onExecuted: executed.event,
  execute: (command: string, argument?: unknown): Promise<unknown> => {
    asked.push([command, argument]);
    return Promise.resolve(command === "pillion.dismissed" ? { dismissed } : { shown: 0 });
  },
} as unknown as Pillion;
registerDismissed(pillion);

async function dismiss(result: unknown, command = "pillion.dismiss"): Promise<void> {
  executed.fire({ command, result });
  await sleep(5);
}

beforeEach(() => {
  asked.length = seen.messages.length = seen.said.length = 0;
  seen.press = () => undefined;
  seen.picked = () => [];
  dismissed = [];
});

for (const [ids, said] of [
  [["f1"], "Pillion: 1 finding is no longer dismissed."],
  [["f1", "f2"], "Pillion: 2 findings are no longer dismissed."],
] as const) {
  test(`dismissing says what, and Undo brings it back: ${said}`, async () => {
    seen.press = ([button]) => button;
    await dismiss({ dismissed: ids, message: "dismissed: price may be None" });
    assert.deepEqual(seen.messages, ["Pillion: Dismissed: price may be None"]);
    assert.deepEqual(asked, [["pillion.undismiss", { ids }]]);
    assert.deepEqual(seen.said, [said]);
  });
}

test("who leaves the message alone has it dismissed", async () => {
  await dismiss({ dismissed: ["f1"], message: "dismissed: price may be None" });
  assert.deepEqual([seen.messages.length, asked], [1, []]);
});

const SILENT: readonly unknown[] = [
  null,
  undefined,
  "x",
  {},
  { dismissed: [], message: "nothing" },
  { dismissed: ["f"] },
];
for (const result of SILENT) {
  test(`nothing is said of ${JSON.stringify(result)}`, async () => {
    await dismiss(result);
    await dismiss({ dismissed: ["f1"], message: "x" }, "pillion.run");
    assert.deepEqual(seen.messages, []);
  });
}

test("the list brings back what is chosen in it", async () => {
  dismissed = [FOUND, { ...FOUND, id: "f2" }, { ...FOUND, id: "f3" }];
  seen.picked = (rows) => rows.slice(1);
  await seen.commands.get("pillion.showDismissed")?.();
  assert.deepEqual(asked.slice(1), [["pillion.undismiss", { ids: ["f2", "f3"] }]]);
  seen.picked = () => [];
  await seen.commands.get("pillion.showDismissed")?.();
  assert.equal(asked.length, 3);
});

test("without any it says so", async () => {
  await seen.commands.get("pillion.showDismissed")?.();
  assert.deepEqual(seen.messages, ["Pillion: no finding is dismissed."]);
});

test("a row has the finding, its place, and the line as it was", () => {
  const { label, description, detail } = dismissedRow(FOUND);
  assert.deepEqual([label, description, detail], ["price may be $ (bug) None", "src/s.py:7", "return price"]);
  const old = dismissedRow({ id: "f1", file: "", line: null, text: null, message: "" });
  assert.deepEqual([old.label, old.description, old.buttons], ["A finding whose words weren’t kept", "", []]);
});
