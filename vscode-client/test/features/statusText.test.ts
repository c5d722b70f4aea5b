import assert from "node:assert/strict";
import { test } from "node:test";

import { statusText } from "../../src/features/statusText";
import type { ServerStatus } from "../../src/pillion";
import type { Endpoint, Job } from "../../src/protocol";

const RUNNING: ServerStatus = { state: "running", detail: "Runs /usr/bin/pillion." };
const JOB: Job = {
  id: "1", action: "implement", output: "code", state: "drafting", tier: "COMPLEX", uri: "file:///w/shop.py", title: "Pillion: Implement area",
  endpoint: "gpu0", tokens: 120, tokens_per_s: 45.2, findings: 0, severities: {}, review: false,
};
const UP: Endpoint = {
  name: "gpu0", protocol: "ollama", model: "m", location: "local", url: null, api_key_env: null, lanes: [], state: "idle",
  reason: null, tokens_per_s: null,
};
const DOWN: Endpoint = { ...UP, state: "down", reason: "connection refused" };
const AUDIT = { endpoint: "gpu1", tokens: 1, tokens_per_s: 1, units: 1 };

interface Case {
  readonly name: string;
  readonly server?: ServerStatus;
  readonly jobs?: readonly Job[];
  readonly endpoints?: readonly Endpoint[];
  readonly problems?: readonly string[];
  readonly text: string;
  readonly severity?: string;
  readonly label?: RegExp;
  readonly tooltip?: RegExp;
}

const CASES: readonly Case[] = [
  { name: "ready", text: "$(check) Pillion", label: /ready/, tooltip: /\/usr\/bin\/pillion/ },
  { name: "starting", server: { state: "starting", detail: "" }, text: "$(sync~spin) Pillion", tooltip: /starting/ },
  { name: "asking", server: { state: "asking", detail: "May it?" }, text: "$(question) Pillion: may it install?", severity: "warning", tooltip: /May it/ },
  { name: "missing", server: { state: "missing", detail: "Install Python." }, text: "$(error) Pillion: no server", severity: "error", tooltip: /Install Python/ },
  { name: "stopped", server: { state: "stopped", detail: "x" }, text: "$(error) Pillion stopped", severity: "error" },
  { name: "queued", jobs: [{ ...JOB, state: "queued", endpoint: null }], text: "$(sync~spin) waiting for an endpoint" },
  { name: "drafting", jobs: [JOB], text: "$(sync~spin) gpu0 45 tokens/s", label: /Implement area, drafting on gpu0/ },
  { name: "before the first token", jobs: [{ ...JOB, tokens_per_s: 0 }], text: "$(sync~spin) gpu0 drafts" },
  { name: "a slow engine", jobs: [{ ...JOB, tokens_per_s: 3.25 }], text: "$(sync~spin) gpu0 3.3 tokens/s" },
  { name: "audited", jobs: [{ ...JOB, audit: AUDIT }], text: "$(sync~spin) gpu0 45 tokens/s · gpu1 audits" },
  { name: "auditing", jobs: [{ ...JOB, state: "auditing", audit: AUDIT, findings: 1, severities: { error: 1 } }], text: "$(sync~spin) gpu1 audits · 1 error" },
  { name: "several", jobs: [JOB, { ...JOB, id: "2" }], text: "$(sync~spin) Pillion: 2 jobs", tooltip: /area.*\n.*area/ },
  { name: "on offer", jobs: [{ ...JOB, state: "offered" }], text: "$(git-pull-request) 1 draft to review" },
  { name: "down", endpoints: [DOWN], text: "$(warning) gpu0 is down", severity: "warning", tooltip: /connection refused/ },
  { name: "a mistake in the configuration", problems: ["config.toml: isn't TOML"], text: "$(warning) Pillion: 1 mistake in your configuration", severity: "warning", tooltip: /isn't TOML/ },
  { name: "a mistake while one drafts", jobs: [JOB], problems: ["x"], text: "$(warning) $(sync~spin) gpu0 45 tokens/s", severity: "warning" },
  { name: "two down", endpoints: [DOWN, { ...DOWN, name: "gpu1" }], text: "$(warning) 2 endpoints are down", severity: "warning" },
  { name: "down while another drafts", jobs: [JOB], endpoints: [DOWN], text: "$(warning) $(sync~spin) gpu0 45 tokens/s", severity: "warning" },
  { name: "a name can't be an icon", endpoints: [{ ...DOWN, name: "$(bug)" }], text: "$(warning) $ (bug) is down", severity: "warning" },
];

for (const { name, server = RUNNING, jobs = [], endpoints = [UP], problems = [], text, severity = "none", label, tooltip } of CASES) {
  test(`the status item: ${name}`, () => {
    const shown = statusText(server, jobs, endpoints, problems);
    assert.equal(shown.text, text);
    assert.equal(shown.severity, severity);
    assert.match(shown.label, label ?? /Pillion/);
    assert.match(shown.tooltip, tooltip ?? /./);
    assert.doesNotMatch(shown.label, /\$\(/);
  });
}
