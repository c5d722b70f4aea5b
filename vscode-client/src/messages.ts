/** The extension's messages about its server, with buttons for what the user can do. */

import { commands } from "vscode";

import { errorText } from "./errorText";
import { say } from "./say";
import type { Surroundings } from "./surroundings";

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

const FITS_CHARACTERS = 55;
/** By LSP's numbers. */
const LEVELS: readonly (typeof say.info | undefined)[] = [undefined, say.error, say.warning];

/** Shows messages without waiting for their buttons. */
export const tell: Surroundings["tell"] = {
  missing: (problem) => {
    offer(say.error(`Pillion can’t start. ${problem}`, ...MISSING));
  },
  crashed: (how) => {
    offer(say.warning(`Pillion’s server ${how}. It is being restarted.`, SHOW_LOG));
  },
  said: (type, message) => {
    const show = LEVELS[type] ?? say.info;
    // VS Code cuts a message without buttons after its first line, and takes it away soon.
    void (message.length > FITS_CHARACTERS ? show(message, "OK") : show(message));
  },
  question: () => {
    void commands.executeCommand("notifications.showList");
  },
  gaveUp: (how) => {
    offer(say.error(`Pillion’s server keeps failing: it ${how}. It isn’t started any more.`, ...GAVE_UP));
  },
};

function offer(chosen: Thenable<Button | undefined>): void {
  const press = async (): Promise<void> => {
    const button = await chosen;
    if (button === undefined) return;
    const words = button.argument === undefined ? [] : [button.argument];
    await commands.executeCommand(button.command, ...words);
  };
  press().catch((error: unknown) => say.error(`Pillion: ${errorText(error)}`));
}
