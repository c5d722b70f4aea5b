/** What the connection to the server needs of the extension around it. */

import type { Command } from "vscode";

import type { ClientSetup, PillionClient } from "./client";
import type { Launch, Missing, Waits } from "./server/locate";

/** What a start needs from outside the connection. */
export interface Surroundings {
  readonly languages: readonly string[];
  readonly home: string;
  /** The extension's. */
  readonly version: string;
  /** `ask`: the user wants a start now, so questions may be repeated. `waits`: hears which question. */
  locate(ask: boolean, waits: Waits): Promise<Launch | Missing>;
  /** The language client, which is read when it is needed. */
  client(): Promise<{
    readonly PillionClient: new (setup: ClientSetup, onExit: (how: string) => void) => PillionClient;
  }>;
  settings(): Record<string, unknown>;
  keys(): Promise<Record<string, string>>;
  trusted(): boolean;
  /** A code action's command in a form that the user can choose at any later time. */
  readonly lasting: (command: Command) => Command;
  /** Messages for the user. */
  tell: {
    missing(problem: string): void;
    crashed(how: string): void;
    gaveUp(how: string): void;
    /** The server's own words; the type is LSP's. */
    said(type: number, message: string): void;
    /** Shows the question that waits for them. */
    question(): void;
  };
}
