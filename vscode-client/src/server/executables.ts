/** Finds the file of a command's name. A workspace must never decide what runs, so files in it don't count. */

import { posix, win32 } from "node:path";

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The home folder's name without links. */
  readonly realHome: string;
  /** The PATH. */
  readonly searchPath: string;
  /** The open folders; if one is a link, also its real name. */
  readonly workspaceFolders: readonly string[];
  /** The real name of a file that may be executed; undefined if there is none. */
  realExecutable(file: string): Promise<string | undefined>;
}

/** The first executable file of this name on the PATH. `refused` collects those in the workspace. */
export async function onPath(name: string, machine: Machine, refused: string[] = []): Promise<string | undefined> {
  const path = pathsOf(machine);
  for (const folder of machine.searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    // On Windows only programs: scripts would need a shell.
    const file = path.join(folder, machine.platform === "win32" && !/\.exe$/i.test(name) ? `${name}.exe` : name);
    const real = await machine.realExecutable(file);
    if (real === undefined) continue;
    if (!inWorkspace(file, machine) && !inWorkspace(real, machine)) return file;
    refused.push(file);
  }
  return undefined;
}

/** The forms of a command: an absolute path, a path from the home folder (`~/…`), or a bare name. */
export async function named(command: string, machine: Machine): Promise<string | { readonly problem: string }> {
  const path = pathsOf(machine);
  const file = /^~[/\\]/.test(command) ? path.join(machine.home, command.slice(2)) : command;
  if (!path.isAbsolute(file)) {
    if (/[/\\]/.test(file)) return { problem: `“${command}” isn’t an absolute path.` };
    const found = await onPath(file, machine);
    return found ?? { problem: `“${command}” isn’t on your PATH (folders of this workspace don’t count).` };
  }
  return (await machine.realExecutable(file)) === undefined
    ? { problem: `“${command}” isn’t a program that can be run.` }
    : file;
}

/** A user who opens the home folder, or a folder above it, still wants the programs there. */
function inWorkspace(file: string, machine: Machine): boolean {
  return machine.workspaceFolders.some((folder) => {
    const holdsHome = [machine.home, machine.realHome].some((home) => isInside(home, folder, machine));
    return !holdsHome && isInside(file, folder, machine);
  });
}

function isInside(file: string, folder: string, machine: Machine): boolean {
  const path = pathsOf(machine);
  const way = path.relative(folder, file);
  return way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

function pathsOf(machine: Machine): typeof posix {
  return machine.platform === "win32" ? win32 : posix;
}
