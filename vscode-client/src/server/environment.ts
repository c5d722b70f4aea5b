/** A private Python environment with the libraries of the bundled server. */

import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { realExecutable, run } from "./processes";

// Contains the version of the Python that made it.
const READY = "pillion-ready";
const PREFIX = "env-";
const OTHER_WINDOW = "Another window is installing Pillion’s libraries. Try again when it has finished.";
// A lock this old is left over from a window that was closed.
const STALE_LOCK_MS = 15 * 60_000;
const UNUSED_MS = 14 * 24 * 60 * 60_000;
const VERSION_TIMEOUT_MS = 10_000;

/** Where things are. The environment's name tells its libraries, so a new version asks for others only if it needs them. */
export class Environment {
  private constructor(
    private readonly storage: string,
    private readonly requirements: string,
    private readonly folder: string,
    private readonly windows: boolean,
  ) {}

  static async of(storage: string, requirements: string, platform: NodeJS.Platform): Promise<Environment> {
    const digest = createHash("sha256")
      .update(await readFile(requirements))
      .digest("hex");
    return new Environment(storage, requirements, join(storage, PREFIX + digest.slice(0, 12)), platform === "win32");
  }

  get name(): string {
    return this.folder;
  }

  private get python(): string {
    return this.windows ? join(this.folder, "Scripts", "python.exe") : join(this.folder, "bin", "python");
  }

  /** Its Python, if the environment is complete and this is still the Python that finds its libraries. */
  async ready(): Promise<string | undefined> {
    const marked = await readFile(join(this.folder, READY), "utf8").catch(() => undefined);
    if (marked === undefined || (await realExecutable(this.python)) === undefined) return undefined;
    if (marked !== (await this.version())) return undefined;
    const now = new Date();
    // If this can't be noted, the environment may be removed too early, and is made again then.
    await utimes(join(this.folder, READY), now, now).catch(() => undefined);
    return this.python;
  }

  /** Removes environments that no window has started for a while: an open window may still run an old one. */
  async removeOthers(): Promise<void> {
    for (const name of await readdir(this.storage)) {
      const other = join(this.storage, name);
      if (!name.startsWith(PREFIX) || other === this.folder) continue;
      // Another window may be removing it.
      const used = await stat(join(other, READY)).catch(() => stat(other).catch(() => undefined));
      if (used !== undefined && Date.now() - used.mtimeMs > UNUSED_MS)
        await rm(other, { recursive: true, force: true });
    }
  }

  /**
   * Makes the environment.
   * @throws {Error} that says what went wrong, for the user.
   */
  async make(
    command: string,
    args: readonly string[],
    signal: AbortSignal,
    onLine: (line: string) => void,
  ): Promise<string> {
    await mkdir(this.storage, { recursive: true });
    const unlock = await this.lock();
    try {
      const options = { cwd: this.storage, signal, onLine };
      const steps: [string, string[]][] = [
        [command, [...args, "-P", "-m", "venv", "--clear", this.folder]],
        [this.python, ["-P", "-m", "pip", ...PIP, "--requirement", this.requirements]],
      ];
      for (const [program, words] of steps) {
        const ended = await run(program, words, options);
        if (ended.code !== 0) throw new Error(ended.lastLine || `${program} ended with ${ended.code ?? "a signal"}.`);
      }
      await writeFile(join(this.folder, READY), await this.version());
      return this.python;
    } finally {
      await unlock();
    }
  }

  /** “3.12”: what its libraries are installed for. */
  private async version(): Promise<string> {
    const words = ["-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"];
    const ended = await run(this.python, words, { cwd: this.storage, timeoutMs: VERSION_TIMEOUT_MS });
    return ended.code === 0 ? ended.stdout.trim() : "none";
  }

  /** Two windows must not write into one environment. */
  private async lock(): Promise<() => Promise<void>> {
    const file = join(this.storage, "installing");
    const opened = await open(file, "wx").catch(async () => {
      const held = await open(file, "r+");
      const age = Date.now() - (await held.stat()).mtimeMs;
      if (age < STALE_LOCK_MS && isRunning(await held.readFile("utf8"))) {
        await held.close();
        throw new Error(OTHER_WINDOW);
      }
      await held.truncate();
      return held;
    });
    await opened.write(String(process.pid), 0);
    await opened.close();
    return () => rm(file, { force: true });
  }
}

/** Whether a process runs. Half a number, or none, means that a process is just writing its number. */
function isRunning(pid: string): boolean {
  if (!/^\d+$/.test(pid)) return true;
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    // Another user's process can't get signals, but it runs.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

const PIP = ["install", "--disable-pip-version-check", "--no-input", "--prefer-binary", "--progress-bar", "off"];
