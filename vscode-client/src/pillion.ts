/** The features' interface to the connection with the server. */

import type { Event, LogOutputChannel } from "vscode";

import type { DraftDelta, Endpoint, Job, ServerCommand } from "./protocol";

/** The state of the server's process. `detail` says which server runs, or why none does and what to do. */
export interface ServerStatus {
  readonly state: "starting" | "asking" | "running" | "restarting" | "stopped" | "missing";
  readonly detail: string;
  /** If `missing`: the user didn't want its libraries installed; a restart asks again. */
  readonly installable?: boolean;
}

/** A command that a code action or the like made the server execute, and its result. */
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
  /** Which engines were found on this machine; empty if the user has named some, or none was found. */
  readonly found: string;
  /** Whether every model that the engines need is there: fetched, or none to fetch. */
  readonly hasModels: boolean;
  /** Longer documents have no actions; undefined until the server has sent it. */
  readonly mostLines: number | undefined;
  /** The languages in which Pillion works, by VS Code's names. */
  readonly languages: readonly string[];
  readonly onServer: Event<ServerStatus>;
  readonly onJob: Event<Job>;
  readonly onDraft: Event<DraftDelta>;
  readonly onExecuted: Event<Executed>;
  readonly onEndpoints: Event<readonly Endpoint[]>;
  /** Has the server execute one of its commands, once it has started if it is starting. Rejects with an Error whose message a user can read. */
  execute<T>(command: ServerCommand, argument?: unknown): Promise<T>;
  /** Stops the server's process and starts it again. */
  restart(): Promise<void>;
}
