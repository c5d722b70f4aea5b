/** *Cancel All Jobs*. */

import { window } from "vscode";
import type { Disposable } from "vscode";

import type { Pillion } from "../pillion";
import { command } from "./attempt";
import type { JobBook } from "./jobs";
import { counted } from "./words";

export function registerCancel(pillion: Pillion, jobs: JobBook): Disposable[] {
  return [
    command(pillion, "pillion.cancelAll", async () => {
      const working = jobs.open.filter((job) => job.state !== "offered").length;
      await pillion.execute("pillion.cancel");
      const said = working === 0 ? "Pillion: nothing was running." : `Pillion: ${counted(working, "job")} cancelled.`;
      window.setStatusBarMessage(said, 4000);
    }),
  ];
}
