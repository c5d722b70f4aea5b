/** The copy of the server in this extension: asks before it installs, and shows the progress. */

import { join } from "node:path";

import { type ExtensionContext, type LogOutputChannel, ProgressLocation, window } from "vscode";

import { errorText } from "../errorText";
import { say } from "../say";
import { Environment } from "./environment";
import { InstallSteps } from "./installSteps";
import type { Step } from "./installSteps";
import type { Bundled, Missing, Probe, Waits } from "./locate";
import { run } from "./processes";

const PROBE_TIMEOUT_MS = 20_000;
const INSTALL = "Install";
const NOT_NOW = "Not Now";
const QUESTION = "Pillion asks whether it may install its Python libraries: answer among the notifications.";

/** Finds the copy again for each start. `ask`: asks even if the user was asked before. */
export function bundledServer(
  context: ExtensionContext,
  log: LogOutputChannel,
  home: string,
): (ask: boolean, waits: Waits) => Promise<Bundled> {
  const storage = context.globalStorageUri.fsPath;
  const requirements = join(context.extensionPath, "bundled", "requirements.txt");
  // Starts that follow each other closely share one question and one installation.
  let preparing: Promise<string | Missing> | undefined;
  let answered: Promise<undefined> | undefined;
  let asked = false;
  return async (ask, waits) => {
    const environment = await Environment.of(storage, requirements, process.platform);
    return {
      env: {
        PYTHONPATH: join(context.extensionPath, "bundled"),
        PYTHONPYCACHEPREFIX: join(storage, "pycache"),
      },
      prepared: async () => {
        const python = await environment.ready();
        if (python !== undefined) {
          await environment.removeOthers().catch((error: unknown) => {
            // Windows doesn't remove files that another window still runs.
            log.debug(`An old environment stays: ${errorText(error)}`);
          });
        }
        return python;
      },
      probe: async (command, args) => {
        const words = [...args, "-P", join(context.extensionPath, "python", "probe.py"), requirements];
        const ended = await run(command, words, { cwd: home, timeoutMs: PROBE_TIMEOUT_MS });
        log.debug(`${command} ${args.join(" ")}: ${ended.code === 0 ? ended.stdout.trim() : ended.lastLine}`);
        return ended.code === 0 ? probeIn(ended.stdout) : undefined;
      },
      prepare: (command, args) => {
        if (preparing === undefined) {
          if (!ask && (asked || context.globalState.get(declined(environment)) === true)) {
            return Promise.resolve(notInstalled(true));
          }
          asked = true;
          const asking = askWhether();
          answered = asking.then(
            () => (answered = undefined),
            () => (answered = undefined),
          );
          preparing = askAndInstall(context, environment, asking, command, args, log).finally(() => {
            preparing = undefined;
          });
        }
        if (answered !== undefined) {
          waits(QUESTION);
          void answered.then(() => {
            waits(undefined);
          });
        }
        return preparing;
      },
    };
  };
}

function declined(environment: Environment): string {
  return `declined ${environment.name}`;
}

async function askWhether(): Promise<string | undefined> {
  return say.info(
    "Pillion needs its Python libraries (about 60 MB from your package index). They go into a folder of the extension’s own.",
    INSTALL,
    NOT_NOW,
  );
}

async function askAndInstall(
  context: ExtensionContext,
  environment: Environment,
  asking: Promise<string | undefined>,
  command: string,
  args: readonly string[],
  log: LogOutputChannel,
): Promise<string | Missing> {
  const answer = await asking;
  if (answer !== INSTALL) {
    // Closing the message isn't an answer, and the next session may ask again.
    await context.globalState.update(declined(environment), answer === NOT_NOW);
    return notInstalled(true);
  }
  await context.globalState.update(declined(environment), undefined);
  // Another window may have asked too, and installed them.
  return (await environment.ready()) ?? install(environment, command, args, log);
}

async function install(
  environment: Environment,
  command: string,
  args: readonly string[],
  log: LogOutputChannel,
): Promise<string | Missing> {
  const title = "Installing the libraries Pillion needs";
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (bar, token) => {
      const stop = new AbortController();
      const listening = token.onCancellationRequested(() => {
        stop.abort();
      });
      const steps = new InstallSteps();
      let percent = 0;
      const tell = (step: Step | undefined): void => {
        if (step === undefined) return;
        bar.report({ message: step.message, increment: Math.max(0, step.percent - percent) });
        percent = Math.max(percent, step.percent);
      };
      tell(steps.first);
      try {
        return await environment.make(command, args, stop.signal, (line) => {
          log.info(`install: ${line}`);
          tell(steps.next(line));
        });
      } catch (error) {
        if (token.isCancellationRequested) return notInstalled(true);
        const reason = errorText(error);
        return { problem: `Pillion’s Python libraries couldn’t be installed: ${reason}` };
      } finally {
        listening.dispose();
      }
    },
  );
}

function notInstalled(asked: boolean): Missing {
  return { problem: "Pillion’s Python libraries aren’t installed. Restart the server to install them.", asked };
}

function probeIn(text: string): Probe | undefined {
  try {
    return JSON.parse(text) as Probe;
  } catch {
    return undefined; // a program called python that isn't Python
  }
}
