/** One language client: for one process of the server. */

import { type ChildProcess, spawn } from "node:child_process";

import type { CodeAction, Command, LogOutputChannel } from "vscode";
import {
  CloseAction,
  type DynamicFeature,
  ErrorAction,
  ExecuteCommandRequest,
  type InitializeParams,
  LanguageClient,
  type LanguageClientOptions,
  type StaticFeature,
  WorkDoneProgressCancelNotification,
  type WorkspaceFolderMiddleware,
} from "vscode-languageclient/node";

import { errorText } from "./errorText";
import { harmless } from "./harmless";
import { Notifications } from "./progress";
import { chooseName, renameByProvider } from "./rename";
import type { Launch } from "./server/locate";

// The command that the server puts into the menu as “Ask…”.
const ASK = "pillion.askPillion";
// How the user has a missing model fetched, for the server's messages.
const PULLS = "“Pillion: Download the Embedded Model” in the command palette";
// Its menus are as wide as their rows.
const MENU_CHARACTERS = 100;
const ANSWER_TIMEOUT_MS = 2_000;
const EXIT_TIMEOUT_MS = 2_000;

// In an untrusted workspace the server is told no folder, now or later.
const NO_FOLDERS: WorkspaceFolderMiddleware = {
  workspaceFolders: () => [],
  didChangeWorkspaceFolders: () => Promise.resolve(),
};

export interface ClientSetup {
  readonly launch: Launch;
  readonly languages: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** API keys, by the names of environment variables. */
  readonly keys: Readonly<Record<string, string>>;
  readonly trusted: boolean;
  readonly home: string;
  readonly log: LogOutputChannel;
  /** A code action's command in a form that the user can choose at any later time. */
  readonly lasting: (command: Command) => Command;
}

export class PillionClient extends LanguageClient {
  #child: ChildProcess | undefined;
  #over = false;
  readonly #trusted: boolean;
  readonly #notifications: Notifications;

  /** `onExit` is called once, when the process has ended or couldn't be started, with words for the user. */
  constructor(setup: ClientSetup, onExit: (how: string) => void) {
    const notifications = new Notifications((token) => {
      this.sendNotification(WorkDoneProgressCancelNotification.type, { token }).catch((error: unknown) => {
        setup.log.debug(`Nothing to cancel any more: ${errorText(error)}`);
      });
    });
    super("pillion", "Pillion", () => this.#spawn(setup, onExit), optionsOf(setup, notifications));
    this.#notifications = notifications;
    this.onRequest("pillion/chooseName", chooseName);
    this.onRequest("pillion/rename", renameByProvider);
    this.#trusted = setup.trusted;
  }

  /** All features but the server's commands, which it would take from VS Code whenever its process ends: see serverCommands.ts. */
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    const isCommands =
      "registrationType" in feature && feature.registrationType.method === ExecuteCommandRequest.method;
    if (!isCommands) super.registerFeature(feature);
  }

  /** The commands that the server can execute. */
  get commands(): readonly string[] {
    return this.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
  }

  /** In a workspace that isn't trusted, the server isn't told where it is, so it reads no `.pillion.toml` there. */
  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    if (this.#trusted) return;
    Object.assign(params, { rootPath: null, rootUri: null, workspaceFolders: null });
  }

  /** Errors here are in the log; connection.ts tells the user what they need to know. */
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  /** Ends the process: asks it to end, and then kills it. A process that hasn't started yet never starts. */
  async end(): Promise<void> {
    this.#over = true;
    this.#notifications.dispose();
    const child = this.#child;
    const asked = this.isRunning();
    const note = (error: unknown): void => {
      this.outputChannel.debug(`While stopping: ${errorText(error)}`);
    };
    await this.dispose(ANSWER_TIMEOUT_MS).catch(note);
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const forced = setTimeout(() => child.kill("SIGKILL"), asked ? EXIT_TIMEOUT_MS : 0);
    await ended;
    clearTimeout(forced);
  }

  async #spawn(setup: ClientSetup, onExit: (how: string) => void): Promise<ChildProcess> {
    if (this.#over) throw new Error("The server was stopped before it began.");
    const { command, args, env } = setup.launch;
    const child = spawn(command, args, {
      cwd: setup.home,
      env: { ...process.env, ...setup.keys, ...env },
      stdio: "pipe",
      windowsHide: true,
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.on("error", (error) => {
      setup.log.warn(error.message);
    });
    // Writing to a process that has just died must not crash the extension: its end is handled below.
    child.stdin.on("error", (error) => {
      setup.log.debug(error.message);
    });
    child.once("exit", (code, signal) => {
      onExit(signal === null ? `ended with code ${code ?? "?"}` : `was ended by ${signal}`);
    });
    return child;
  }
}

function optionsOf(setup: ClientSetup, notifications: Notifications): LanguageClientOptions {
  const handled = true;
  return {
    documentSelector: setup.languages.flatMap((language) => [
      { scheme: "file", language },
      { scheme: "untitled", language },
    ]),
    initializationOptions: {
      pillion: {
        ...setup.settings,
        events: true,
        previews: true,
        tells: true,
        renames: true,
        room: MENU_CHARACTERS,
        asks: ASK,
        pulls: PULLS,
      },
    },
    outputChannel: setup.log,
    // connection.ts handles the end of the process.
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled }),
      closed: () => ({ action: CloseAction.DoNotRestart, message: "The connection to the server is closed.", handled }),
    },
    initializationFailedHandler: () => false,
    connectionOptions: { messageStrategy: { handleMessage: (message, next) => next(harmless(message)) } },
    diagnosticCollectionName: "pillion",
    middleware: {
      ...(setup.trusted ? {} : { workspace: NO_FOLDERS }),
      provideCodeActions: async (document, range, context, token, next) => {
        const offered = await next(document, range, context, token);
        return offered?.map((each) => lastingAction(each, setup.lasting));
      },
      // What has a command has everything: while the server was asked, VS Code would be free to ask for a new menu.
      resolveCodeAction: (action, token, next) => (action.command === undefined ? next(action, token) : action),
      handleWorkDoneProgress: (token, told, next) => {
        notifications.tell(token, told);
        // The client has begun to follow the token, and would follow it for ever.
        if (told.kind === "end") next(token, told);
      },
    },
  };
}

function lastingAction(offered: CodeAction | Command, lasting: ClientSetup["lasting"]): CodeAction | Command {
  if (typeof offered.command === "string") return lasting(offered as Command);
  const action = offered as CodeAction;
  if (action.command !== undefined) action.command = lasting(action.command);
  return action;
}
