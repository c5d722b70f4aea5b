/** Puts the extension together. Nothing here waits: the server starts while VS Code goes on. */

import { realpath } from "node:fs/promises";
import { homedir } from "node:os";

import { type ExtensionContext, Uri, commands, window, workspace } from "vscode";

import { registerCommands } from "./commands";
import { configurationFile } from "./configurationFile";
import { Connection } from "./connection";
import { errorText } from "./errorText";
import { registerFeatures } from "./features";
import { storedKeys } from "./keys";
import { tell } from "./messages";
import { MenuCommands } from "./menuCommands";
import type { Pillion } from "./pillion";
import { ServerCommands } from "./serverCommands";
import { bundledServer } from "./server/bundle";
import type { Machine } from "./server/executables";
import { locate } from "./server/locate";
import { realExecutable } from "./server/processes";
import { type Properties, settingsThatAreSet } from "./settings";

interface Manifest {
  readonly version: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Properties };
  };
}

const ON_LANGUAGE = "onLanguage:";
const SAID_MS = 4_000;
let connection: Connection | undefined;

export function activate(context: ExtensionContext): { readonly pillion: Pillion; readonly activationMs: number } {
  const began = performance.now();
  const log = window.createOutputChannel("Pillion", { log: true });
  const manifest = context.extension.packageJSON as Manifest;
  const home = homedir();
  const bundled = bundledServer(context, log, home);
  const menu = new MenuCommands();
  const started = new Connection(log, {
    home,
    version: manifest.version,
    languages: manifest.activationEvents
      .filter((event) => event.startsWith(ON_LANGUAGE))
      .map((event) => event.slice(ON_LANGUAGE.length)),
    locate: async (ask, waits) => locate(serverCommand(), await machine(home), await bundled(ask, waits)),
    // It is a bundle of its own, so that activation doesn't wait until it is read.
    client: () => import("./client"),
    keys: () => storedKeys(context),
    trusted: () => workspace.isTrusted,
    lasting: (command) => menu.lasting(command),
    settings: () => {
      const configuration = workspace.getConfiguration();
      const { properties } = manifest.contributes.configuration;
      return settingsThatAreSet(properties, (key) => configuration.inspect(key), workspace.isTrusted);
    },
    tell,
  });
  connection = started;
  const own = new ServerCommands(started, new Set(manifest.contributes.commands.map(({ command }) => command)));
  context.subscriptions.push(
    log,
    started,
    menu,
    own,
    started.onServer(() => {
      own.own(started.commands);
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("pillion.server.command")) void started.restart();
      else if (change.affectsConfiguration("pillion")) void started.sendSettings();
    }),
    workspace.onDidGrantWorkspaceTrust(() => void started.restart(false)),
    workspace.onDidSaveTextDocument(({ uri }) => {
      const file = Uri.file(configurationFile(process.platform, home, process.env));
      if (uri.toString() !== file.toString()) return;
      started.execute("pillion.reload").then(
        () => {
          window.setStatusBarMessage("Pillion: the saved configuration holds from the next job on.", SAID_MS);
        },
        (error: unknown) => {
          log.debug(`The configuration is read when the server starts: ${errorText(error)}`);
        },
      );
    }),
  );
  // For the keys and menus that are useful only in these languages.
  void commands.executeCommand("setContext", "pillion.languages", started.languages);
  registerCommands(context, started);
  registerFeatures(context, started);
  void started.start();
  const activationMs = performance.now() - began;
  log.debug(`Activated in ${activationMs.toFixed(1)} ms.`);
  return { pillion: started, activationMs };
}

export async function deactivate(): Promise<void> {
  await connection?.stop();
  connection = undefined;
}

/** Only the user's own setting: the author of a workspace must not choose what runs. */
function serverCommand(): unknown {
  return workspace.getConfiguration("pillion").inspect("server.command")?.globalValue;
}

async function machine(home: string): Promise<Machine> {
  const local = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const folders = local.map(({ uri }) => uri.fsPath);
  // A folder that was deleted has no other name.
  const realNames = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  const searchPath = process.env["PATH"] ?? "";
  const realHome = await realpath(home).catch(() => home);
  const workspaceFolders = [...folders, ...realNames];
  return { platform: process.platform, home, realHome, searchPath, workspaceFolders, realExecutable };
}
