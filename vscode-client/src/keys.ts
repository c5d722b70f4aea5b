/** API keys in VS Code's secret storage. The server gets them as environment variables, and the log never does. */

import { type ExtensionContext, window } from "vscode";

import { withoutIcons } from "./harmless";
import { withoutLinks } from "./harmless";
import type { Pillion } from "./pillion";
import type { Endpoint, Engines } from "./protocol";
import { say } from "./say";

const NAMES = "apiKeys";
const VARIABLE = /^[A-Za-z_]\w*$/;

/** The stored keys, by the names of environment variables. */
export async function storedKeys(context: ExtensionContext): Promise<Record<string, string>> {
  const keys: Record<string, string> = {};
  for (const name of storedNames(context)) {
    const key = await context.secrets.get(secret(name));
    if (key !== undefined) keys[name] = key;
  }
  return keys;
}

/** Asks for a key, or removes one, and restarts the server with it. */
export async function setApiKey(context: ExtensionContext, pillion: Pillion): Promise<void> {
  const stored = storedNames(context);
  const rows = rowsOf(await endpointsOf(pillion, stored), stored);
  if (rows.length === 0) {
    void say.info(
      "None of your endpoints needs a key. One that does names an environment variable (api_key_env) in the configuration file.",
    );
    return;
  }
  const row = await window.showQuickPick(rows, { title: "Set API Key", placeHolder: "Which key?" });
  if (row === undefined) return;
  const key = await window.showInputBox({
    title: `API Key: ${row.label}`,
    prompt: row.stored ? "Leave it empty to remove the stored key." : withoutLinks(`For ${row.description}.`),
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return;
  if (key.trim() === "" && !row.stored) return;
  await store(context, row.label, key.trim());
  await pillion.restart();
}

/** A server that doesn't run, perhaps because a key is missing, reports no endpoints; stored keys can be set. */
async function endpointsOf(pillion: Pillion, stored: readonly string[]): Promise<readonly Endpoint[]> {
  try {
    return (await pillion.execute<Engines>("pillion.endpoints")).endpoints;
  } catch (error) {
    if (stored.length === 0) throw error;
    return [];
  }
}

async function store(context: ExtensionContext, name: string, key: string): Promise<void> {
  const others = storedNames(context).filter((each) => each !== name);
  if (key === "") await context.secrets.delete(secret(name));
  else await context.secrets.store(secret(name), key);
  await context.globalState.update(NAMES, key === "" ? others : [...others, name]);
}

interface Row {
  readonly label: string;
  readonly description: string;
  readonly stored: boolean;
  readonly detail: string;
}

function rowsOf(endpoints: readonly Endpoint[], stored: readonly string[]): Row[] {
  const users = new Map<string, string[]>(stored.map((name) => [name, []]));
  for (const { name, api_key_env: variable } of endpoints) {
    if (variable === null || !VARIABLE.test(variable)) continue;
    users.set(variable, [...(users.get(variable) ?? []), name]);
  }
  return [...users].map(([label, names]) => ({
    label,
    description: withoutIcons(names.join(", ")) || "no endpoint any more",
    stored: stored.includes(label),
    detail: stored.includes(label) ? "A key is stored." : "No key is stored here.",
  }));
}

function storedNames(context: ExtensionContext): readonly string[] {
  return context.globalState.get<string[]>(NAMES, []);
}

function secret(name: string): string {
  return `apiKey.${name}`;
}
