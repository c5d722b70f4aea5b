/** Reports the mistakes in the configuration once, with a button that opens the place to correct them. */

import type { Pillion } from "../pillion";
import { say } from "../say";
import { attempt } from "./attempt";
import type { Disposes } from "./disposes";
import type { RunCommand } from "./outcomes";
import { counted } from "./words";

const MOST = 3;
const OPEN_FILE = "Open Configuration File";
const OPEN_SETTINGS = "Open Settings";

/** The form in which the server names a mistake's place. */
const IN_SETTINGS = /^the editor's settings\b/;

export function registerMistakes(pillion: Pillion, run: RunCommand): Disposes[] {
  let said: readonly string[] = [];
  const tell = async (problems: readonly string[]): Promise<void> => {
    const button = problems.every((each) => IN_SETTINGS.test(each)) ? OPEN_SETTINGS : OPEN_FILE;
    const pressed = await say.warning(mistakesText(problems), button);
    if (pressed !== undefined) {
      await run(pressed === OPEN_FILE ? "pillion.openConfiguration" : "pillion.openSettings");
    }
  };
  return [
    pillion.onEndpoints(() => {
      // While a server starts, nothing is known; the earlier message stays valid.
      if (pillion.server.state !== "running") {
        return;
      }
      const { problems } = pillion;
      // If one of several mistakes is corrected, the others are no news.
      const isNews = problems.some((each) => !said.includes(each));
      said = problems;
      if (isNews) {
        void attempt(pillion, "telling of the configuration", () => tell(problems));
      }
    }),
  ];
}

/** “Pillion: your configuration has 2 mistakes. config.toml: …; …”. */
export function mistakesText(problems: readonly string[]): string {
  const more = problems.length - MOST;
  const shown = [...problems.slice(0, MOST), ...(more > 0 ? [`… and ${String(more)} more`] : [])];
  return `Pillion: your configuration has ${counted(problems.length, "mistake")}. ${shown.join("; ")}`;
}
