/** The sets of models to choose from, as rows. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { modelRows } from "../../src/features/modelItems";
import type { ModelChoice } from "../../src/protocol";

const QUICK: ModelChoice = {
  name: "quick",
  about: "0.5B for both",
  size_bytes: 491_400_064,
  missing_bytes: 491_400_064,
  memory_bytes: 1_400_000_000,
  speed: "about 22 tokens/s",
  unfit: "",
};

test("a row says what it costs, and what to expect", () => {
  assert.deepEqual(modelRows({ chosen: null, own_endpoints: false, choices: [QUICK] }), [
    {
      label: "Quick",
      description: "0.5B for both",
      detail: "491.4 MB to download · 1.4 GB of memory · about 22 tokens/s",
      use: "quick",
    },
  ]);
});

for (const [chosen, label] of [
  ["quick", "$(check) Quick"],
  ["my-model", "Quick"],
] as const) {
  test(`what holds now is marked: ${chosen}`, () => {
    const [row] = modelRows({ chosen, own_endpoints: false, choices: [{ ...QUICK, missing_bytes: 0 }] });
    assert.equal(row?.label, label);
    assert.match(row.detail, /^here already · /);
  });
}

test("what this machine can’t run isn’t offered", () => {
  const choices = [{ ...QUICK, unfit: "it needs 4 GB of free memory" }];
  assert.deepEqual(modelRows({ chosen: null, own_endpoints: false, choices }), []);
});
