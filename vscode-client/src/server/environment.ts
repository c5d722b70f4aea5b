/** A private Python environment with the libraries of the bundled server. */

import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { realExecutable, run } from "./processes";

const READY = "pillion-ready";
const PREFIX = "env-";
const OTHER_WINDOW = "Another window is installing Pillion’s libraries. Try again when it has finished.";
// A lock that old is left over from a window that was closed.
const STALE_LOCK_MS = 15 * 60_000;

/** Where things are. The environment's name tells its libraries, so a new version asks for others only if it needs them. */
export class Environment {
  private constructor(
    private readonly storage: string,
    private readonly requirements: string,
    private readonly folder: string,
    private readonly windows: boolean,
  ) {}

  static async of(storage: string, requirements: string, platform: NodeJS.Platform): Promise<Environment> {
    const digest = createHash("sha256").update(await readFile(requirements)).digest("hex");
    return new Environment(storage, requirements, join(storage, PREFIX + digest.slice(0, 12)), platform === "win32");
  }

  get name(): string {
    return this.folder;
  }

  private get python(): string {
    return this.windows ? join(this.folder, "Scripts", "python.exe") : join(this.folder, "bin", "python");
  }

  /** Its Python, if it was made to the end and the Python it was made with is still there. */
  async ready(): Promise<string | undefined> {
    const marked = await readFile(join(this.folder, READY)).catch(() => undefined);
    return marked !== undefined && (await realExecutable(this.python)) !== undefined ? this.python : undefined;
  }

  /**
   * Makes it, and removes those of earlier versions.
   * @throws {Error} with what went wrong, for the user.
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
      await writeFile(join(this.folder, READY), "");
      for (const name of await readdir(this.storage)) {
        const other = join(this.storage, name);
        if (name.startsWith(PREFIX) && other !== this.folder) await rm(other, { recursive: true, force: true });
      }
      return this.python;
    } finally {
      await unlock();
    }
  }

  /** Two windows must not write into one environment. */
  private async lock(): Promise<() => Promise<void>> {
    const file = join(this.storage, "installing");
    const opened = await open(file, "wx").catch(async () => {
      const held = await open(file, "r+");
      const age = Date.now() - (await held.stat()).mtimeMs;
      if (age < STALE_LOCK_MS) {
        await held.close();
        throw new Error(OTHER_WINDOW);
      }
      await held.truncate();
      return held;
    });
    await opened.write(String(process.pid));
    await opened.close();
    return () => rm(file, { force: true });
  }
}

const PIP = ["install", "--disable-pip-version-check", "--no-input", "--prefer-binary", "--progress-bar", "off"];
