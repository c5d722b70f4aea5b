/** Commands whose errors reach the user as words. */

import { commands } from "vscode";
import type { Disposable } from "vscode";

import type { Pillion } from "../pillion";
import { say } from "../say";
import { errorText } from "../errorText";

/** Runs it; undefined if it failed, in which case the user and the log have the error. */
export async function attempt<T>(pillion: Pillion, what: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    const words = errorText(error);
    pillion.log.warn(`${what}: ${words}`);
    void say.error(`Pillion: ${words}`);
    return undefined;
  }
}

/** Registers a command without arguments. */
export function command(pillion: Pillion, id: string, action: () => Promise<void>): Disposable {
  return commands.registerCommand(id, () => attempt(pillion, id, action));
}
