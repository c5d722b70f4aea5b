/** The server's process: finds it, starts it, restarts it after a crash, and sends it new settings. */

import { type Disposable, EventEmitter, type LogOutputChannel } from "vscode";

import type { PillionClient } from "./client";
import { errorText } from "./errorText";
import type { Executed, Pillion, ServerStatus } from "./pillion";
import type { DraftDelta, Endpoint, Engines, Job, ServerCommand } from "./protocol";
import { CrashSeries } from "./server/crashes";
import type { Launch, Waits } from "./server/locate";
import type { Surroundings } from "./surroundings";

// The first start may install the server's libraries.
const LONGEST_START_MS = 300_000;
const LOOKING = "Looking for the server.";

const NONE: Engines = { endpoints: [], problems: [] };

export class Connection implements Pillion, Disposable {
  readonly #jobs = new EventEmitter<Job>();
  readonly #drafts = new EventEmitter<DraftDelta>();
  readonly #endpointLists = new EventEmitter<readonly Endpoint[]>();
  readonly #executed = new EventEmitter<Executed>();
  readonly #statuses = new EventEmitter<ServerStatus>();
  readonly onJob = this.#jobs.event;
  readonly onDraft = this.#drafts.event;
  readonly onExecuted = this.#executed.event;
  readonly onEndpoints = this.#endpointLists.event;
  readonly onServer = this.#statuses.event;

  readonly #crashes = new CrashSeries();
  #server: ServerStatus = { state: "starting", detail: LOOKING };
  #engines: Engines = NONE;
  #client: PillionClient | undefined;
  #sent = "";
  #timer: NodeJS.Timeout | undefined;
  // Each start has a number; news of earlier starts is ignored.
  #start = 0;
  // One process at a time: each waits until those before it have ended.
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly log: LogOutputChannel,
    private readonly around: Surroundings,
  ) {}

  get server(): ServerStatus {
    return this.#server;
  }

  get languages(): readonly string[] {
    return this.around.languages;
  }

  get endpoints(): readonly Endpoint[] {
    return this.#engines.endpoints;
  }

  /** The commands that the running server can execute. */
  get commands(): readonly string[] {
    return this.#client?.commands ?? [];
  }

  get hasModels(): boolean {
    return this.#engines.endpoints.length > 0 && this.#engines.missing_models?.length === 0;
  }

  get mostLines(): number | undefined {
    return this.#engines.max_document_lines;
  }

  get found(): string {
    return this.#engines.found ?? "";
  }

  get problems(): readonly string[] {
    return this.#engines.problems;
  }

  /** Finds and starts the server. Never rejects: the status has the result. */
  async start(ask = false): Promise<void> {
    const start = ++this.#start;
    this.#become(start, "starting", LOOKING);
    const found = await this.#attempt(start, "The search failed", () => this.around.locate(ask, this.#waits(start)));
    if (found === undefined || start !== this.#start) return;
    if ("problem" in found) {
      this.#become(start, "missing", found.problem, found.asked === true);
      if (found.asked !== true) this.around.tell.missing(found.problem);
      return;
    }
    this.#become(start, "starting", `Starting ${found.detail}.`);
    const keys = await this.#attempt(start, "The stored keys can’t be read", () => this.around.keys());
    if (keys === undefined || start !== this.#start) return;
    await this.#afterTheOthers(this.#turn.then(() => this.#run(start, found, keys)));
  }

  /** `ask`: as for `start`. If there are several at once, the last one counts. */
  async restart(ask = true): Promise<void> {
    this.#crashes.forget();
    const ended = this.#end("restarting", "The server is being restarted.");
    const restart = this.#start;
    await ended;
    if (restart === this.#start) await this.start(ask);
  }

  /** Ends the server's process; only `start` and `restart` start it again. */
  async stop(): Promise<void> {
    await this.#end("stopped", "The server is stopped.");
  }

  /** For menus and keys: the features hear the result. */
  async executeAndTell(command: string, argument?: unknown): Promise<unknown> {
    const result = await this.execute<unknown>(command as ServerCommand, argument);
    this.#executed.fire({ command, result });
    return result;
  }

  async execute<T>(command: ServerCommand, argument?: unknown): Promise<T> {
    if (this.#server.state === "asking") this.around.tell.question();
    await this.#started();
    const client = this.#client;
    if (client === undefined || this.#server.state !== "running") {
      throw new Error(`The server isn’t running. ${this.#server.detail}`);
    }
    const params = { command, arguments: argument === undefined ? [] : [argument] };
    return client.sendRequest<T>("workspace/executeCommand", params);
  }

  /** Sends changed settings to a running server. */
  async sendSettings(): Promise<void> {
    const settings = this.around.settings();
    const text = JSON.stringify(settings);
    if (this.#client?.isRunning() !== true || text === this.#sent) return;
    this.#sent = text;
    const params = { settings: { pillion: settings } };
    await this.#client.sendNotification("workspace/didChangeConfiguration", params).catch((error: unknown) => {
      // The server is ending, and the next one gets the settings when it starts.
      this.log.debug(`The settings weren’t sent: ${errorText(error)}`);
    });
  }

  dispose(): void {
    for (const emitter of [this.#executed, this.#jobs, this.#drafts, this.#endpointLists, this.#statuses])
      emitter.dispose();
  }

  async #end(state: "restarting" | "stopped", detail: string): Promise<void> {
    const end = ++this.#start;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    this.#become(end, state, detail);
    await this.#afterTheOthers(client?.end());
  }

  async #run(start: number, launch: Launch, keys: Record<string, string>): Promise<void> {
    const loaded = await this.#attempt(start, "The language client can’t be read", () => this.around.client());
    if (loaded === undefined || start !== this.#start) return;
    const { languages, home, lasting } = this.around;
    const settings = this.around.settings();
    this.#sent = JSON.stringify(settings);
    const setup = { launch, languages, settings, keys, trusted: this.around.trusted(), home, log: this.log, lasting };
    const client: PillionClient = new loaded.PillionClient(setup, (how) => {
      this.#ended(start, client, how);
    });
    this.#client = client;
    this.#listen(client);
    this.log.debug([launch.command, ...launch.args].join(" "));
    try {
      await client.start();
    } catch (error) {
      this.#ended(start, client, `didn’t start (${errorText(error)})`);
      return;
    }
    if (start !== this.#start) {
      await client.end();
      return;
    }
    this.#become(start, "running", `${this.#nameOf(client)}: ${launch.detail}.`);
    await this.sendSettings(); // they may have changed while it started
    // Makes the server read the configuration, so that its mistakes are reported before the first job.
    this.execute("pillion.endpoints").catch((error: unknown) => {
      this.log.debug(`The endpoints weren’t told: ${errorText(error)}`);
    });
  }

  /** A server from the PATH may be older or newer, and may not know this extension's requests. */
  #nameOf(client: PillionClient): string {
    const info = client.initializeResult?.serverInfo;
    if (info?.version === undefined) return "A server";
    const { version } = this.around;
    return info.version === version ? `Pillion ${version}` : `Pillion ${info.version} (the extension is ${version})`;
  }

  #listen(client: PillionClient): void {
    client.onNotification("pillion/job", (job: Job) => {
      this.#jobs.fire(job);
    });
    client.onNotification("window/showMessage", ({ type, message }: { type: number; message: string }) => {
      this.around.tell.said(type, message);
    });
    client.onNotification("pillion/draft", (delta: DraftDelta) => {
      this.#drafts.fire(delta);
    });
    client.onNotification("pillion/endpoints", (engines: Engines) => {
      this.#know(engines);
    });
  }

  /** The process has ended by itself. Heard at most once for each start. */
  #ended(start: number, client: PillionClient, how: string): void {
    if (start !== this.#start) return;
    const next = ++this.#start;
    this.#client = undefined;
    void this.#afterTheOthers(client.end());
    this.log.warn(`The server ${how}.`);
    const verdict = this.#crashes.crashed(Date.now());
    if (verdict === "give up") {
      this.#become(next, "stopped", `The server ${how}, again and again, and isn’t started any more.`);
      this.around.tell.gaveUp(how);
      return;
    }
    this.#become(next, "restarting", `The server ${how} and is being restarted.`);
    if (verdict.first) this.around.tell.crashed(how);
    this.#timer = setTimeout(() => void this.start(), verdict.restartInMs);
  }

  /** Every later start of a process waits for this, too. */
  #afterTheOthers(work: Promise<void> | undefined): Promise<unknown> {
    this.#turn = Promise.allSettled([this.#turn, work]);
    return this.#turn;
  }

  /** Waits while the server is being found or started: a command given meanwhile is for the new server. */
  async #started(): Promise<void> {
    const isComing = (): boolean => ["starting", "restarting", "asking"].includes(this.#server.state);
    if (!isComing()) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        listening.dispose();
        resolve();
      };
      const timer = setTimeout(done, LONGEST_START_MS);
      const listening = this.onServer(() => {
        if (!isComing()) done();
      });
    });
  }

  async #attempt<T>(start: number, what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const problem = `${what}: ${errorText(error)}`;
      this.#become(start, "missing", problem);
      if (start === this.#start) this.around.tell.missing(problem);
      return undefined;
    }
  }

  #waits(start: number): Waits {
    return (question) => {
      if (question === undefined) this.#become(start, "starting", LOOKING);
      else this.#become(start, "asking", question);
    };
  }

  #become(start: number, state: ServerStatus["state"], detail: string, installable = false): void {
    if (start !== this.#start) return;
    this.#server = installable ? { state, detail, installable } : { state, detail };
    this.log.info(detail);
    this.#statuses.fire(this.#server);
    if (state !== "running" && this.#engines !== NONE) this.#know(NONE);
  }

  #know(engines: Engines): void {
    this.#engines = engines;
    this.#endpointLists.fire(engines.endpoints);
  }
}
