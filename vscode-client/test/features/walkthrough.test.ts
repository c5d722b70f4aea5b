/** Which steps of the walkthrough are ticked. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { JobBook } from "../../src/features/jobs";
import { registerWalkthrough } from "../../src/features/walkthrough";
import type { Pillion, ServerStatus } from "../../src/pillion";
import type { Endpoint, Job } from "../../src/protocol";
import { EventEmitter, seen } from "../support/vscode";

const jobs = new EventEmitter<Job>();
const endpoints = new EventEmitter<readonly Endpoint[]>();
let hasModels = false;
const pillion = {
  onJob: jobs.event,
  onServer: new EventEmitter<ServerStatus>().event,
  onEndpoints: endpoints.event,
  get hasModels() {
    return hasModels;
  },
} as unknown as Pillion;
registerWalkthrough(pillion, new JobBook(pillion));

const ticked = (): string[] =>
  [...seen.context]
    .filter(([, done]) => done === true)
    .map(([name]) => String(name))
    .sort();

for (const [engines, steps] of [
  [[], []],
  [["embedded idle", "embedded idle"], []],
  [["ollama down"], []],
  [["ollama idle", "embedded idle"], ["pillion.hasEngine"]],
  [["ollama working", "openai down"], ["pillion.hasEngine"]],
  [
    ["ollama idle", "openai working"],
    ["pillion.hasEngine", "pillion.hasTwoEngines"],
  ],
] as const) {
  test(`engines: ${engines.join(", ") || "none"}`, () => {
    endpoints.fire(
      engines.map((each) => {
        const [protocol, state] = each.split(" ");
        return { protocol, state } as Endpoint;
      }),
    );
    assert.deepEqual(ticked(), steps);
  });
}

test("the model, however it came", () => {
  hasModels = true;
  endpoints.fire([]);
  assert.deepEqual(ticked(), ["pillion.hasModel"]);
  hasModels = false;
});

test("the first job", () => {
  endpoints.fire([]);
  jobs.fire({ id: "a", state: "queued" } as Job);
  assert.deepEqual(ticked(), ["pillion.ran"]);
});
