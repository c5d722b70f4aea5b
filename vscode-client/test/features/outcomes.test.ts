/** What is said of jobs that failed or were cancelled, of mistakes in the configuration, and of documents without actions. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { JobBook } from "../../src/features/jobs";
import { registerLongDocuments } from "../../src/features/longDocuments";
import { registerMistakes } from "../../src/features/mistakes";
import { Outcomes } from "../../src/features/outcomes";
import { tell } from "../../src/messages";
import type { Pillion, ServerStatus } from "../../src/pillion";
import type { Endpoint, Job } from "../../src/protocol";
import { EventEmitter, Uri, seen } from "../support/vscode";

const RUNNING: ServerStatus = { state: "running", detail: "" };
const JOB: Job = {
  id: "a",
  action: "explain",
  output: "prose",
  state: "failed",
  tier: "SIMPLE",
  uri: "file:///w/s.py",
  title: "Pillion: Explain area",
  endpoint: null,
  tokens: 0,
  tokens_per_s: 0,
  findings: 0,
  severities: {},
  review: false,
  reason: "No engine answered.",
};

const jobs = new EventEmitter<Job>();
const server = new EventEmitter<ServerStatus>();
const endpoints = new EventEmitter<readonly Endpoint[]>();
const done: unknown[] = [];
const pillion = {
  log: { debug: () => undefined, warn: () => undefined },
  server: RUNNING,
  problems: [] as readonly string[],
  found: "",
  mostLines: undefined as number | undefined,
  languages: ["python"],
  onJob: jobs.event,
  onServer: server.event,
  onEndpoints: endpoints.event,
  execute: (command: string, argument: unknown): Promise<unknown> => Promise.resolve(done.push([command, argument])),
};
const asPillion = pillion as unknown as Pillion;
const run = (...words: unknown[]): Promise<unknown> => Promise.resolve(done.push(words));
const book = new JobBook(asPillion);
new Outcomes(asPillion, book, run);
registerMistakes(asPillion, run);
registerLongDocuments(asPillion, run);

let buttons: readonly string[] = [];
let round = 0;

async function news(more: Partial<Job>): Promise<void> {
  jobs.fire({ ...JOB, ...more, id: `job${round}` });
  await sleep(2);
}

/** As the user, who presses the button that is called so. */
function pressing(title?: string): void {
  seen.press = (offered) => {
    buttons = offered;
    return offered.find((each) => each === title);
  };
}

beforeEach(() => {
  round += 1;
  seen.messages.length = done.length = 0;
  buttons = [];
  pressing();
});

const FAILED = "Pillion: Explain area failed: No engine answered.";
const CANCELLED = "Explain area was cancelled: the document was closed.";
const ENDS: readonly (readonly [more: Partial<Job>, message: string | undefined, buttons: readonly string[]])[] = [
  [{ about: "engines" }, FAILED, ["Try Again", "Show Endpoints"]],
  [{ about: "engines", draft_file: "/d" }, FAILED, ["Try Again", "Show Endpoints", "Show Draft"]],
  [{}, FAILED, ["Try Again"]],
  [{ about: "document" }, FAILED, ["OK"]],
  [{ state: "cancelled", reason: CANCELLED, draft_file: "/d" }, `Pillion: ${CANCELLED}`, ["Show Draft"]],
  [{ state: "cancelled", reason: CANCELLED }, `Pillion: ${CANCELLED}`, ["OK"]],
  [{ state: "cancelled", reason: "" }, undefined, []],
  [{ state: "refused" }, undefined, []],
  [{ state: "ready", prose: "x" }, undefined, []],
];
for (const [more, message, offered] of ENDS) {
  test(`a job that ended is told of with a way out, so that all of it is read: ${JSON.stringify(more)}`, async () => {
    await news(more);
    await news(more);
    assert.deepEqual([seen.messages, buttons], [message === undefined ? [] : [message], offered]);
  });
}

test("the ways out lead somewhere", async () => {
  pressing("Try Again");
  await news({ about: "engines" });
  assert.deepEqual(done, [["pillion.retry", { job: `job${round}` }]]);
  round += 1;
  pressing("Show Endpoints");
  await news({ about: "engines" });
  assert.deepEqual(done.slice(1), [["pillion.showEndpoints"]]);
});

test("of jobs that end with their server nothing is said here", async () => {
  await news({ state: "drafting" });
  pillion.server = { state: "restarting", detail: "" };
  server.fire(pillion.server);
  await sleep(2);
  pillion.server = RUNNING;
  assert.deepEqual([book.get(`job${round}`)?.state, seen.messages], ["cancelled", []]);
});

const BAD = "config.toml: isn't TOML";
const WORSE = "config.toml: hover.budgt_s: isn't known";
const IN_EDITOR = "the editor's settings: review: is none";
function problems(...now: string[]): Promise<void> {
  pillion.problems = now;
  endpoints.fire([]);
  return sleep(2);
}

test("mistakes are said once, again when there is a new one, and once more after they were mended", async () => {
  await problems(BAD);
  await problems(BAD);
  assert.deepEqual(
    [seen.messages, buttons],
    [[`Pillion: your configuration has 1 mistake. ${BAD}`], ["Open Configuration File"]],
  );
  await problems(BAD, WORSE);
  await problems(WORSE);
  assert.deepEqual(seen.messages.slice(1), [`Pillion: your configuration has 2 mistakes. ${BAD}; ${WORSE}`]);
  await problems();
  pressing("Open Configuration File");
  await problems(BAD);
  assert.deepEqual([seen.messages.length, done], [3, [["pillion.openConfiguration"]]]);
  await problems();
  pressing("Open Settings");
  await problems(IN_EDITOR);
  assert.deepEqual(done.slice(1), [["pillion.openSettings"]]);
  await problems();
  await problems("1", "2", "3", "4", "5");
  assert.match(seen.messages.at(-1) ?? "", /5 mistakes\. 1; 2; 3; … and 2 more$/);
});

test("a server that starts anew repeats nothing", async () => {
  await problems();
  await problems(BAD);
  pillion.server = { state: "restarting", detail: "" };
  await problems();
  pillion.server = RUNNING;
  await problems(BAD);
  assert.equal(seen.messages.length, 1);
});

interface Long {
  readonly name: string;
  readonly lines?: number;
  readonly most?: number | undefined;
  readonly language?: string;
  readonly scheme?: string;
  readonly said: boolean;
}
const LONG: readonly Long[] = [
  { name: "too long", said: true },
  { name: "as long as may be", lines: 40_000, said: false },
  { name: "another limit", most: 60_000, said: false },
  { name: "a limit that nobody knows yet", most: undefined, said: false },
  { name: "another language", language: "plaintext", said: false },
  { name: "another view", scheme: "git", said: false },
];
for (const { name, lines = 50_001, language = "python", scheme = "file", said, ...more } of LONG) {
  test(`a long document: ${name}`, async () => {
    pillion.mostLines = "most" in more ? more.most : 40_000;
    pressing("Change the Limit");
    const editor = {
      document: { uri: Uri.parse(`${scheme}:///w/${name}/big.py`), languageId: language, lineCount: lines },
    };
    seen.activeChanged.fire(editor);
    seen.activeChanged.fire(undefined);
    seen.activeChanged.fire(editor);
    await sleep(2);
    assert.deepEqual(
      seen.messages,
      said ? ["Pillion has no actions in big.py: it has 50,001 lines, and Pillion works on up to 40,000."] : [],
    );
    assert.deepEqual(done, said ? [["workbench.action.openSettings", "pillion.limits.max_document_lines"]] : []);
  });
}

test("what the server says by itself has a button where it is long, since all of it is to be read", () => {
  tell.said(3, "Pillion: not applied.");
  assert.deepEqual(buttons, []);
  tell.said(1, `Pillion: ${"a ".repeat(40)}`);
  assert.deepEqual([buttons, seen.messages.length], [["OK"], 2]);
});
