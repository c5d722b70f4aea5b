/** The keys that buttons, key bindings and the walkthrough depend on; VS Code is told when one changes. */

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
