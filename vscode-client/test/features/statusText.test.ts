import assert from "node:assert/strict";
import { test } from "node:test";

import { statusText } from "../../src/features/statusText";
import type { ServerStatus } from "../../src/pillion";
import type { Endpoint, Job, Refused } from "../../src/protocol";
import { JOB, UP } from "../support/rows";

const RUNNING: ServerStatus = { state: "running", detail: "Runs /usr/bin/pillion." };
const DOWN: Endpoint = { ...UP, state: "down", reason: "connection refused" };
const SPEEDY: Endpoint = {
  ...UP,
  state: "working",
  tokens_per_s: 45.2,
  lanes: ["simple", "moderate", "complex"],
  first_in: ["moderate", "complex"],
};
const REFUSED: Refused = {
  job: "1",
  uri: JOB.uri,
  title: JOB.title,
  reason: "it leaves the stub.",
  attempts: [
    { endpoint: "gpu1", model: "small", reason: "it breaks the syntax." },
    { endpoint: "gpu0", model: "large", reason: "it leaves the stub." },
  ],
};
const AUDIT = { endpoint: "gpu1", tokens: 1, tokens_per_s: 1, units: 1 };

interface Case {
  readonly name: string;
  readonly server?: ServerStatus;
  readonly jobs?: readonly Job[];
  readonly refused?: readonly Refused[];
  readonly unseen?: number;
  readonly endpoints?: readonly Endpoint[];
  readonly problems?: readonly string[];
  readonly found?: string;
  readonly text: string;
  readonly severity?: string;
  readonly label?: RegExp;
  readonly tooltip?: RegExp;
}

const CASES: readonly Case[] = [
  {
    name: "ready: the engines, and no path",
    text: "$(check) Pillion",
    label: /ready/,
    tooltip: /^Ready\.\ngpu0 is idle · m · is used for nothing$/,
  },
  {
    name: "which engine is first in which lanes",
    endpoints: [SPEEDY, { ...UP, name: "gpu1", lanes: ["audit"], first_in: [] }],
    text: "$(check) Pillion",
    tooltip:
      /^Ready\.\ngpu0 is working · m · 45 tokens\/s · first in moderate, complex · then in simple\ngpu1 is idle · m · then in audit$/,
  },
  {
    name: "an older server tells of lanes only",
    endpoints: [{ ...UP, lanes: ["simple"] }],
    text: "$(check) Pillion",
    tooltip: /gpu0 is idle · m · does simple$/,
  },
  {
    name: "one that waits for the user",
    jobs: [{ ...JOB, state: "queued", endpoint: null, doing: "waits for you" }],
    text: "$(sync~spin) Pillion: waits for you",
    tooltip: /area: waits for you/,
  },
  {
    name: "one that tries again",
    jobs: [{ ...JOB, doing: "trying again: it breaks the syntax." }],
    text: "$(sync~spin) Pillion: trying again: it breaks the syntax.",
  },
  {
    name: "what it is doing is in the server's words",
    jobs: [{ ...JOB, state: "auditing", audit: AUDIT, doing: "local checks" }],
    text: "$(sync~spin) Pillion: local checks",
  },
  {
    name: "words that can't be an icon",
    jobs: [{ ...JOB, doing: "trying again: $(bug)" }],
    text: "$(sync~spin) Pillion: trying again: $ (bug)",
  },
  {
    name: "long words are all in the tooltip",
    jobs: [{ ...JOB, doing: `trying again: ${"x".repeat(90)}` }],
    text: `$(sync~spin) Pillion: trying again: ${"x".repeat(45)}…`,
    tooltip: /x{90}/,
  },
  {
    name: "too much at once: what was found is whole",
    jobs: [
      {
        ...JOB,
        doing: "drafting on gpu0 · 69 tokens · 24 tokens/s · gpu1 audits",
        findings: 2,
        severities: { warning: 1, information: 1 },
      },
    ],
    text: "$(sync~spin) Pillion: drafting on gpu0 · gpu1 audits · 1 warning, 1 note",
    tooltip: /69 tokens · 24 tokens\/s · gpu1 audits · 1 warning, 1 note/,
  },
  {
    name: "too much at once: the count goes before the speed",
    jobs: [
      {
        ...JOB,
        doing: "drafting on gpu0 · 69 tokens · 24 tokens/s",
        findings: 2,
        severities: { warning: 1, information: 1 },
      },
    ],
    text: "$(sync~spin) Pillion: drafting on gpu0 · 24 tokens/s · 1 warning, 1 note",
  },
  {
    name: "all of it, where it has room",
    jobs: [{ ...JOB, doing: "drafting on gpu0 · 69 tokens · 24 tokens/s · gpu1 audits" }],
    text: "$(sync~spin) Pillion: drafting on gpu0 · 69 tokens · 24 tokens/s · gpu1 audits",
  },
  {
    name: "what was found, beside them",
    jobs: [{ ...JOB, doing: "local checks", findings: 1, severities: { error: 1 } }],
    text: "$(sync~spin) Pillion: local checks · 1 error",
  },
  {
    name: "a refusal stays in the tooltip",
    refused: [REFUSED],
    text: "$(check) Pillion",
    tooltip:
      /^Implement area was refused: gpu1 \(small\): it breaks the syntax\. · gpu0 \(large\): it leaves the stub\.\n/,
  },
  {
    name: "a refusal that nobody has looked at",
    refused: [REFUSED],
    unseen: 1,
    text: "$(error) Pillion: 1 draft refused",
    label: /1 draft refused/,
  },
  { name: "two of them", refused: [REFUSED, REFUSED], unseen: 2, text: "$(error) Pillion: 2 drafts refused" },
  {
    name: "a refusal beside an offer",
    jobs: [{ ...JOB, state: "offered" }],
    refused: [REFUSED],
    unseen: 1,
    text: "$(git-pull-request) Pillion: 1 draft to review, 1 refused",
  },
  {
    name: "a refusal while an engine is down",
    refused: [REFUSED],
    unseen: 1,
    endpoints: [DOWN],
    text: "$(warning) Pillion: gpu0 is down",
    severity: "warning",
  },
  {
    name: "a refusal while another works",
    jobs: [JOB],
    refused: [REFUSED],
    unseen: 1,
    text: "$(sync~spin) Pillion: gpu0 45 tokens/s",
  },
  {
    name: "its libraries aren't wanted yet",
    server: { state: "missing", detail: "Not installed.", installable: true },
    text: "$(desktop-download) Pillion: not installed",
    severity: "warning",
    tooltip: /Not installed/,
  },
  { name: "starting", server: { state: "starting", detail: "" }, text: "$(sync~spin) Pillion", tooltip: /starting/ },
  {
    name: "asking",
    server: { state: "asking", detail: "May it?" },
    text: "$(question) Pillion: may it install?",
    severity: "warning",
    tooltip: /May it/,
  },
  {
    name: "missing",
    server: { state: "missing", detail: "Install Python." },
    text: "$(error) Pillion: no server",
    severity: "error",
    tooltip: /Install Python/,
  },
  { name: "stopped", server: { state: "stopped", detail: "x" }, text: "$(error) Pillion stopped", severity: "error" },
  {
    name: "queued",
    jobs: [{ ...JOB, state: "queued", endpoint: null }],
    text: "$(sync~spin) Pillion: waiting for an endpoint",
  },
  {
    name: "drafting",
    jobs: [JOB],
    text: "$(sync~spin) Pillion: gpu0 45 tokens/s",
    label: /Implement area, drafting on gpu0/,
  },
  { name: "before the first token", jobs: [{ ...JOB, tokens_per_s: 0 }], text: "$(sync~spin) Pillion: gpu0 drafts" },
  { name: "a slow engine", jobs: [{ ...JOB, tokens_per_s: 3.25 }], text: "$(sync~spin) Pillion: gpu0 3.3 tokens/s" },
  { name: "audited", jobs: [{ ...JOB, audit: AUDIT }], text: "$(sync~spin) Pillion: gpu0 45 tokens/s · gpu1 audits" },
  {
    name: "auditing",
    jobs: [{ ...JOB, state: "auditing", audit: AUDIT, findings: 1, severities: { error: 1 } }],
    text: "$(sync~spin) Pillion: gpu1 audits · 1 error",
  },
  {
    name: "several",
    jobs: [JOB, { ...JOB, id: "2" }],
    text: "$(sync~spin) Pillion: 2 jobs",
    tooltip: /area.*\n.*area/,
  },
  {
    name: "on offer",
    jobs: [{ ...JOB, state: "offered" }],
    text: "$(git-pull-request) Pillion: 1 draft to review",
    tooltip: /Implement area \(by gpu0\): waits for your review/,
  },
  {
    name: "down",
    endpoints: [DOWN],
    text: "$(warning) Pillion: gpu0 is down",
    severity: "warning",
    tooltip: /connection refused/,
  },
  {
    name: "engines that were found",
    found: "Found Ollama on port 11434: qwen2.5-coder:7b does all the work.",
    text: "$(check) Pillion",
    tooltip: /^Ready\.\nFound Ollama on port 11434/,
  },
  {
    name: "a mistake in the configuration",
    problems: ["config.toml: isn't TOML"],
    text: "$(warning) Pillion: 1 mistake in your configuration",
    severity: "warning",
    tooltip: /isn't TOML/,
  },
  {
    name: "a mistake while one drafts",
    jobs: [JOB],
    problems: ["x"],
    text: "$(warning) $(sync~spin) Pillion: gpu0 45 tokens/s",
    severity: "warning",
  },
  {
    name: "two down",
    endpoints: [DOWN, { ...DOWN, name: "gpu1" }],
    text: "$(warning) Pillion: 2 endpoints are down",
    severity: "warning",
  },
  {
    name: "down while another drafts",
    jobs: [JOB],
    endpoints: [DOWN],
    text: "$(warning) $(sync~spin) Pillion: gpu0 45 tokens/s",
    severity: "warning",
  },
  {
    name: "a name can't be an icon",
    endpoints: [{ ...DOWN, name: "$(bug)" }],
    text: "$(warning) Pillion: $ (bug) is down",
    severity: "warning",
  },
];

for (const {
  name,
  server = RUNNING,
  jobs = [],
  refused = [],
  unseen = 0,
  endpoints = [UP],
  problems = [],
  found = "",
  text,
  severity = "none",
  label,
  tooltip,
} of CASES) {
  test(`the status item: ${name}`, () => {
    const shown = statusText({ server, jobs, refused, unseen, endpoints, problems, found });
    assert.equal(shown.text, text);
    assert.match(shown.text, /Pillion/, "whose words they are");
    assert.equal(shown.severity, severity);
    assert.match(shown.label, label ?? /Pillion/);
    assert.match(shown.tooltip, tooltip ?? /./);
    assert.doesNotMatch(shown.label, /\$\(/);
  });
}
