/** What the extension says about its server, with the way out beside it. */

import { commands, window } from "vscode";

import type { Surroundings } from "./connection";

const WALKTHROUGH = "pillion.pillion#pillion.start";

interface Button {
  readonly title: string;
  readonly command: string;
  readonly argument?: string;
}

const SHOW_LOG: Button = { title: "Show Log", command: "pillion.showLog" };
const MISSING: readonly Button[] = [
  { title: "Show How", command: "workbench.action.openWalkthrough", argument: WALKTHROUGH },
  { title: "Open Settings", command: "workbench.action.openSettings", argument: "pillion.server.command" },
  { title: "Retry", command: "pillion.restartServer" },
];
const GAVE_UP: readonly Button[] = [{ title: "Restart", command: "pillion.restartServer" }, SHOW_LOG];

/** Messages that wait for nobody. */
export const tell: Surroundings["tell"] = {
  missing: (problem) => {
    offer(window.showErrorMessage(`Pillion can’t start. ${problem}`, ...MISSING));
  },
  crashed: (how) => {
    offer(window.showWarningMessage(`Pillion’s server ${how}. It is being restarted.`, SHOW_LOG));
  },
  gaveUp: (how) => {
    offer(window.showErrorMessage(`Pillion’s server keeps failing: it ${how}. It isn’t started any more.`, ...GAVE_UP));
  },
};

function offer(chosen: Thenable<Button | undefined>): void {
  void chosen.then((button) => {
    if (button === undefined) return undefined;
    const words = button.argument === undefined ? [] : [button.argument];
    return commands.executeCommand(button.command, ...words);
  });
}
