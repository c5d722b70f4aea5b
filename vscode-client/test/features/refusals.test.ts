/** After a refusal: what is said, what can be done, and how long it stays. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { Undoable } from "../../src/features/applied";
import { JobBook } from "../../src/features/jobs";
import { registerMenu } from "../../src/features/menu";
import { Refusals, refusalText } from "../../src/features/refusals";
import { RefusedDrafts, refusedText } from "../../src/features/refusedDrafts";
import { RefusedMenu } from "../../src/features/refusedMenu";
import { Reviews } from "../../src/features/review/reviews";
import type { Pillion, ServerStatus } from "../../src/pillion";
import type { Job, Refused } from "../../src/protocol";
import { EventEmitter, seen } from "../support/vscode";

const REASON = "it leaves the stub.";
const ATTEMPTS: Required<Pick<Refused, "attempts">> = {
  attempts: [
    { endpoint: "gpu1", model: "small", reason: "it breaks the syntax.", text_file: "/drafts/1" },
    { endpoint: "gpu1", model: "small", reason: REASON },
  ],
};
const REFUSED: Job = {
  id: "a",
  action: "implement",
  output: "code",
  state: "refused",
  tier: "MODERATE",
  uri: "file:///w/s.py",
  title: "Pillion: Implement area",
  endpoint: "gpu1",
  tokens: 1,
  tokens_per_s: 1,
  findings: 0,
  severities: {},
  review: false,
  reason: REASON,
  draft_file: "/drafts/2",
  ...ATTEMPTS,
  larger: "gpu0",
  larger_tier: "COMPLEX",
};
const SAID =
  "Pillion: Implement area was refused: gpu1 (small): it breaks the syntax. · gpu1 (small): it leaves the stub.";

const jobs = new EventEmitter<Job>();
const server = new EventEmitter<ServerStatus>();
const asked: unknown[] = [];
const pillion = {
  log: { debug: () => undefined, warn: () => undefined },
  server: { state: "running", detail: "" },
  endpoints: [],
  problems: [],
  found: "",
  onJob: jobs.event,
  onServer: server.event,
  execute: (command: string, argument: unknown): Promise<unknown> => {
    asked.push([command, argument]);
    return Promise.resolve({ job: nameOf("again") });
  },
} as unknown as Pillion;
const book = new JobBook(pillion);
const refusals = new Refusals(pillion, book);
const drafts = new RefusedDrafts(pillion);
const refusedMenu = new RefusedMenu(pillion, refusals, drafts);
const applied: { undoable: Undoable | undefined } = { undoable: undefined };
registerMenu(pillion, { jobs: book, reviews: new Reviews(pillion, book), refusals, refusedMenu, applied });

/** Each test is of jobs of its own. */
let round = 0;
function nameOf(id: string): string {
  return `${id}${round}`;
}

async function news({ id = "a", ...more }: Partial<Job> = {}): Promise<void> {
  jobs.fire({ ...REFUSED, ...more, id: nameOf(id) });
  await sleep(5);
}

/** The labels of the extension's menu that are about refusals. */
async function listed(): Promise<string[]> {
  let labels: string[] = [];
  seen.pick = (rows) => {
    labels = rows.map(({ label }) => label).filter((label) => label.includes("Refused"));
    return undefined;
  };
  await seen.commands.get("pillion.showMenu")?.();
  return labels;
}

beforeEach(() => {
  round += 1;
  server.fire({ state: "restarting", detail: "" });
  seen.messages.length = asked.length = 0;
  seen.press = () => undefined;
  seen.pick = () => undefined;
  seen.typed = undefined;
});

const WAYS: readonly (readonly [
  button: string,
  more: Partial<Job>,
  typed: string | undefined,
  words: object | undefined,
])[] = [
  ["Try Again", {}, undefined, {}],
  ["With a Word…", {}, " keep the name ", { instruction: "keep the name" }],
  ["With a Word…", {}, "  ", undefined],
  ["With a Word…", {}, undefined, undefined],
  ["Try gpu0", {}, undefined, { tier: "COMPLEX" }],
];
for (const [button, more, typed, words] of WAYS) {
  test(`a message with “${button}”, which the list of the refusal has, too (${JSON.stringify(typed)})`, async () => {
    seen.typed = typed;
    seen.press = (buttons) => buttons.find((each) => each === button);
    await news(more);
    const wanted = words === undefined ? [] : [["pillion.retry", { job: nameOf("a"), ...words }]];
    assert.deepEqual([seen.messages, asked], [[SAID], wanted]);
    asked.length = 0;
    seen.pick = (rows) => rows.find(({ label }) => label.toLowerCase().endsWith(` ${button.toLowerCase()}`));
    const [refused] = refusals.all;
    assert.ok(refused !== undefined);
    await refusedMenu.open(refused);
    assert.deepEqual(asked, wanted);
  });
}

test("a larger model is offered only if there is one", async () => {
  let offered: readonly string[] = [];
  seen.press = (buttons) => {
    offered = buttons;
    return undefined;
  };
  await news();
  assert.deepEqual(offered, ["Try Again", "With a Word…", "Try gpu0", "Show Draft"]);
  await news({ id: "b", larger: null });
  assert.deepEqual(offered, ["Try Again", "With a Word…", "Show Draft"]);
  await news({ id: "c", larger: "the-workstation-in-the-cellar" });
  assert.deepEqual(offered, ["Try Again", "With a Word…", "Try Larger", "Show Draft"]);
});

const SETTLED: readonly (readonly [name: string, then: readonly Partial<Job>[], left: number])[] = [
  ["stays", [], 1],
  ["stays when another place has success", [{ id: "b", state: "applied", title: "Pillion: Implement volume" }], 1],
  ["stays when another file has success", [{ id: "b", state: "applied", uri: "file:///w/t.py" }], 1],
  ["stays while it is tried again", [{ id: "again", state: "drafting" }], 1],
  ["goes with the next success at its place", [{ id: "b", state: "applied" }], 0],
  ["goes with the next draft on offer at its place", [{ id: "b", state: "offered" }], 0],
  [
    "goes with the success of what tried again under another title",
    [{ id: "again", state: "applied", title: "Pillion: Implement it" }],
    0,
  ],
  ["is one of two in two places", [{ id: "b", title: "Pillion: Implement volume" }], 2],
  ["is replaced by the next at its place", [{ id: "b" }], 1],
  [
    "isn't one that the user rejected",
    [
      { id: "c", title: "x", state: "offered" },
      { id: "c", title: "x" },
    ],
    1,
  ],
];
for (const [name, then, left] of SETTLED) {
  test(`a refusal in the menu ${name}`, async () => {
    await news();
    const [refused] = refusals.all;
    assert.ok(refused !== undefined);
    if (then[0]?.id === "again") await refusals.retry(refused);
    for (const each of then) await news(each);
    assert.deepEqual((await listed()).length, left);
  });
}

test("a refusal can be dismissed, and goes with the server", async () => {
  await news();
  assert.deepEqual(await listed(), ["$(error) Refused: Implement area"]);
  const [refused] = refusals.all;
  assert.ok(refused !== undefined);
  seen.pick = (rows) => rows.find(({ label }) => label.endsWith("Dismiss"));
  await refusedMenu.open(refused);
  assert.deepEqual(await listed(), []);
  await news({ id: "b" });
  server.fire({ state: "restarting", detail: "" });
  assert.deepEqual(await listed(), []);
});

test("what two attempts were refused for is said once", () => {
  const [first] = ATTEMPTS.attempts ?? [];
  assert.ok(first !== undefined);
  const text = (times: number): string =>
    refusalText({ reason: REASON, attempts: Array.from({ length: times }, () => first) });
  assert.deepEqual([0, 1, 2, 3].map(text), [
    REASON,
    "gpu1 (small): it breaks the syntax.",
    "gpu1 (small): it breaks the syntax. (twice)",
    "gpu1 (small): it breaks the syntax. (3 times)",
  ]);
});

test("a refused draft is shown with the reasons on top, and each draft below its own", () => {
  const refused: Refused = {
    job: "a",
    uri: "file:///w/s.py",
    title: "Pillion: Implement area",
    reason: REASON,
    ...ATTEMPTS,
  };
  const rule = "─".repeat(60);
  assert.equal(
    refusedText(refused, ["def area(:", undefined]),
    "Implement area in s.py was refused; the file is as it was.\n\n" +
      "1. gpu1 (small): it breaks the syntax.\n2. gpu1 (small): it leaves the stub.\n\n" +
      `${rule}\nDraft 1 — gpu1 (small): it breaks the syntax.\n${rule}\ndef area(:\n\n` +
      `${rule}\nDraft 2 — gpu1 (small): it leaves the stub.\n${rule}\n(No copy of this draft was kept.)\n`,
  );
  assert.equal(
    refusedText({ ...refused, attempts: null }, ["x = 1\n"]),
    `Implement area in s.py was refused; the file is as it was.\n\n${REASON}\n\n${rule}\nx = 1\n`,
  );
});

const LOOKED_AT: readonly (readonly [name: string, look: (refused: Refused) => unknown, unseen: number])[] = [
  ["is new until then", () => undefined, 1],
  ["isn't once its list was opened", (refused) => refusedMenu.open(refused), 0],
  ["isn't once it is tried again", (refused) => refusals.retry(refused), 0],
  [
    "isn't once it is dismissed",
    ({ job }) => {
      refusals.dismiss(job);
    },
    0,
  ],
  ["is for the server's next refusal there", () => news({ id: "b" }), 1],
  ["isn't for a success there", () => news({ id: "b", state: "applied" }), 0],
];
for (const [name, look, unseen] of LOOKED_AT) {
  test(`what the status says of a refusal: it ${name}`, async () => {
    await news();
    const [refused] = refusals.all;
    assert.ok(refused !== undefined);
    await look(refused);
    assert.equal(refusals.unseen.length, unseen);
  });
}

test("a button of its message looks at a refusal, and a message that goes by itself doesn't", async () => {
  await news();
  assert.equal(refusals.unseen.length, 1);
  seen.press = (buttons) => buttons.find((each) => each === "Show Draft");
  await news({ id: "b", title: "Pillion: Implement volume" });
  assert.deepEqual(
    refusals.unseen.map(({ title }) => title),
    [REFUSED.title],
  );
});

/** The labels of the extension's menu, without icons. */
async function menu(state: ServerStatus): Promise<string[]> {
  let labels: string[] = [];
  seen.pick = (rows) => {
    labels = rows.map(({ label }) => label.replace(/^\$\([\w-]+\) /, "")).filter(Boolean);
    return undefined;
  };
  Object.assign(pillion, { server: state });
  await seen.commands.get("pillion.showMenu")?.();
  Object.assign(pillion, { server: { state: "running", detail: "" } });
  return labels;
}

const WITHOUT_SERVER = ["Show Log", "Restart Server", "Open Settings", "Open Configuration File"];
const MENUS: readonly (readonly [ServerStatus, readonly string[]])[] = [
  [
    { state: "missing", detail: "", installable: true },
    ["Install Pillion’s Libraries", ...WITHOUT_SERVER.filter((each) => each !== "Restart Server")],
  ],
  [{ state: "missing", detail: "" }, WITHOUT_SERVER],
  [{ state: "stopped", detail: "" }, WITHOUT_SERVER],
];
for (const [state, rows] of MENUS) {
  test(`without a server the menu has what leads to one: ${JSON.stringify(state)}`, async () => {
    assert.deepEqual(await menu(state), rows);
  });
}

test("the menu has the last edit, for as long as it can be taken back", async () => {
  const running: ServerStatus = { state: "running", detail: "" };
  assert.ok(!(await menu(running)).some((label) => label.startsWith("Undo")));
  applied.undoable = { title: "Refactor area", undo: () => Promise.resolve(asked.push("undone")) };
  assert.equal((await menu(running))[0], "Undo: Refactor area");
  seen.pick = (rows) => rows.find(({ label }) => label.includes("Undo: "));
  await seen.commands.get("pillion.showMenu")?.();
  assert.deepEqual(asked, ["undone"]);
  applied.undoable = undefined;
});
