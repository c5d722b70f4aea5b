/** The context keys for buttons, key bindings and the walkthrough; VS Code hears of each change. */

import { commands } from "vscode";

export class ContextKeys {
  private readonly told = new Map<string, boolean>();

  set(key: string, value: boolean): void {
    if (this.told.get(key) !== value) {
      this.told.set(key, value);
      void commands.executeCommand("setContext", key, value);
    }
  }
}
