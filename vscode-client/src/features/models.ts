/** *Choose the Embedded Models*: what the engines run that Pillion starts itself. */

import { window } from "vscode";
import type { Disposable } from "vscode";

import type { Pillion } from "../pillion";
import type { ModelChoices, Pulled } from "../protocol";
import { say } from "../say";
import { command } from "./attempt";
import { modelRows } from "./modelItems";
import type { ModelRow } from "./modelItems";

export function registerModels(pillion: Pillion): Disposable[] {
  return [
    command(pillion, "pillion.chooseModels", async () => {
      const asked = pillion.execute<ModelChoices>("pillion.model");
      const chosen = await window.showQuickPick<ModelRow>(asked.then(modelRows), {
        title: "Pillion: Embedded Models",
        placeHolder: "They are fetched once, and run on this machine’s CPU",
        matchOnDescription: true,
      });
      if (chosen === undefined) return;
      const { state, reason } = await pillion.execute<Pulled>("pillion.model", { use: chosen.use });
      if (state === "here" || state === "pulled") {
        const unused = (await asked).own_endpoints ? " They are used where your configuration names no endpoints." : "";
        void say.info(`Pillion: the next job uses these models.${unused}`);
      } else if (reason !== undefined) {
        void say.error(`Pillion: ${reason}`);
      }
    }),
  ];
}
