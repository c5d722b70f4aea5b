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
 * VS Code keeps the arguments of an action's command only until it asks for the actions again: because of the cursor,
 * another extension, or a diagnostic that has gone. A user who has just chosen from the older menu then reads “Actual
 * command not found”. A command without arguments can't be lost, so each action gets its own command here.
 */
export class MenuCommands implements Disposes {
  readonly #kept = new Map<string, Kept>();
  #made = 0;

  /** A command that does the same at any time. The same action's command always gets the same one. */
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
