/** The server's commands, as commands of VS Code: for menus, keys and other extensions. */

import { commands, window } from "vscode";

import { errorText } from "./errorText";
import type { Disposes } from "./features/disposes";
import type { ServerStatus } from "./pillion";
import { say } from "./say";

// The commands that actions and keys use. A newer server may have more.
const KNOWN = ["run", "retry", "cancel", "accept", "reject", "fix", "undo", "dismiss", "undismiss", "stats"];

interface Server {
  readonly server: ServerStatus;
  executeAndTell(command: string, argument?: unknown): Promise<unknown>;
}

/**
 * They exist as long as the extension. The language client would have them only while a server runs, and then
 * a user who chooses from an older menu, or presses a key early, would read that there is no such command.
 */
export class ServerCommands implements Disposes {
  readonly #registered = new Map<string, Disposes>();

  /** `contributed`: the extension's own commands. */
  constructor(
    private readonly pillion: Server,
    private readonly contributed: ReadonlySet<string>,
  ) {
    this.own(KNOWN.map((name) => `pillion.${name}`));
  }

  /** Registers these as commands of VS Code, too. */
  own(names: readonly string[]): void {
    for (const name of names) {
      if (this.#registered.has(name) || this.contributed.has(name)) continue;
      this.#registered.set(
        name,
        commands.registerCommand(name, (argument: unknown) => this.#execute(name, argument)),
      );
    }
  }

  dispose(): void {
    for (const registered of this.#registered.values()) registered.dispose();
  }

  async #execute(name: string, argument: unknown): Promise<unknown> {
    const executed = this.pillion.executeAndTell(name, argument);
    if (this.pillion.server.state !== "running") {
      const settled = executed.then(
        () => undefined,
        () => undefined,
      );
      window.setStatusBarMessage("$(sync~spin) Pillion is starting; it does this as soon as it can.", settled);
    }
    try {
      return await executed;
    } catch (error) {
      void say.error(`Pillion: ${errorText(error)}`);
      return undefined;
    }
  }
}
