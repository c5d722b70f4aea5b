/** The commands that concern the server itself. */

import { homedir } from "node:os";
import { join } from "node:path";

import { commands, type ExtensionContext, Uri, window } from "vscode";

import { configurationFile, prepareConfiguration } from "./configurationFile";
import { errorText } from "./errorText";
import { setApiKey } from "./keys";
import type { Pillion } from "./pillion";
import type { Pulled } from "./protocol";
import { say } from "./say";

export function registerCommands(context: ExtensionContext, pillion: Pillion): void {
  const rows: Record<string, () => unknown> = {
    "pillion.showLog": () => {
      pillion.log.show(true);
    },
    "pillion.restartServer": () => pillion.restart(),
    "pillion.openSettings": () =>
      commands.executeCommand("workbench.action.openSettings", `@ext:${context.extension.id}`),
    "pillion.openConfiguration": () => openConfiguration(context),
    "pillion.setApiKey": () => setApiKey(context, pillion),
    "pillion.downloadModel": () => downloadModel(pillion),
  };
  for (const [command, work] of Object.entries(rows)) {
    context.subscriptions.push(commands.registerCommand(command, () => readable(work)));
  }
}

async function openConfiguration(context: ExtensionContext): Promise<void> {
  const file = configurationFile(process.platform, homedir(), process.env);
  await prepareConfiguration(file, join(context.extensionPath, "configuration"));
  await window.showTextDocument(Uri.file(file));
}

async function downloadModel(pillion: Pillion): Promise<void> {
  const { state, reason } = await pillion.execute<Pulled>("pillion.pull");
  const because = reason === undefined ? "" : ` ${reason}`;
  switch (state) {
    case "here":
      void say.info(`Pillion: the models that your configuration needs are here.${because}`);
      return;
    case "pulled":
      void say.info(`Pillion: the model is downloaded.${because}`);
      return;
    case "cancelled":
    case "failed":
    // The server has shown the error.
  }
}

/** Shows errors as they are, without VS Code’s words around them. */
async function readable(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    void say.error(`Pillion: ${errorText(error)}`);
  }
}
