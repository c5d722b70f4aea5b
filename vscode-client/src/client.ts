/** One language client: for one process of the server. */

import { type ChildProcess, spawn } from "node:child_process";

import type { LogOutputChannel } from "vscode";
import {
  CloseAction,
  ErrorAction,
  type InitializeParams,
  LanguageClient,
  type LanguageClientOptions,
  WorkDoneProgressCancelNotification,
} from "vscode-languageclient/node";

import { Notifications } from "./progress";
import type { Launch } from "./server/locate";

const ANSWER_TIMEOUT_MS = 2_000;
const EXIT_TIMEOUT_MS = 2_000;

export interface ClientSetup {
  readonly launch: Launch;
  readonly languages: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** API keys, by the names of environment variables. */
  readonly keys: Readonly<Record<string, string>>;
  readonly trusted: boolean;
  readonly home: string;
  readonly log: LogOutputChannel;
}

export class PillionClient extends LanguageClient {
  #child: ChildProcess | undefined;
  readonly #trusted: boolean;
  readonly #notifications: Notifications;

  /** `onExit` is called once, when the process has ended or couldn't be started, with what a user may read. */
  constructor(setup: ClientSetup, onExit: (how: string) => void) {
    const notifications = new Notifications((token) => {
      void this.sendNotification(WorkDoneProgressCancelNotification.type, { token });
    });
    super("pillion", "Pillion", () => this.#spawn(setup, onExit), optionsOf(setup, notifications));
    this.#notifications = notifications;
    this.#trusted = setup.trusted;
  }

  /** In a workspace that isn't trusted, the server isn't told where it is, so it reads no `.pillion.toml` there. */
  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    if (this.#trusted) return;
    Object.assign(params, { rootPath: null, rootUri: null, workspaceFolders: null });
  }

  /** Ends the process: asks it to, and makes it. */
  async end(): Promise<void> {
    this.#notifications.dispose();
    const child = this.#child;
    const asked = this.isRunning();
    const note = (error: unknown): void => {
      this.outputChannel.debug(`While stopping: ${String(error)}`);
    };
    await this.dispose(ANSWER_TIMEOUT_MS).catch(note);
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const forced = setTimeout(() => child.kill("SIGKILL"), asked ? EXIT_TIMEOUT_MS : 0);
    await ended;
    clearTimeout(forced);
  }

  async #spawn(setup: ClientSetup, onExit: (how: string) => void): Promise<ChildProcess> {
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
    // Writing to a process that has just died isn't worth a crash of ours: its end is heard below.
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
    initializationOptions: { pillion: { ...setup.settings, events: true, previews: true } },
    outputChannel: setup.log,
    // How the process ends is dealt with in connection.ts.
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled }),
      closed: () => ({ action: CloseAction.DoNotRestart, message: "The connection to the server is closed.", handled }),
    },
    initializationFailedHandler: () => false,
    diagnosticCollectionName: "pillion",
    middleware: {
      handleWorkDoneProgress: (token, told) => {
        notifications.tell(token, told);
      },
    },
  };
}
