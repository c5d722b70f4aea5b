import assert from "node:assert/strict";
import { test } from "node:test";

import { placement } from "../../src/features/review/placement";
import { Poller } from "../../src/features/review/poller";
import { fixesOf } from "../../src/features/review/fixes";
import { lensTexts, reviewTitle } from "../../src/features/review/texts";
import type { Fix } from "../../src/features/review/texts";
import type { Job, JobState } from "../../src/protocol";

const JOB: Job = {
  id: "1",
  action: "implement",
  output: "code",
  state: "drafting",
  tier: "COMPLEX",
  uri: "file:///w/my%20shop.py",
  title: "Pillion: Implement area",
  endpoint: "gpu0",
  tokens: 1,
  tokens_per_s: 1,
  findings: 0,
  severities: {},
  review: true,
};

const TITLES: readonly (readonly [JobState, string])[] = [
  ["drafting", "my shop.py ↔ Pillion: Implement area"],
  ["auditing", "my shop.py ↔ Pillion: Implement area"],
  ["offered", "my shop.py ↔ Pillion: Implement area"],
  ["queued", "my shop.py ↔ Pillion: Implement area"],
  ["ready", "my shop.py ↔ Pillion: Implement area"],
  ["refused", "my shop.py ↔ Pillion: Implement area (refused)"],
  ["failed", "my shop.py ↔ Pillion: Implement area (failed)"],
];
for (const [state, title] of TITLES) {
  test(`the title of a review: ${state}`, () => {
    assert.equal(reviewTitle({ ...JOB, state }), title);
  });
}

const ADD: Fix = { title: "Add the import: import re", finding: "f1", ways: [] };
const LENSES: readonly (readonly [
  Partial<Job> & {
    readonly ready?: boolean;
    readonly homeless?: boolean;
    readonly fixes?: readonly Fix[];
    readonly inPlace?: boolean;
  },
  readonly string[],
])[] = [
  [{ state: "drafting" }, ["✗ Reject", "drafting…"]],
  [{ state: "auditing", findings: 2, severities: { warning: 2 } }, ["✗ Reject", "auditing… · 2 warnings"]],
  [{ state: "offered" }, ["✓ Accept", "✗ Reject", "↻ Again…", "by gpu0"]],
  [
    { state: "offered", reason: "An error.", findings: 1, severities: { error: 1 } },
    ["✓ Accept", "✗ Reject", "↻ Again…", "1 error · An error · by gpu0"],
  ],
  [
    { state: "offered", reason: "a ".repeat(40) },
    ["✓ Accept", "✗ Reject", "↻ Again…", `${"a ".repeat(30).trimEnd()}… · by gpu0`],
  ],
  [{ state: "offered", ready: false }, ["✗ Reject", "by gpu0"]],
  [
    { state: "offered", ready: false, homeless: true, reason: "An error." },
    ["✗ Reject", "what it would change isn’t in the document now · by gpu0"],
  ],
  [{ state: "offered", reason: "you review every edit." }, ["✓ Accept", "✗ Reject", "↻ Again…", "by gpu0"]],
  [
    { state: "offered", inPlace: true, reason: "Broken." },
    ["✓ Accept", "✗ Reject", "↻ Again…", "Show Diff", "Broken · by gpu0"],
  ],
  [{ state: "offered", fixes: [ADD] }, ["✓ Accept", "✗ Reject", "↻ Again…", "+ Add the import: import re", "by gpu0"]],
  [{ state: "offered", ready: false, fixes: [ADD] }, ["✗ Reject", "by gpu0"]],
  [{ state: "drafting", fixes: [ADD] }, ["✗ Reject", "drafting…"]],
  [{ state: "refused", reason: "Broken." }, ["✗ Close", "refused · Broken"]],
  [{ state: "refused", reason: "a $(sync~spin)" }, ["✗ Close", "refused · a $ (sync~spin)"]],
];
for (const [{ ready = true, homeless = false, fixes = [], inPlace = false, ...more }, titles] of LENSES) {
  test(`code lenses: ${titles.join(" | ")}`, () => {
    assert.deepEqual(
      lensTexts({ job: { ...JOB, ...more }, ready, homeless, fixes, inPlace }).map(({ title }) => title),
      titles,
    );
  });
}

test("of what a lens has no room for, the mouse and a click say all", () => {
  const words = ({ ...more }: Partial<Job>): unknown[] =>
    lensTexts({ job: { ...JOB, ...more }, ready: true, homeless: false, fixes: [] })
      .map(({ command, tooltip }) => [command, tooltip])
      .slice(3);
  const reason = `An error: ${"a ".repeat(60)}b.`;
  assert.deepEqual(words({ state: "offered", reason, findings: 1, severities: { error: 1 } }), [
    ["pillion.showReason", `1 error · ${reason.slice(0, -1)} · by gpu0`],
  ]);
  assert.deepEqual(words({ state: "offered", findings: 1, severities: { error: 1 } }), [["", "1 error · by gpu0"]]);
});

test("what can be put in order is told once, and only by findings that say how", () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const found = [
    undefined,
    { id: "a" },
    { id: "b", fix: 7 },
    { id: "c", fix: "Add it" },
    { id: "d", fix: "Add it" },
    { fix: "No id" },
    "data",
    null,
  ];
  assert.deepEqual(fixesOf(found.map((data) => ({ range, message: "", data }))), [
    { title: "Add it", finding: "c", ways: [] },
  ]);
});

test("of several imports that would settle a finding the user is asked for one; the same question is there once", () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const ways = ["asyncio", "time"].map((module) => ({
    title: `Add the import: from ${module} import sleep`,
    import: `from ${module} import sleep`,
  }));
  const one = [{ title: "Add the import: import re", import: "import re" }];
  const found = [
    { id: "a", fixes: ways },
    { id: "b", fixes: [...ways] },
    { id: "c", fix: one[0]?.title, fixes: one },
    { id: "d", fixes: [] },
    { id: "e", fixes: [{ title: 7 }, null] },
    { id: "f", fixes: "x" },
  ];
  assert.deepEqual(fixesOf(found.map((data) => ({ range, message: "", data }))), [
    { title: "Add the import…", finding: "a", ways },
    { title: "Add the import: import re", finding: "c", ways: one },
  ]);
});

const PLACES: readonly (readonly [string, Partial<Parameters<typeof placement>[0]>, ReturnType<typeof placement>])[] = [
  ["at once after the click", {}, "active"],
  ["too late", { nowMs: 2001 }, "beside"],
  ["in another editor", { inSameEditor: false }, "beside"],
  ["typed since", { typedAtMs: 100 }, "beside"],
  ["typed before", { typedAtMs: -100 }, "active"],
];
for (const [name, more, column] of PLACES) {
  test(`where a review opens: ${name}`, () => {
    const found = placement({ nowMs: 500, startedAtMs: 0, typedAtMs: -Infinity, inSameEditor: true, ...more });
    assert.equal(found, column);
  });
}

interface Pace {
  readonly name: string;
  readonly takesMs: number;
  readonly restMs?: number;
  readonly lastsMs: number;
  readonly atMost: number;
  readonly atLeast: number;
}
const PACES: readonly Pace[] = [
  { name: "quick previews come five times a second", takesMs: 10, lastsMs: 2000, atMost: 11, atLeast: 9 },
  { name: "large previews are shown once in a while", takesMs: 10, restMs: 1000, lastsMs: 4000, atMost: 4, atLeast: 3 },
  { name: "slow previews leave room", takesMs: 500, lastsMs: 10_000, atMost: 5, atLeast: 4 },
];
for (const { name, takesMs, restMs = 0, lastsMs, atMost, atLeast } of PACES) {
  test(name, async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    let [asked, running, most] = [0, 0, 0];
    const poller = new Poller<number>({
      ask: async () => {
        asked += 1;
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, takesMs));
        running -= 1;
        return asked;
      },
      take: () => restMs,
      fail: (error) => {
        throw error;
      },
    });
    for (let atMs = 0; atMs < lastsMs; atMs += 5) {
      poller.request();
      context.mock.timers.tick(5);
      await Promise.resolve()
        .then(() => undefined)
        .then(() => undefined)
        .then(() => undefined);
    }
    poller.dispose();
    assert.equal(most, 1);
    assert.ok(asked <= atMost && asked >= atLeast, `asked ${asked} times`);
  });
}

test("a preview that fails isn't the last", async () => {
  const failures: unknown[] = [];
  let asked = 0;
  const taken = await new Promise<number>((resolve) => {
    const poller: Poller<number> = new Poller<number>({
      ask: () => (asked++ === 0 ? Promise.reject(new Error("no")) : Promise.resolve(7)),
      take: (answer) => {
        resolve(answer);
        return 0;
      },
      fail: (error) => {
        failures.push(error);
        poller.request();
      },
    });
    poller.request();
  });
  assert.equal(taken, 7);
  assert.equal(failures.length, 1);
});
