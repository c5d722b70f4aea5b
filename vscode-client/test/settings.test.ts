import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { configurationFile, prepareConfiguration } from "../src/configurationFile";
import { CrashSeries, type Verdict } from "../src/server/crashes";
import { type Inspected, settingsThatAreSet } from "../src/settings";

const PROPERTIES = {
  "pillion.server.command": { scope: "machine" },
  "pillion.trace.server": { scope: "window" },
  "pillion.review": { scope: "application" },
  "pillion.hover.budget_s": { scope: "window" },
  "pillion.hover.enabled": { scope: "window" },
};

const SETTINGS: readonly {
  name: string;
  set: Readonly<Record<string, Inspected & { defaultValue?: unknown }>>;
  trusted?: boolean;
  sent: unknown;
}[] = [
  { name: "nothing set, nothing sent", set: { "pillion.review": { defaultValue: "whenFlagged" } }, sent: {} },
  {
    name: "nested as in the file",
    set: {
      "pillion.review": { globalValue: "always" },
      "pillion.hover.budget_s": { globalValue: 3 },
      "pillion.hover.enabled": { globalValue: false },
    },
    sent: { review: "always", hover: { budget_s: 3, enabled: false } },
  },
  {
    name: "the extension's own stay here",
    set: { "pillion.server.command": { globalValue: ["x"] }, "pillion.trace.server": { globalValue: "verbose" } },
    sent: {},
  },
  {
    name: "the nearest wins",
    set: { "pillion.hover.budget_s": { globalValue: 1, workspaceValue: 2, workspaceFolderValue: 3 } },
    sent: { hover: { budget_s: 3 } },
  },
  {
    name: "a workspace that isn't trusted says nothing",
    trusted: false,
    set: {
      "pillion.hover.budget_s": { globalValue: 1, workspaceValue: 2 },
      "pillion.hover.enabled": { workspaceValue: false },
    },
    sent: { hover: { budget_s: 1 } },
  },
  { name: "a workspace has no say on review", set: { "pillion.review": { workspaceValue: "never" } }, sent: {} },
];

for (const { name, set, trusted, sent } of SETTINGS) {
  test(`settings: ${name}`, () => {
    assert.deepEqual(
      settingsThatAreSet(PROPERTIES, (key) => set[key], trusted ?? true),
      sent,
    );
  });
}

const FILES: readonly [NodeJS.Platform, string, Record<string, string>, string][] = [
  ["linux", "/h", {}, "/h/.config/pillion/config.toml"],
  ["linux", "/h", { XDG_CONFIG_HOME: "/x" }, "/x/pillion/config.toml"],
  ["linux", "/h", { XDG_CONFIG_HOME: "x" }, "/h/.config/pillion/config.toml"],
  ["linux", "/h", { PILLION_CONFIG: "/p.toml" }, "/p.toml"],
  ["linux", "/h", { PILLION_CONFIG: "~/p.toml" }, "/h/p.toml"],
  ["linux", "/h", { PILLION_CONFIG: "p.toml" }, "/h/p.toml"],
  ["darwin", "/h", {}, "/h/Library/Application Support/pillion/config.toml"],
  ["win32", "C:\\h", { LOCALAPPDATA: "C:\\l" }, "C:\\l\\pillion\\config.toml"],
];

for (const [platform, home, environ, file] of FILES) {
  test(`configuration: ${platform} ${JSON.stringify(environ)}`, () => {
    assert.equal(configurationFile(platform, home, environ), file);
  });
}

const soon = (restartInMs: number, first = false): Verdict => ({ restartInMs, first });
const CRASHES: readonly { name: string; atS: readonly number[]; verdicts: readonly Verdict[] }[] = [
  {
    name: "longer each time, then never",
    atS: [0, 1, 2, 5, 10],
    verdicts: [soon(500, true), soon(1000), soon(2000), soon(4000), "give up"],
  },
  { name: "after three minutes it is a new series", atS: [0, 181], verdicts: [soon(500, true), soon(500, true)] },
  {
    name: "old ones fall out",
    atS: [0, 100, 170, 190, 200],
    verdicts: [soon(500, true), soon(1000), soon(2000), soon(2000), soon(4000)],
  },
];

for (const { name, atS, verdicts } of CRASHES) {
  test(`crashes: ${name}`, () => {
    const series = new CrashSeries();
    assert.deepEqual(
      atS.map((time) => series.crashed(time * 1000)),
      verdicts,
    );
  });
}

test("crashes: a restart by hand begins anew", () => {
  const series = new CrashSeries();
  series.crashed(0);
  series.forget();
  assert.deepEqual(series.crashed(1), soon(500, true));
});

test("a new configuration file names the schema beside it; one that is there stays", async () => {
  const folder = join(await mkdtemp(join(tmpdir(), "pillion-")), "pillion");
  try {
    const file = join(folder, "config.toml");
    await prepareConfiguration(file, "configuration");
    const [, named = ""] = /^#:schema (\S+)$/m.exec(await readFile(file, "utf8")) ?? [];
    const schema = JSON.parse(await readFile(join(folder, named), "utf8")) as { properties: object };
    assert.ok("endpoints" in schema.properties);
    await writeFile(file, "# mine\n");
    await writeFile(join(folder, named), "{}");
    await prepareConfiguration(file, "configuration");
    assert.equal(await readFile(file, "utf8"), "# mine\n");
    assert.deepEqual(JSON.parse(await readFile(join(folder, named), "utf8")), schema, "the schema is this version's");
  } finally {
    await rm(dirname(folder), { recursive: true, force: true });
  }
});
