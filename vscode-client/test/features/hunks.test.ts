/** What of a draft is shown in its document, and how. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { HunkChange } from "../../src/protocol";
import { fenced } from "../../src/features/review/hunkThreads";
import { canBeInline, inOneLine, isSmall, shownHunk } from "../../src/features/review/hunks";
import { hunksBetween } from "../support/reviewing";

const DOC = "def f(a):\n    return a\n\n\ndef g():\n    pass\n";
interface Addition {
  readonly name: string;
  readonly before?: string;
  readonly after: string;
  readonly shown: readonly string[] | undefined;
}
const ADDITIONS: readonly Addition[] = [
  { name: "a line", after: DOC.replace("(a):\n", '(a):\n    """Give a."""\n'), shown: ['0 ⏎ """Give a."""'] },
  {
    name: "lines in two places",
    after: DOC.replace("(a):\n", "(a):\n    # one\n").replace("g():\n", "g():\n    # two\n"),
    shown: ["0 ⏎ # one", "4 ⏎ # two"],
  },
  { name: "an empty line after it", after: DOC.replace("(a):\n", '(a):\n    """A."""\n\n'), shown: ['0 ⏎ """A.""" ⏎'] },
  {
    name: "other line ends",
    before: DOC.replaceAll("\n", "\r\n"),
    after: DOC.replace("(a):\n", "(a):\n    # one\n"),
    shown: ["0 ⏎ # one"],
  },
  {
    name: "a line that reads like the next one",
    after: DOC.replace("    return a\n", "    return a\n    return a\n"),
    shown: ["1 ⏎ return a"],
  },
  { name: "nothing", after: DOC, shown: undefined },
  { name: "a changed line", after: DOC.replace("return a", "return a + 1"), shown: undefined },
  { name: "a line that is gone", after: DOC.replace("    pass\n", ""), shown: undefined },
  {
    name: "a line that went elsewhere",
    after: DOC.replace("    pass\n", "").replace("(a):\n", "(a):\n    pass\n"),
    shown: undefined,
  },
  { name: "the first line", after: `import re\n${DOC}`, shown: undefined },
  {
    name: "many lines in one place",
    after: DOC.replace("(a):\n", "(a):\n    # 1\n    # 2\n    # 3\n    # 4\n"),
    shown: undefined,
  },
  { name: "a long line", after: DOC.replace("(a):\n", `(a):\n    # ${"x".repeat(130)}\n`), shown: undefined },
  { name: "many lines", before: "a\n".repeat(20), after: "a\nb\n".repeat(20), shown: undefined },
];
for (const { name, before = DOC, after, shown } of ADDITIONS) {
  test(`what is shown in place: ${name}`, () => {
    const hunks = hunksBetween(before.replaceAll("\r\n", "\n"), after).map(shownHunk);
    const changes = hunks.flatMap((each) => each.changes);
    assert.deepEqual(isSmall(hunks) ? changes.map((each) => `${each.after}${inOneLine(each)}`) : undefined, shown);
  });
}

const change = (from: number, to: number, newText: string): HunkChange => ({
  range: { start: { line: from, character: 0 }, end: { line: to, character: 0 } },
  written: { start: { line: from, character: 0 }, end: { line: from + 1, character: 0 } },
  oldText: "",
  newText,
});
const INLINE: readonly (readonly [string, HunkChange, string | undefined])[] = [
  ["one line instead of one", change(3, 4, "  b\n"), "removed 3-3, after 3 → b"],
  ["two instead of one", change(3, 4, "  b\n  c\n"), "removed 3-3, after 3 → b ⏎ c"],
  ["lines that go", change(3, 6, ""), "removed 3-5, after 5"],
  ["a new first line", change(0, 0, "a\n"), "after -1 ⏎ a, below"],
  ["four lines", change(3, 4, "a\nb\nc\nd\n"), "removed 3-3, after 3 → a ⏎ b ⏎ c ⏎ d, below"],
  ["too many lines", change(3, 4, "a\n".repeat(41)), undefined],
];
for (const [name, given, shown] of INLINE) {
  test(`what is shown inline: ${name}`, () => {
    const hunk = shownHunk({ id: "h", changes: [given], brings: [] });
    const [first] = hunk.changes;
    const removed = first?.removed === undefined ? "" : `removed ${first.removed.join("-")}, `;
    const words =
      first === undefined ? "" : `${removed}after ${first.after}${inOneLine(first)}${first.long ? ", below" : ""}`;
    assert.equal(canBeInline([hunk]) ? words : undefined, shown);
  });
}

test("code that has fences stays in its own", () => {
  for (const code of ["a", "```\n[x](command:y)\n```", "`````"]) {
    const [first = "", ...rest] = fenced(code, "py`thon\n").split("\n");
    const fence = /^`+/.exec(first)?.[0] ?? "";
    assert.equal(first, `${fence}python`);
    assert.equal(rest.pop(), fence);
    assert.ok(fence.length >= 3 && !code.includes(fence));
    assert.equal(rest.join("\n"), code);
  }
});
