/** *Show Endpoints*: first asks each endpoint for a sign of life. */

import { commands, window } from "vscode";
import type { Disposable } from "vscode";

import type { Pillion } from "../pillion";
import type { Engines } from "../protocol";
import { command } from "./attempt";
import { endpointRow } from "./endpointItems";

export function registerEndpoints(pillion: Pillion): Disposable[] {
  return [
    command(pillion, "pillion.showEndpoints", async () => {
      const asked = pillion.execute<Engines>("pillion.endpoints", { live: true });
      const rows = asked.then(({ endpoints }) => endpoints.map(endpointRow));
      const chosen = await window.showQuickPick(rows, {
        title: "Pillion: Endpoints",
        placeHolder: "Choose one to open the configuration file",
        matchOnDescription: true,
        matchOnDetail: true,
      });
      if (chosen !== undefined) {
        await commands.executeCommand("pillion.openConfiguration");
      }
    }),
  ];
}
