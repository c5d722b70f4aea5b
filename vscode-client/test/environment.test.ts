/** With a real Python where there is one; nothing is downloaded. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Environment } from "../src/server/environment";
import { lines, run } from "../src/server/processes";

const PYTHON = "python3";
// More than any system gives.
const GONE_PID = 2 ** 30;
const able = (await run(PYTHON, ["-P", "-c", "import venv, ensurepip"], { cwd: tmpdir() })).code === 0;

async function inFolder(work: (storage: string, requirements: string) => Promise<void>): Promise<void> {
  const storage = await mkdtemp(join(tmpdir(), "pillion-"));
  try {
    await writeFile(join(storage, "requirements.txt"), "");
    await work(storage, join(storage, "requirements.txt"));
  } finally {
    await rm(storage, { recursive: true, force: true });
  }
}

const make = (environment: Environment, python = PYTHON, signal = new AbortController().signal): Promise<string> =>
  environment.make(python, [], signal, () => undefined);

test("made once, then taken; those that nothing has started for long go", { skip: !able }, () =>
  inFolder(async (storage, requirements) => {
    for (const name of ["env-old", "env-used"]) await mkdir(join(storage, name));
    await writeFile(join(storage, "env-used", "pillion-ready"), "3.1");
    for (const name of ["env-old", "env-used"]) await utimes(join(storage, name), 0, 0);
    const environment = await Environment.of(storage, requirements, process.platform);
    assert.equal(await environment.ready(), undefined);
    const python = await make(environment);
    assert.equal(await environment.ready(), python);
    const environments = async (): Promise<number> =>
      (await readdir(storage)).filter((name) => name.startsWith("env-")).length;
    assert.equal(await environments(), 3);
    await environment.removeOthers();
    assert.equal(await environments(), 2, "another window may run one that was started lately");
    await writeFile(join(environment.name, "pillion-ready"), "3.1");
    assert.equal(await environment.ready(), undefined, "its libraries are another Python's");
    await writeFile(requirements, "another\n");
    assert.equal(await (await Environment.of(storage, requirements, process.platform)).ready(), undefined);
  }),
);

test("half of one doesn't count, and says why", () =>
  inFolder(async (storage, requirements) => {
    const environment = await Environment.of(storage, requirements, process.platform);
    await assert.rejects(make(environment, join(storage, "no-python")), /ENOENT/);
    assert.equal(await environment.ready(), undefined);
    await assert.rejects(make(environment, join(storage, "no-python")), /ENOENT/); // the lock is free again
  }));

test("cancelled, it stops", { skip: !able }, () =>
  inFolder(async (storage, requirements) => {
    const environment = await Environment.of(storage, requirements, process.platform);
    await assert.rejects(make(environment, PYTHON, AbortSignal.abort()), /abort/i);
    assert.equal(await environment.ready(), undefined);
  }),
);

test("two windows don't write into one; a lock left over doesn't hold", () =>
  inFolder(async (storage, requirements) => {
    const environment = await Environment.of(storage, requirements, process.platform);
    const lock = join(storage, "installing");
    for (const pid of [String(process.ppid), ""]) {
      await writeFile(lock, pid);
      await assert.rejects(make(environment, join(storage, "no-python")), /Another window/);
    }
    await utimes(lock, 0, 0);
    await assert.rejects(make(environment, join(storage, "no-python")), /ENOENT/);
    await writeFile(lock, String(GONE_PID));
    await assert.rejects(make(environment, join(storage, "no-python")), /ENOENT/);
  }));

test("lines that come in pieces are put together", () => {
  const heard: string[] = [];
  const hear = lines((line) => heard.push(line));
  ["Collecting id", "na\nCollecting h11", "\r\n", "done", "\n"].forEach(hear);
  assert.deepEqual(heard.filter(Boolean), ["Collecting idna", "Collecting h11", "done"]);
});
