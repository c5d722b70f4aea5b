import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { harmless, withoutLinks } from "../src/harmless";

const LINK = "[x](command:workbench.action.terminal.new)";
const BROKEN = "[x] (command:workbench.action.terminal.new)";
const jsonrpc = "2.0";

const MESSAGES: readonly (readonly [name: string, given: object, shown: object])[] = [
  [
    "a message",
    { method: "window/showMessage", params: { type: 1, message: LINK } },
    { method: "window/showMessage", params: { type: 1, message: BROKEN } },
  ],
  [
    "a question",
    {
      id: 1,
      method: "window/showMessageRequest",
      params: { type: 1, message: LINK, actions: [{ title: "Download" }] },
    },
    {
      id: 1,
      method: "window/showMessageRequest",
      params: { type: 1, message: BROKEN, actions: [{ title: "Download" }] },
    },
  ],
  [
    "a progress",
    { method: "$/progress", params: { token: "t", value: { kind: "begin", title: LINK, message: LINK } } },
    { method: "$/progress", params: { token: "t", value: { kind: "begin", title: BROKEN, message: BROKEN } } },
  ],
  ["an error", { id: 1, error: { code: 1, message: LINK } }, { id: 1, error: { code: 1, message: BROKEN } }],
  [
    "a job is as it is: its words are our own to show",
    { method: "pillion/job", params: { reason: LINK } },
    { method: "pillion/job", params: { reason: LINK } },
  ],
  ["a result is as it is", { id: 1, result: { text: LINK } }, { id: 1, result: { text: LINK } }],
  [
    "words that are none",
    { method: "window/showMessage", params: { message: 7 } },
    { method: "window/showMessage", params: { message: 7 } },
  ],
];
for (const [name, given, shown] of MESSAGES) {
  test(`no link is in what the server sends: ${name}`, () => {
    assert.deepEqual(harmless({ jsonrpc, ...given }), { jsonrpc, ...shown });
  });
}

test("no link is left", () => {
  assert.equal(withoutLinks(`a ${LINK}${LINK} [b] (c)`), `a ${BROKEN}${BROKEN} [b] (c)`);
});

test("every message goes the way that breaks links", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && name !== "say.ts",
  );
  const direct = files.filter((name) =>
    /\.show(Information|Warning|Error)Message/.test(readFileSync(join("src", name), "utf8")),
  );
  assert.deepEqual(direct, []);
});
