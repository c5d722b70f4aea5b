/** The user's configuration file: its place, and the content of a new one. */

import { constants } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, posix, win32 } from "node:path";

/** As the server finds it (platformdirs' `user_config_path("pillion")`). */
export function configurationFile(
  platform: NodeJS.Platform,
  home: string,
  environ: Readonly<Record<string, string | undefined>>,
): string {
  const path = platform === "win32" ? win32 : posix;
  const own = environ["PILLION_CONFIG"];
  if (own !== undefined && own !== "") {
    // The server is started in the home folder.
    return path.resolve(home, /^~(?=[/\\]|$)/.test(own) ? path.join(home, own.slice(1)) : own);
  }
  return path.join(folder(platform, home, environ, path), "pillion", "config.toml");
}

function folder(
  platform: NodeJS.Platform,
  home: string,
  environ: Readonly<Record<string, string | undefined>>,
  path: typeof posix,
): string {
  if (platform === "win32") return environ["LOCALAPPDATA"] ?? path.join(home, "AppData", "Local");
  const xdg = environ["XDG_CONFIG_HOME"];
  if (xdg !== undefined && path.isAbsolute(xdg)) return xdg;
  return platform === "darwin" ? path.join(home, "Library", "Application Support") : path.join(home, ".config");
}

/** Both are written by scripts/settings.py. */
const EXAMPLE_FILE = "config.toml";
const SCHEMA_FILE = "pillion-config.schema.json";

/**
 * Writes the file from the `templates`, unless it exists. Beside it goes the schema for completing and checking it,
 * always in this version. The file's first line names the schema.
 */
export async function prepareConfiguration(file: string, templates: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  await copyFile(join(templates, SCHEMA_FILE), join(folder, SCHEMA_FILE));
  // EXCL: an existing file stays as it is.
  await copyFile(join(templates, EXAMPLE_FILE), file, constants.COPYFILE_EXCL).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
}
