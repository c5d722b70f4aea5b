/**
 * Offers Even Better TOML the schemas of Pillion's files. An extension can't name a file of its own in its manifest for
 * that, so it is one line of the user's settings for each, which names a copy in a place that stays.
 */

import { access, copyFile, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

import { ConfigurationTarget, extensions, workspace } from "vscode";
import type { ExtensionContext, TextDocument, Uri } from "vscode";

import { say } from "../say";
import { COPIED_VERSION } from "./tomlFiles";
import type { TomlFile } from "./tomlFiles";

const EVEN_BETTER_TOML = "tamasfe.even-better-toml";
const SECTION = "evenBetterToml.schema";
const ASSOCIATIONS = "associations";
/** The questions that were asked: each is asked once. */
const ASKED = "tomlSchemas.asked";
/** scripts/settings.py writes them. */
const SCHEMAS: Readonly<Record<TomlFile, string>> = {
  workspace: "pillion-workspace.schema.json",
  user: "pillion-config.schema.json",
};
const USE = "Use Pillion’s Schema";
const NEVER = "Don’t Ask Again";
/** A schema's line as taplo reads it: in a comment above everything else. */
const DIRECTIVE = /^(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*#:schema[ \t]/;

type Associations = Readonly<Record<string, unknown>>;

/** One of the files was opened: asks, unless its schema is settled or the user was asked before. */
export async function openedTomlFile(context: ExtensionContext, document: TextDocument, file: TomlFile): Promise<void> {
  if (extensions.getExtension(EVEN_BETTER_TOML) === undefined) return;
  const settings = workspace.getConfiguration(SECTION, document.uri);
  const named = schemasOf(document.uri, settings.get<Associations>(ASSOCIATIONS) ?? {});
  if (named.includes(copyUrl(context, file))) {
    await renewCopy(context, file);
    return;
  }
  const asked = context.globalState.get<readonly string[]>(ASKED, []);
  const settled = named.length > 0 || settings.get("enabled") === false || DIRECTIVE.test(document.getText());
  if (settled || asked.includes(file)) return;
  await context.globalState.update(ASKED, [...asked, file]);
  const chosen = await say.info(
    `Even Better TOML can complete and check ${basename(document.uri.path)} with Pillion’s schema.`,
    USE,
    NEVER,
  );
  if (chosen === NEVER) await context.globalState.update(ASKED, Object.keys(SCHEMAS));
  if (chosen === USE) await associate(context, document.uri, file);
}

/** Updates existing copies to this version. */
export async function renewCopies(context: ExtensionContext): Promise<void> {
  for (const file of Object.keys(SCHEMAS) as TomlFile[]) {
    const isThere = await access(copyPath(context, file)).then(
      () => true,
      () => false,
    );
    if (isThere) await renewCopy(context, file);
  }
}

async function associate(context: ExtensionContext, uri: Uri, file: TomlFile): Promise<void> {
  await renewCopy(context, file);
  const settings = workspace.getConfiguration(SECTION);
  const own = settings.inspect<Associations>(ASSOCIATIONS)?.globalValue ?? {};
  const added = { ...own, [pattern(uri, file)]: copyUrl(context, file) };
  await settings.update(ASSOCIATIONS, added, ConfigurationTarget.Global);
}

async function renewCopy(context: ExtensionContext, file: TomlFile): Promise<void> {
  await mkdir(context.globalStorageUri.fsPath, { recursive: true });
  await copyFile(join(context.extensionPath, "configuration", SCHEMAS[file]), copyPath(context, file));
  const { version } = context.extension.packageJSON as { readonly version: string };
  await context.globalState.update(COPIED_VERSION, version);
}

function copyPath(context: ExtensionContext, file: TomlFile): string {
  return join(context.globalStorageUri.fsPath, SCHEMAS[file]);
}

function copyUrl(context: ExtensionContext, file: TomlFile): string {
  return pathToFileURL(copyPath(context, file)).href;
}

/** Of the user's file its folder's and its own name: how a drive is written in a URI differs. */
function pattern(uri: Uri, file: TomlFile): string {
  const name = file === "workspace" ? "/.pillion.toml" : `/${uri.toString().split("/").slice(-2).join("/")}`;
  return `${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`;
}

/** The schemas that are named for a document, none if it has none of its own. */
function schemasOf(uri: Uri, associations: Associations): unknown[] {
  const rows = Object.entries(associations).filter(([expression]) => matches(expression, uri.toString()));
  return rows.map(([, schema]) => schema);
}

function matches(expression: string, uri: string): boolean {
  try {
    return new RegExp(expression).test(uri);
  } catch {
    // Another regular expression's language may know more; what it means is the user's business.
    return false;
  }
}
