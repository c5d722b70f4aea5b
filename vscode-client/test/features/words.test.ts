import assert from "node:assert/strict";
import { test } from "node:test";

import { choiceRows } from "../../src/features/choices";
import { body, page } from "../../src/features/dashboardHtml";
import { endpointRow } from "../../src/features/endpointItems";
import { withoutThoughts } from "../../src/features/prose";
import { ageText, sizeText } from "../../src/features/words";
import type { Choice, Endpoint } from "../../src/protocol";

const GPU1: Endpoint = {
  name: "gpu1",
  protocol: "ollama",
  model: "small",
  location: "local",
  url: "http://127.0.0.1:2",
  api_key_env: null,
  lanes: ["simple", "audit"],
  state: "idle",
  reason: null,
  tokens_per_s: 88.4,
};

const THOUGHTS: readonly (readonly [raw: string, text: string, thinking: boolean])[] = [
  ["It adds.", "It adds.", false],
  ["<think>hm", "", true],
  ["<think>hm</think>\nIt adds.", "It adds.", false],
  ["hm, so</think>It adds.", "It adds.", false],
  ["It <think>a</think>adds<think>b", "It adds", true],
  ["It adds.<thi", "It adds.", false],
  ["a < b", "a < b", false],
];
for (const [raw, text, thinking] of THOUGHTS) {
  test(`thoughts are left out of ${JSON.stringify(raw)}`, () => {
    assert.deepEqual(withoutThoughts(raw), { text, thinking });
  });
}

const AGES: readonly (readonly [seconds: number, text: string])[] = [
  [3, "just now"],
  [61, "1 minute ago"],
  [7300, "2 hours ago"],
  [200_000, "2 days ago"],
];
for (const [seconds, text] of AGES) {
  test(`an age: ${text}`, () => {
    assert.equal(ageText(seconds), text);
  });
}

test("sizes", () => {
  assert.deepEqual([1, 999, 2345, 3_100_000].map(sizeText), ["1 byte", "999 bytes", "2.3 kB", "3.1 MB"]);
});

test("the choice that the words ask for comes first, and says who audits", () => {
  const choice = (tier: Choice["tier"], action: string): Choice => ({
    tier,
    action,
    title: action,
    endpoint: "gpu0",
    model: "large",
    auditor: tier === "COMPLEX" ? "gpu1" : null,
  });
  const rows = choiceRows({
    symbol: "area",
    reason: "new code",
    choice: 1,
    choices: [choice("SIMPLE", "docstring"), choice("COMPLEX", "implement")],
  });
  assert.deepEqual(
    rows.map(({ label, description, detail }) => [label, description, detail]),
    [
      ["implement", "COMPLEX · gpu0, large · audited by gpu1", "new code"],
      ["docstring", "SIMPLE · gpu0, large", undefined],
    ],
  );
});

test("an endpoint that is down says why", () => {
  const row = endpointRow({ ...GPU1, state: "down", reason: "connection refused" });
  assert.deepEqual(row, {
    label: "$(warning) gpu1",
    description: "down · small · 88 tokens/s",
    detail: "connection refused — does simple, audit · local · http://127.0.0.1:2",
  });
});

const LANES: readonly (readonly [more: Partial<Endpoint>, detail: string])[] = [
  [{ first_in: ["audit"] }, "first in audit · then in simple · local"],
  [{ first_in: ["simple", "audit"] }, "first in simple, audit · local"],
  [{ first_in: [] }, "then in simple, audit · local"],
  [{}, "does simple, audit · local"],
  [{ lanes: [], first_in: [] }, "is used for nothing · local"],
];
for (const [more, detail] of LANES) {
  test(`an endpoint's lanes: ${detail}`, () => {
    assert.equal(endpointRow({ ...GPU1, url: null, ...more }).detail, detail);
  });
}

test("the dashboard says who goes first in each lane", () => {
  const nothing = {
    jobs: [],
    findings: [],
    dual_gpu: { audited_jobs: 0, overlap_ratio: 0, audit_lag_tokens: 0, audit_tail_s: 0 },
  };
  const html = body(nothing, [{ ...GPU1, first_in: ["audit"] }]);
  assert.match(html, /First in<\/th><th scope="col">Also in<.*<td>audit<\/td><td>simple<\/td>/);
});

test("the dashboard escapes what isn't ours, and loads nothing", () => {
  const stats = {
    jobs: [{ tier: "SIMPLE", action: "<img src=x>", result: "edit", count: 1 }],
    findings: [],
    dual_gpu: { audited_jobs: 0, overlap_ratio: 0, audit_lag_tokens: 0, audit_tail_s: 0 },
  };
  const html = page("abc", body(stats, [{ ...GPU1, state: "down", reason: '"><script>' }]));
  assert.doesNotMatch(html, /<img|"><script>/);
  assert.match(html, /default-src 'none'; style-src 'nonce-abc'; script-src 'nonce-abc'/);
});
