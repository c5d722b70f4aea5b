/** What a user reads while the libraries are installed. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ABOUT, InstallSteps } from "../src/server/installSteps";

const PIP = `
Collecting pygls>=2.0 (from -r /home/me/requirements.txt (line 1))
  Downloading pygls-2.0.0-py3-none-any.whl.metadata (4.2 kB)
Collecting pydantic>=2 (from -r /home/me/requirements.txt (line 2))
  Using cached pydantic-2.11-py3-none-any.whl.metadata (65 kB)
Collecting annotated-types>=0.6.0 (from pydantic>=2->-r /home/me/requirements.txt (line 2))
Collecting pydantic_core==2.33 (from pydantic>=2->-r /home/me/requirements.txt (line 2))
Building wheel for pydantic_core (pyproject.toml): started
Downloading pygls-2.0.0-py3-none-any.whl (69 kB)
Installing collected packages: pygls, annotated-types, pydantic_core, pydantic
Successfully installed annotated-types-0.7 pydantic-2.11 pydantic_core-2.33 pygls-2.0.0
`.split("\n");

test("words, not pip's lines, and always further on", () => {
  const steps = new InstallSteps();
  const told = [steps.first, ...PIP.map((line) => steps.next(line)).filter((step) => step !== undefined)];
  const about = String(ABOUT);
  assert.deepEqual(
    told.map(({ message }) => message),
    [
      "making a folder for them…",
      `pygls (1 of about ${about})…`,
      `pydantic (2 of about ${about})…`,
      `annotated-types (3 of about ${about})…`,
      `pydantic_core (4 of about ${about})…`,
      "building pydantic_core…",
      "putting 4 libraries in place…",
    ],
  );
  const percents = told.map(({ percent }) => percent);
  assert.deepEqual(
    percents,
    [...percents].sort((one, other) => one - other),
  );
  assert.ok(percents.every((percent) => percent >= 0 && percent < 100));
});

for (const line of [
  "",
  "WARNING: Retrying (Retry(total=4)) after connection broken",
  "Requirement already satisfied: pip",
  "Collecting [click](command:workbench.action.quit)",
  "Looking in indexes: https://user:secret@index.example/simple",
]) {
  test(`says nothing of “${line}”`, () => {
    assert.equal(new InstallSteps().next(line), undefined);
  });
}

test("more than were thought, or a name without end", () => {
  const steps = new InstallSteps();
  const told = Array.from({ length: ABOUT + 3 }, (_, at) => steps.next(`Collecting library${String(at)}`));
  assert.equal(told.at(-1)?.message, `library${String(ABOUT + 2)} (${String(ABOUT + 3)})…`);
  assert.ok((told.at(-1)?.percent ?? 100) <= 90);
  assert.ok((steps.next(`Collecting ${"x".repeat(5000)}`)?.message.length ?? 0) < 90);
});

test("one alone", () => {
  assert.equal(
    new InstallSteps().next("Installing collected packages: pygls")?.message,
    "putting one library in place…",
  );
});
