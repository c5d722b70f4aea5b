/** Starts, stops and restarts that overlap, with processes that take their time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { LogOutputChannel } from "vscode";

import { Connection } from "../src/connection";
import type { Launch, Missing, Waits } from "../src/server/locate";
import type { Surroundings } from "../src/surroundings";

const LAUNCH: Launch = { command: "pillion", args: [], env: {}, source: "path", detail: "pillion" };
const log = Object.fromEntries(
  ["info", "debug", "warn"].map((name) => [name, () => undefined]),
) as unknown as LogOutputChannel;

type Asks = (waits: Waits) => Promise<void>;

interface World {
  readonly connection: Connection;
  /** Processes that run now, and the most that ever did at once. */
  readonly running: Set<number>;
  readonly most: () => number;
  readonly told: string[];
}

function world(found: Launch | Missing = LAUNCH, fails?: string, endMs = 30, asks: Asks = () => sleep(2)): World {
  const running = new Set<number>();
  const told: string[] = [];
  let [count, most] = [0, 0];
  class Client {
    private readonly number = (count += 1);
    readonly initializeResult = { serverInfo: { name: "pillion", version: "0.1.0" } };
    private up = false;
    private readonly onExit: (how: string) => void;
    constructor(_: unknown, onExit: (how: string) => void) {
      this.onExit = onExit;
    }
    onNotification(): void {
      // Nothing comes.
    }
    async start(): Promise<void> {
      await sleep(5);
      running.add(this.number);
      most = Math.max(most, running.size);
      await sleep(20);
      if (fails !== undefined) throw new Error(fails);
      this.up = true;
    }
    isRunning(): boolean {
      return this.up;
    }
    sendRequest(_: string, { command }: { command: string }): Promise<string> {
      return Promise.resolve(`${command} on ${String(this.number)}`);
    }
    sendNotification(): Promise<void> {
      return Promise.resolve();
    }
    async end(): Promise<void> {
      // One that comes only after this isn't ended by it.
      const isThere = running.has(this.number);
      await sleep(endMs);
      if (isThere && running.delete(this.number)) this.onExit("was ended by SIGKILL");
    }
  }
  const around = {
    languages: ["python"],
    home: "/",
    version: "0.2.0",
    locate: (_: boolean, waits: Waits) => asks(waits).then(() => found),
    client: () => Promise.resolve({ PillionClient: Client }),
    settings: () => ({}),
    keys: () => Promise.resolve({}),
    trusted: () => true,
    tell: {
      missing: (text: string) => told.push(text),
      crashed: (text: string) => told.push(text),
      gaveUp: () => told.push("gave up"),
      question: () => told.push("question"),
    },
  } as unknown as Surroundings;
  return { connection: new Connection(log, around), running, most: () => most, told };
}

test("a command given while the server starts waits for it", async () => {
  const { connection } = world();
  const starting = connection.start();
  assert.equal(await connection.execute("pillion.pull"), "pillion.pull on 1");
  await starting;
  assert.equal(connection.server.detail, "Pillion 0.1.0 (the extension is 0.2.0): pillion.");
  await connection.stop();
  await assert.rejects(connection.execute("pillion.pull"), /The server is stopped/);
});

test("a command given while the user is asked shows them the question, and waits for the server", async () => {
  let answer = (): void => undefined;
  const { connection, told } = world(LAUNCH, undefined, 30, (waits) => {
    waits("May it?");
    return new Promise((resolve) => {
      answer = () => {
        waits(undefined);
        resolve();
      };
    });
  });
  const starting = connection.start();
  await sleep(1);
  assert.deepEqual(connection.server, { state: "asking", detail: "May it?" });
  const pulled = connection.execute("pillion.pull");
  assert.deepEqual(told, ["question"]);
  answer();
  assert.equal(await pulled, "pillion.pull on 1");
  await starting;
  await connection.stop();
});

test("a command waits no longer than until it is known that there is no server", async () => {
  const { connection, told } = world({ problem: "There is none." });
  void connection.start();
  await assert.rejects(connection.execute("pillion.pull"), /There is none/);
  assert.deepEqual(told, ["There is none."]);
});

const GAPS_MS: readonly (readonly number[])[] = [
  [0, 0],
  [1, 1],
  [10, 10],
  [40, 0],
  [40, 20, 20],
];
for (const gaps of GAPS_MS) {
  test(`restarts ${gaps.join(", ")} ms apart leave one server`, async () => {
    const { connection, running, most, told } = world();
    const begun = [connection.start()];
    for (const gap of gaps) {
      await sleep(gap);
      begun.push(connection.restart());
    }
    await Promise.all(begun);
    assert.equal(connection.server.state, "running");
    assert.equal(running.size, 1);
    assert.equal(most(), 1, "never two at once");
    await connection.stop();
    assert.equal(running.size, 0);
    assert.deepEqual(told, []);
  });
}

for (const afterMs of [0, 1, 4, 10, 50]) {
  test(`stopped ${String(afterMs)} ms after the start, nothing is left`, async () => {
    const { connection, running } = world();
    void connection.start();
    await sleep(afterMs);
    await connection.stop();
    await sleep(60);
    assert.equal(running.size, 0);
    assert.equal(connection.server.state, "stopped");
  });
}

test("why a start failed is said, not how the process was ended for it", async () => {
  const { connection, told } = world(LAUNCH, "no such option");
  await connection.start();
  assert.deepEqual(told, ["didn’t start (no such option)"]);
  await connection.stop();
});

test("a process that is slow to end isn't joined by the next", async () => {
  const { connection, most } = world(LAUNCH, "no such option", 800);
  await connection.start();
  await sleep(700); // it is tried again after half a second
  assert.equal(most(), 1);
  await connection.stop();
});
