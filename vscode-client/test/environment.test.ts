/** With a real Python where there is one; nothing is downloaded. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Environment } from "../src/server/environment";
import { run } from "../src/server/processes";

const PYTHON = "python3";
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

test("made once, then taken; earlier ones go", { skip: !able }, () =>
  inFolder(async (storage, requirements) => {
    await mkdir(join(storage, "env-old"));
    const environment = await Environment.of(storage, requirements, process.platform);
    assert.equal(await environment.ready(), undefined);
    const python = await make(environment);
    assert.equal(await environment.ready(), python);
    assert.deepEqual((await readdir(storage)).filter((name) => name.startsWith("env-")).length, 1);
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
  }),
);

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
    await writeFile(lock, "1");
    await assert.rejects(make(environment, join(storage, "no-python")), /Another window/);
    await utimes(lock, 0, 0);
    await assert.rejects(make(environment, join(storage, "no-python")), /ENOENT/);
  }),
);
