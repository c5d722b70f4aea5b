/** *Ask Pillion…*: words, then what they come to, then a job. */

import { window } from "vscode";
import type { Disposable, QuickPick } from "vscode";

import type { Pillion } from "../pillion";
import type { Choice, Classification } from "../protocol";
import { command } from "./attempt";
import { choiceRows } from "./choices";
import type { ChoiceRow } from "./choices";
import { describe, placeOf, workingEditor } from "./target";

export function registerAsk(pillion: Pillion): Disposable[] {
  return [command(pillion, "pillion.askPillion", () => ask(pillion))];
}

async function ask(pillion: Pillion): Promise<void> {
  const editor = workingEditor();
  if (editor === undefined) {
    return;
  }
  const text = await window.showInputBox({
    title: "Ask Pillion",
    prompt: `What should be done with ${await describe(editor)}?`,
    placeHolder: "Simplify it · add a docstring · why is this slow?",
    ignoreFocusOut: true,
  });
  if (text === undefined || text.trim() === "") {
    return;
  }
  const choice = await choose(pillion, text, pillion.execute("pillion.classify", { text, ...placeOf(editor) }));
  if (choice === undefined) {
    return;
  }
  // The place is read anew: the user may have typed while the list was open.
  const { action, tier } = choice;
  await pillion.execute("pillion.run", { action, tier, instruction: text, ...placeOf(editor) });
}

/** Lets the user take or change what the words were classified as; undefined if they leave. */
async function choose(
  pillion: Pillion,
  text: string,
  asked: Promise<Classification>,
): Promise<Choice | undefined> {
  const pick = window.createQuickPick<ChoiceRow>();
  pick.title = `Ask Pillion: ${text}`;
  pick.placeholder = "Thinking about what this takes…";
  pick.busy = true;
  pick.ignoreFocusOut = true;
  pick.show();
  try {
    const left = leaving(pick);
    const classification = await Promise.race([asked, left]);
    if (classification === undefined) {
      // Its error, if one comes, is about a question that was withdrawn.
      asked.catch(() => undefined);
      return undefined;
    }
    const rows = choiceRows(classification, pillion.endpoints);
    pick.items = rows;
    pick.activeItems = rows.slice(0, 1);
    pick.busy = false;
    pick.placeholder = classification.symbol === null ? "Enter starts it" : `Enter starts it on ${classification.symbol}`;
    return (await Promise.race([accepting(pick), left]))?.choice;
  } finally {
    pick.dispose();
  }
}

function leaving(pick: QuickPick<ChoiceRow>): Promise<undefined> {
  return new Promise((resolve) => {
    pick.onDidHide(() => {
      resolve(undefined);
    });
  });
}

function accepting(pick: QuickPick<ChoiceRow>): Promise<ChoiceRow> {
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const row = pick.selectedItems[0];
      if (row !== undefined) {
        resolve(row);
      }
    });
  });
}
