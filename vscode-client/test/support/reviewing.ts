/** A server that answers as a test wants, and the reviews of its drafts. */

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { JobBook } from "../../src/features/jobs";
import { Refusals } from "../../src/features/refusals";
import { RefusedDrafts } from "../../src/features/refusedDrafts";
import { RefusedMenu } from "../../src/features/refusedMenu";
import { registerDecisions } from "../../src/features/review/decide";
import { Reviews } from "../../src/features/review/reviews";
import type { Pillion, ServerStatus } from "../../src/pillion";
import type { Hunk, Job, Preview } from "../../src/protocol";
import { Document, EventEmitter, Uri, seen, window } from "./vscode";

export const JOB: Job = {
  id: "a",
  action: "implement",
  output: "code",
  state: "drafting",
  tier: "COMPLEX",
  uri: "file:///w/s.py",
  title: "Pillion: Implement area",
  endpoint: "gpu0",
  tokens: 1,
  tokens_per_s: 1,
  findings: 0,
  severities: {},
  review: true,
};

export const jobs = new EventEmitter<Job>();
const server = new EventEmitter<ServerStatus>();
const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
const AT_FIRST = {
  complete: true,
  failures: 0,
  applied: true,
  gone: false,
  found: true,
  hunks: undefined as readonly Hunk[] | undefined,
  shown: "x",
  changed: NOWHERE,
  fixed: { fixed: true } as { fixed: boolean; reason?: string },
  whileCancelling: (): void => undefined,
  whileDeciding: (): void => undefined,
};
/** How the server answers. */
export const now = { ...AT_FIRST };
/** The commands that it was given, and the imports that it was told to add. */
export const asked: string[] = [];
export const imports: unknown[] = [];
/** The hunks that it was told of, and the words for another draft. */
export const decided: unknown[] = [];

export function news(more: Partial<Job>): Promise<void> {
  jobs.fire({ ...JOB, ...more });
  return sleep(40);
}

function preview(job: string): Preview | null {
  if (now.gone) return null;
  if (now.failures-- > 0) throw new Error("not now");
  const diagnostics = now.found ? [{ range: NOWHERE, message: `found in ${job}` }] : [];
  const { hunks = hunksBetween(textOf(JOB.uri), now.shown) } = now;
  return {
    job,
    uri: JOB.uri,
    version: 1,
    text: now.shown,
    complete: now.complete,
    diagnostics,
    changed: now.changed,
    hunks,
  };
}

function textOf(uri: string): string {
  const document = seen.documents.find((each) => each.uri.toString() === Uri.parse(uri).toString());
  return document instanceof Document ? document.text : "";
}

/** A hunk for each stretch of lines that differ, as long as the equal lines stand in order. */
export function hunksBetween(before: string, after: string): Hunk[] {
  const [old, made] = [before.split(/(?<=\n)/), after.split(/(?<=\n)/)];
  const hunks: Hunk[] = [];
  let [at, to] = [0, 0];
  while (at < old.length || to < made.length) {
    if (old[at] === made[to]) {
      at += 1;
      to += 1;
      continue;
    }
    const [from, start] = [at, to];
    const same = at < old.length ? made.indexOf(old[at] ?? "", to) : made.length;
    const nextOld = (): number => old.indexOf(made[to] ?? "\0", at);
    if (same >= 0) {
      to = same;
    } else {
      while (to < made.length && nextOld() < 0) to += 1;
      at = to < made.length ? nextOld() : old.length;
    }
    const range = { start: { line: from, character: 0 }, end: { line: at, character: 0 } };
    const written = { start: { line: start, character: 0 }, end: { line: to, character: 0 } };
    const change = { range, written, oldText: old.slice(from, at).join(""), newText: made.slice(start, to).join("") };
    hunks.push({ id: `h${hunks.length}`, changes: [change], brings: [] });
  }
  return hunks;
}

const pillion = {
  log: { debug: () => undefined, warn: () => undefined },
  endpoints: [],
  onJob: jobs.event,
  onServer: server.event,
  execute: async (
    command: string,
    { job, import: statement, hunk, instruction }: Readonly<Record<string, string>> & { job: string },
  ): Promise<unknown> => {
    asked.push(command);
    if (hunk !== undefined || instruction !== undefined) decided.push([command, hunk ?? instruction]);
    if (command === "pillion.fix") imports.push(statement);
    await sleep(1);
    if (command === "pillion.preview") return preview(job);
    if (command === "pillion.fix") return now.fixed;
    if (command === "pillion.cancel") now.whileCancelling();
    if (hunk !== undefined) {
      now.whileDeciding();
      return { applied: now.applied };
    }
    if (command === "pillion.retry") jobs.fire({ ...JOB, id: job, state: "refused", reason: "" });
    if (command === "pillion.reject") jobs.fire({ ...JOB, id: job, state: "refused", reason: "" });
    if (command === "pillion.accept" && now.applied) jobs.fire({ ...JOB, id: job, state: "applied" });
    return { applied: now.applied };
  },
} as unknown as Pillion;

export const book = new JobBook(pillion);
export const reviews = new Reviews(pillion, book);
registerDecisions(pillion, reviews);
new RefusedMenu(pillion, new Refusals(pillion, book), new RefusedDrafts(pillion));

export const press = (command: string, job: unknown = "a", hunk?: string): unknown =>
  seen.commands.get(command)?.(job, hunk);
export const titles = (): string[] => seen.tabs.map(({ input }) => input.modified.toString());

/** Each test is of jobs of its own, which the server forgets then. */
export async function startOver(): Promise<void> {
  server.fire({ state: "restarting", detail: "" });
  await window.tabGroups.close([...seen.tabs]);
  await sleep(40);
  seen.messages.length = asked.length = imports.length = decided.length = 0;
  Object.assign(now, AT_FIRST);
  seen.editors.length = 0;
  seen.active = undefined;
  seen.documents.splice(0, Infinity, { uri: Uri.parse(JOB.uri), version: 1 });
  assert.deepEqual([...seen.problems], [], "findings of a document that nobody sees");
}
