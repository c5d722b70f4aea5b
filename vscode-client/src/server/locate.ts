/** Finds the server: the setting's, the PATH's, or the copy in this extension, run by a Python. */

import { type Machine, named, onPath } from "./executables";

/** How to start the server. `detail` says which one it is. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly source: "setting" | "path" | "bundled";
  readonly detail: string;
}

/** Why there is no server. `asked`: the user was asked and said no, so no message is needed. */
export interface Missing {
  readonly problem: string;
  readonly asked?: boolean;
}

/** Hears which question the user is asked, and then that it is over. */
export type Waits = (question: string | undefined) => void;

/** What a Python reports about itself; see python/probe.py. */
export interface Probe {
  readonly version: string;
  readonly missing: readonly string[];
  readonly environments: boolean;
}

/** The copy of the server in this extension. */
export interface Bundled {
  readonly env: Readonly<Record<string, string>>;
  /** The Python of the environment that was made for it earlier, if it still works. */
  prepared(): Promise<string | undefined>;
  /** Undefined if it isn't a Python of 3.11 or newer. */
  probe(command: string, args: readonly string[]): Promise<Probe | undefined>;
  /** Asks, and makes an environment. */
  prepare(command: string, args: readonly string[]): Promise<string | Missing>;
}

const SERVE = ["serve", "--stdio"];
const NEWEST_MINOR = 14;
const OLDEST_MINOR = 11;

/** `setting` is what the user wrote, which may be anything. */
export async function locate(setting: unknown, machine: Machine, bundled: Bundled): Promise<Launch | Missing> {
  if (!isCommand(setting)) {
    return {
      problem: 'The setting pillion.server.command is a list: ["/path/to/pillion"], with each argument by itself.',
    };
  }
  const [command, ...args] = setting ?? [];
  if (command !== undefined) {
    const file = await named(command, machine);
    if (typeof file !== "string") return { problem: `The setting pillion.server.command: ${file.problem}` };
    const serve = args.includes("--stdio") ? [] : args.includes("serve") ? ["--stdio"] : SERVE;
    return { command: file, args: [...args, ...serve], env: {}, source: "setting", detail: `${file} (your setting)` };
  }
  const refused: string[] = [];
  const found = await onPath("pillion", machine, refused);
  if (found !== undefined) {
    return { command: found, args: SERVE, env: {}, source: "path", detail: `${found} (on your PATH)` };
  }
  return fromBundle(machine, bundled, refused);
}

function isCommand(setting: unknown): setting is readonly string[] | null | undefined {
  const isNothing = setting === undefined || setting === null;
  return isNothing || (Array.isArray(setting) && setting.every((each) => typeof each === "string"));
}

async function fromBundle(machine: Machine, bundled: Bundled, refused: string[]): Promise<Launch | Missing> {
  const prepared = await bundled.prepared();
  if (prepared !== undefined) return bundledLaunch(prepared, [], bundled);
  let base: { readonly command: string; readonly args: readonly string[] } | undefined;
  let seen: string | undefined;
  for (const [name, args] of pythons(machine.platform)) {
    const command = await onPath(name, machine, refused);
    const probe = command === undefined ? undefined : await bundled.probe(command, args);
    if (command === undefined || probe === undefined) continue;
    if (probe.missing.length === 0) return bundledLaunch(command, args, bundled);
    seen ??= command;
    if (probe.environments) base ??= { command, args };
  }
  if (base !== undefined) {
    const made = await bundled.prepare(base.command, base.args);
    return typeof made === "string" ? bundledLaunch(made, [], bundled) : made;
  }
  if (seen !== undefined) {
    return {
      problem: `${seen} can’t make an environment for Pillion’s libraries. On Debian and Ubuntu, install python3-venv.`,
    };
  }
  const left = refused.length > 0 ? ` (Not used, since they lie in this workspace: ${refused.join(", ")}.)` : "";
  return { problem: `There is no pillion on your PATH, and no Python 3.11 or newer.${left}` };
}

function bundledLaunch(python: string, args: readonly string[], bundled: Bundled): Launch {
  return {
    command: python,
    // -P: nothing is imported from the folder it starts in.
    args: [...args, "-P", "-m", "pillion", ...SERVE],
    env: bundled.env,
    source: "bundled",
    detail: `the extension’s own copy, run by ${python}`,
  };
}

function pythons(platform: NodeJS.Platform): readonly (readonly [string, readonly string[]])[] {
  const numbered: [string, string[]][] = [];
  for (let minor = NEWEST_MINOR; minor >= OLDEST_MINOR; minor--) numbered.push([`python3.${minor}`, []]);
  return [...numbered, ["python3", []], ["python", []], ...(platform === "win32" ? [["py", ["-3"]] as const] : [])];
}
