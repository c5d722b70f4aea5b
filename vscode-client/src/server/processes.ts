/** Short-lived programs, run without a shell and never in the workspace. */

import { spawn } from "node:child_process";
import { access, constants, realpath, stat } from "node:fs/promises";

export interface Ended {
  /** Null if a signal ended it or it couldn't be started. */
  readonly code: number | null;
  readonly stdout: string;
  /** The last line it wrote, for messages. */
  readonly lastLine: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** Runs a program to its end. Never rejects: the answer says what went wrong. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const signals = [
      options.signal,
      options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs),
    ];
    const child = spawn(command, args, {
      cwd: options.cwd,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      signal: AbortSignal.any(signals.filter((each) => each !== undefined)),
    });
    let stdout = "";
    let lastLine = "";
    const hear = (line: string): void => {
      if (line.trim() === "") return;
      lastLine = line.trim();
      options.onLine?.(line);
    };
    const [out, err] = [lines(hear), lines(hear)];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      out(text);
    });
    child.stderr.setEncoding("utf8").on("data", err);
    child.on("error", (error) => {
      resolve({ code: null, stdout, lastLine: error.message });
    });
    child.on("close", (code) => {
      out("\n");
      err("\n");
      resolve({ code, stdout, lastLine });
    });
  });
}

/** Puts together the lines of a text that comes in pieces. */
export function lines(hear: (line: string) => void): (piece: string) => void {
  let half = "";
  return (piece) => {
    const whole = (half + piece).split(/[\r\n]+/);
    half = whole.pop() ?? "";
    whole.forEach(hear);
  };
}

/** The real name of a file that may be executed; undefined if there is none. */
export async function realExecutable(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) return undefined;
    await access(file, constants.X_OK);
    return await realpath(file);
  } catch {
    return undefined; // it doesn't exist, or must not be run
  }
}
