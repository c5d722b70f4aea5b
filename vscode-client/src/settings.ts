/** The settings that the user has set, in the server's form. */

/** What VS Code knows of one setting. */
export interface Inspected {
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

/** `contributes.configuration.properties` of package.json. */
export type Properties = Readonly<Record<string, { readonly scope?: string }>>;

const PREFIX = "pillion.";
// The extension's own settings; the server doesn't know them.
const OWN = new Set(["pillion.server.command", "pillion.trace.server", "pillion.reviewView"]);

/** Nested as in the configuration file. Defaults are left out, since what is sent overrides the user's file. */
export function settingsThatAreSet(
  properties: Properties,
  inspect: (key: string) => Inspected | undefined,
  trusted: boolean,
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const [key, { scope }] of Object.entries(properties)) {
    if (OWN.has(key)) continue;
    const found = inspect(key);
    const value =
      trusted && scope !== "application"
        ? (found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue)
        : found?.globalValue;
    if (value !== undefined && value !== null) put(settings, key.slice(PREFIX.length).split("."), value);
  }
  return settings;
}

function put(settings: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) {
    settings[name] = value;
    return;
  }
  const table = (settings[name] ??= {}) as Record<string, unknown>;
  put(table, rest, value);
}
