/** What the features see of the connection to the server. */

import type { Event, LogOutputChannel } from "vscode";

import type { DraftDelta, Endpoint, Job, ServerCommand } from "./protocol";

/** How the server's process is. `detail` says in a sentence which one runs, or why none does and what to do. */
export interface ServerStatus {
  readonly state: "starting" | "asking" | "running" | "restarting" | "stopped" | "missing";
  readonly detail: string;
  /** Of a `missing` one: its libraries aren't installed since the user didn't want that; a restart asks again. */
  readonly installable?: boolean;
}

/** A command that a code action or the like had the server execute, and what came of it. */
export interface Executed {
  readonly command: string;
  readonly result: unknown;
}

export interface Pillion {
  readonly log: LogOutputChannel;
  readonly server: ServerStatus;
  readonly endpoints: readonly Endpoint[];
  /** What is wrong with the configuration. */
  readonly problems: readonly string[];
  /** Whether every model that the engines need is there: fetched, or none to fetch. */
  readonly hasModels: boolean;
  /** Longer documents have no actions; undefined until the server has said it. */
  readonly mostLines: number | undefined;
  /** What it works in, by VS Code's names. */
  readonly languages: readonly string[];
  readonly onServer: Event<ServerStatus>;
  readonly onJob: Event<Job>;
  readonly onDraft: Event<DraftDelta>;
  readonly onExecuted: Event<Executed>;
  readonly onEndpoints: Event<readonly Endpoint[]>;
  /** Has the server execute one of its commands, once it has started if it is starting. Rejects with an Error whose message a user can read. */
  execute<T>(command: ServerCommand, argument?: unknown): Promise<T>;
  /** Stops the server's process and starts it anew. */
  restart(): Promise<void>;
}
