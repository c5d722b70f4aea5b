/** Commands that outlive the menus and the server's process. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { MenuCommands } from "../src/menuCommands";
import type { ServerStatus } from "../src/pillion";
import { ServerCommands } from "../src/serverCommands";
import { seen } from "./support/vscode";

const run = (argument: unknown): { title: string; command: string; arguments: unknown[] } => ({
  title: "Add a docstring",
  command: "pillion.run",
  arguments: [argument],
});

test("a command has no arguments that could be forgotten, and is the same each time it is offered", () => {
  const menu = new MenuCommands();
  const first = menu.lasting(run({ action: "docstring", version: 1 }));
  assert.deepEqual(first, { title: "Add a docstring", command: first.command });
  assert.equal(menu.lasting(run({ action: "docstring", version: 1 })).command, first.command);
  assert.notEqual(
    menu.lasting(run({ action: "docstring", version: 2 })).command,
    first.command,
    "it never does something else",
  );
  assert.ok(seen.commands.has(first.command));
  const bare = { title: "x", command: "pillion.showMenu" };
  assert.equal(menu.lasting(bare), bare);
});

test("what was offered long ago goes, and its name isn't given to another", () => {
  const menu = new MenuCommands();
  const names = Array.from({ length: 2000 }, (_, number) => menu.lasting(run(number)).command);
  assert.equal(new Set(names).size, names.length);
  assert.equal(menu.lasting(run(1999)).command, names.at(-1));
  assert.notEqual(menu.lasting(run(0)).command, names[0]);
});

function server(state: ServerStatus["state"], answer: () => Promise<unknown>): ServerCommands {
  const executeAndTell = (command: string, argument: unknown): Promise<unknown> => {
    asked.push([command, argument]);
    return answer();
  };
  seen.messages.length = seen.said.length = 0;
  return new ServerCommands({ server: { state, detail: "" }, executeAndTell }, new Set(["pillion.askPillion"]));
}
const asked: unknown[] = [];

test("they are there before the server, which gets what was asked of it meanwhile", async () => {
  server("starting", () => Promise.resolve("done"));
  assert.equal(await seen.commands.get("pillion.run")?.({ action: "docstring" }), "done");
  assert.deepEqual(asked.at(-1), ["pillion.run", { action: "docstring" }]);
  assert.match(seen.said.join(), /Pillion is starting/);
});

test("a failure is said in words", async () => {
  server("running", () => Promise.reject(new Error("The file is gone.")));
  assert.equal(await seen.commands.get("pillion.dismiss")?.(), undefined);
  assert.deepEqual(seen.messages, ["Pillion: The file is gone."]);
});

test("a newer server’s are taken over, the extension’s own are not", () => {
  const commands = server("running", () => Promise.resolve());
  seen.commands.delete("pillion.askPillion");
  commands.own(["pillion.tomorrow", "pillion.run", "pillion.askPillion"]);
  assert.ok(seen.commands.has("pillion.tomorrow"));
  assert.ok(!seen.commands.has("pillion.askPillion"));
});
