/** Notices Pillion's TOML files when they are opened. The code for their schemas is loaded only then. */

import { homedir } from "node:os";

import { Uri, workspace } from "vscode";
import type { ExtensionContext, TextDocument } from "vscode";

import { configurationFile } from "../configurationFile";
import type { Pillion } from "../pillion";
import { attempt } from "./attempt";
import type { Disposes } from "./disposes";

/** A workspace's `.pillion.toml`, or the user's own configuration file. */
export type TomlFile = "workspace" | "user";

/** The extension's version of the schemas' copies; undefined while there are none. */
export const COPIED_VERSION = "tomlSchemas.version";
const WHAT = "the schema of a TOML file";

export function registerTomlSchemas(context: ExtensionContext, pillion: Pillion): Disposes[] {
  const opened = (document: TextDocument): void => {
    const file = kindOf(document.uri);
    if (file === undefined) return;
    void attempt(pillion, WHAT, async () => {
      await (await import("./tomlSchemas")).openedTomlFile(context, document, file);
    });
  };
  const { version } = context.extension.packageJSON as { readonly version: string };
  const copied = context.globalState.get<string>(COPIED_VERSION);
  if (copied !== undefined && copied !== version) {
    void attempt(pillion, WHAT, async () => {
      await (await import("./tomlSchemas")).renewCopies(context);
    });
  }
  workspace.textDocuments.forEach(opened);
  return [workspace.onDidOpenTextDocument(opened)];
}

function kindOf(uri: Uri): TomlFile | undefined {
  if (uri.scheme !== "file" || !uri.path.endsWith(".toml")) return undefined;
  if (uri.path.endsWith("/.pillion.toml")) return "workspace";
  const users = Uri.file(configurationFile(process.platform, homedir(), process.env));
  return uri.toString() === users.toString() ? "user" : undefined;
}
