/** Even Better TOML is offered the schemas of Pillion's files: once, where it helps, in one line of the user's settings. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import type { ExtensionContext } from "vscode";

import { registerTomlSchemas } from "../../src/features/tomlFiles";
import type { Pillion } from "../../src/pillion";
import { Document, Uri, seen } from "../support/vscode";

const ASSOCIATIONS = "evenBetterToml.schema.associations";
const QUESTION = "Even Better TOML can complete and check .pillion.toml with Pillion’s schema.";
const WORKSPACE = "/w/shop/.pillion.toml";
const USER = "/home/me/.config/pillion (1)/config.toml";
const SCHEMA = "pillion-workspace.schema.json";
const root = await mkdtemp(join(tmpdir(), "pillion schemas-"));
after(() => rm(root, { recursive: true, force: true }));
const pillion = { log: { warn: (words: string) => assert.fail(words) } } as unknown as Pillion;
let folder: string;
let kept: Map<string, unknown>;

/** The extension as it starts: what it has kept from before is still there. */
function start(version = "1.0.0"): void {
  seen.opened.dispose();
  const context = {
    extensionPath: ".",
    extension: { packageJSON: { version } },
    globalStorageUri: Uri.file(folder),
    globalState: {
      get: (key: string, otherwise?: unknown) => kept.get(key) ?? otherwise,
      update: (key: string, value: unknown) => Promise.resolve(kept.set(key, value)),
    },
  };
  registerTomlSchemas(context as unknown as ExtensionContext, pillion);
}

async function open(path: string, text = ""): Promise<void> {
  seen.opened.fire(new Document(Uri.file(path), text));
  await sleep(30);
}

/** What the user's settings name for a document: the path of a schema. */
function associated(path: string): string | undefined {
  const own = (seen.usersSettings.get(ASSOCIATIONS) ?? {}) as Record<string, string>;
  const found = Object.entries(own).find(([expression]) => new RegExp(expression).test(Uri.file(path).toString()));
  return found === undefined ? undefined : fileURLToPath(found[1]);
}

beforeEach(async () => {
  folder = join(await mkdtemp(join(root, "test-")), "globalStorage");
  kept = new Map();
  seen.messages.length = 0;
  seen.documents.length = 0;
  seen.press = () => undefined;
  seen.extensions.clear();
  seen.extensions.add("tamasfe.even-better-toml");
  seen.settings.clear();
  seen.settings.set(ASSOCIATIONS, {});
  seen.usersSettings.clear();
  process.env["PILLION_CONFIG"] = USER;
  start();
});

test("the first button adds one line, which names a copy of the schema", async () => {
  seen.usersSettings.set(ASSOCIATIONS, { "x\\.toml$": "file:///x.json" });
  seen.press = ([use]) => use;
  await open(WORKSPACE);
  assert.deepEqual(seen.messages, [QUESTION]);
  assert.equal(associated(WORKSPACE), join(folder, SCHEMA));
  assert.equal(await readFile(join(folder, SCHEMA), "utf8"), await readFile(join("configuration", SCHEMA), "utf8"));
  const own = seen.usersSettings.get(ASSOCIATIONS) as Record<string, unknown>;
  assert.equal(own["x\\.toml$"], "file:///x.json");
  assert.equal(Object.keys(own).length, 2);
  for (const other of [
    "/w/shop/pyproject.toml",
    "/w/shop/a.pillion.toml",
    "/w/shop/.pillion.toml.bak",
    "/w/.pillionxtoml",
  ]) {
    assert.equal(associated(other), undefined, other);
  }
});

test("the user's own file gets the schema of all keys", async () => {
  seen.press = ([use]) => use;
  await open(USER, '[endpoints.a]\nprotocol = "embedded"\n');
  assert.deepEqual(seen.messages, ["Even Better TOML can complete and check config.toml with Pillion’s schema."]);
  assert.equal(associated(USER), join(folder, "pillion-config.schema.json"));
  assert.equal(associated("/w/shop/config.toml"), undefined);
});

for (const [answer, press] of [
  ["nothing", () => undefined],
  ["Don’t Ask Again", (buttons: readonly string[]) => buttons[1]],
] as const) {
  test(`nobody is asked twice, also not by the next window: ${answer}`, async () => {
    seen.press = press;
    await open(WORKSPACE);
    await open(WORKSPACE);
    start();
    await open("/w/other/.pillion.toml");
    assert.deepEqual(seen.messages, [QUESTION]);
    await open(USER);
    assert.equal(seen.messages.length, answer === "nothing" ? 2 : 1);
    assert.equal(seen.usersSettings.size, 0);
    assert.equal(existsSync(folder), false);
  });
}

const SILENT: readonly {
  readonly name: string;
  readonly path?: string;
  readonly text?: string;
  readonly given?: () => void;
}[] = [
  { name: "another file", path: "/w/shop/pyproject.toml" },
  { name: "another folder's config.toml", path: "/w/shop/config.toml" },
  { name: "a file with a similar name", path: "/w/shop/my.pillion.toml" },
  {
    name: "Even Better TOML isn't there",
    given: () => {
      seen.extensions.clear();
    },
  },
  {
    name: "schemas are off",
    given: () => {
      seen.settings.set("evenBetterToml.schema.enabled", false);
    },
  },
  {
    name: "a schema is set for it",
    given: () => {
      seen.settings.set(ASSOCIATIONS, { ".*pillion\\.toml": "https://example.org/x.json" });
    },
  },
  { name: "its first line names one", text: "#:schema ./mine.json\n[hover]\n" },
  { name: "a line below a comment names one", text: "# Ours\r\n\r\n#:schema ./mine.json\r\n[hover]\r\n" },
];
for (const { name, path = WORKSPACE, text = "", given } of SILENT) {
  test(`no question: ${name}`, async () => {
    given?.();
    await open(path, text);
    assert.deepEqual([seen.messages, kept.size], [[], 0]);
  });
}

for (const [name, associations, text] of [
  ["other associations", { "Cargo\\.toml$": "https://example.org/c.json", "(?P<not>javascript)": "x" }, ""],
  ["a schema that is only mentioned", {}, "[hover] # see\n#:schema ./x.json\n"],
] as const) {
  test(`a question all the same: ${name}`, async () => {
    seen.settings.set(ASSOCIATIONS, associations);
    await open(WORKSPACE, text);
    assert.deepEqual(seen.messages, [QUESTION]);
  });
}

test("a file that is open when the extension starts", async () => {
  seen.documents.push(new Document(Uri.file(WORKSPACE), ""));
  start();
  await sleep(30);
  assert.deepEqual(seen.messages, [QUESTION]);
});

test("the copy is always of this version: at the start of another one, and when the file is opened", async () => {
  seen.press = ([use]) => use;
  await open(WORKSPACE);
  const [copy, schema] = [join(folder, SCHEMA), await readFile(join("configuration", SCHEMA), "utf8")];
  await writeFile(copy, "{}");
  start("1.0.1");
  await sleep(30);
  assert.equal(await readFile(copy, "utf8"), schema);
  assert.equal(existsSync(join(folder, "pillion-config.schema.json")), false);
  seen.settings.set(ASSOCIATIONS, seen.usersSettings.get(ASSOCIATIONS));
  await rm(folder, { recursive: true });
  await open(WORKSPACE);
  assert.equal(await readFile(copy, "utf8"), schema);
  assert.deepEqual(seen.messages, [QUESTION]);
});

test("who removes the line isn't asked again", async () => {
  seen.press = ([use]) => use;
  await open(WORKSPACE);
  seen.usersSettings.clear();
  await open(WORKSPACE);
  assert.equal(seen.messages.length, 1);
  assert.equal(associated(WORKSPACE), undefined);
});
