/** Commands of code actions that outlive the menu which offers them. */

import { type Command, commands } from "vscode";

import type { Disposes } from "./features/disposes";

// Some are offered again with every move of the cursor; a menu stays open for a while.
const KEPT = 500;

interface Kept {
  readonly id: string;
  readonly registered: Disposes;
}

/**
 * VS Code keeps the arguments of an action's command only until it asks for the actions anew: because of the cursor,
 * because another extension has come or a diagnostic has gone. Who has just chosen from the older menu is told “Actual
 * command not found”. A command without arguments needs no keeping, so each action gets one of its own here.
 */
export class MenuCommands implements Disposes {
  readonly #kept = new Map<string, Kept>();
  #made = 0;

  /** A command that does the same whenever it is chosen. The same command gives the same one. */
  lasting(command: Command): Command {
    if (command.arguments === undefined || command.arguments.length === 0) return command;
    const key = JSON.stringify([command.command, command.arguments]);
    const kept = this.#kept.get(key) ?? this.#make(command);
    this.#kept.delete(key);
    this.#kept.set(key, kept); // at the end: the first is the one that was offered longest ago
    this.#forgetOldest();
    const { title, tooltip } = command;
    return { title, ...(tooltip === undefined ? {} : { tooltip }), command: kept.id };
  }

  dispose(): void {
    for (const { registered } of this.#kept.values()) registered.dispose();
    this.#kept.clear();
  }

  #make({ command, arguments: words = [] }: Command): Kept {
    this.#made += 1;
    const id = `pillion.menu.${String(this.#made)}`;
    return {
      id,
      registered: commands.registerCommand(id, () => commands.executeCommand(command, ...(words as unknown[]))),
    };
  }

  #forgetOldest(): void {
    for (const [key, { registered }] of this.#kept) {
      if (this.#kept.size <= KEPT) return;
      registered.dispose();
      this.#kept.delete(key);
    }
  }
}
