/** *Ask Pillion…*: words, then what they come to, then a job. */

import { window } from "vscode";
import type { Disposable, QuickPick, TextEditor } from "vscode";

import type { Pillion } from "../pillion";
import type { Choice, Classification } from "../protocol";
import { say } from "../say";
import { command } from "./attempt";
import { choiceRows } from "./choices";
import type { ChoiceRow } from "./choices";
import { linesOf, placeOf, symbolOf, workingEditor } from "./target";
import type { Place } from "./target";

export function registerAsk(pillion: Pillion): Disposable[] {
  return [command(pillion, "pillion.askPillion", () => ask(pillion))];
}

async function ask(pillion: Pillion): Promise<void> {
  const editor = workingEditor(pillion);
  if (editor === undefined) {
    return;
  }
  const text = await words(editor);
  if (text === undefined || text.trim() === "") {
    return;
  }
  const asked = placeOf(editor);
  const classified = pillion.execute<Classification>("pillion.classify", { text, ...asked });
  const choice = await choose(text, classified);
  if (choice === undefined) {
    return;
  }
  const place = await placeNow(pillion, editor, asked, { text, symbol: (await classified).symbol });
  if (place === undefined) {
    void say.info("Pillion: the document was changed meanwhile, and the cursor is in another place. Ask again.");
    return;
  }
  const { action, tier } = choice;
  await pillion.execute("pillion.run", { action, tier, instruction: text, ...place });
}

/** What the list names is what is worked on, wherever the cursor is now. After a change only the cursor tells where that is. */
async function placeNow(
  pillion: Pillion,
  editor: TextEditor,
  asked: Place,
  { text, symbol }: { readonly text: string; readonly symbol: string | null },
): Promise<Place | undefined> {
  const now = placeOf(editor);
  if (now.version === asked.version) {
    return asked;
  }
  const again = await pillion.execute<Classification>("pillion.classify", { text, ...now });
  return again.symbol === symbol ? now : undefined;
}

/** Opens at once, so that what is typed next is in it and not in the code. What it is about may come later. */
async function words(editor: TextEditor): Promise<string | undefined> {
  const box = window.createInputBox();
  const about = (what: string): void => {
    box.prompt = `What should be done with ${what}?`;
  };
  box.title = "Ask Pillion";
  box.placeholder = "Simplify it · add a docstring · why is this slow?";
  box.ignoreFocusOut = true;
  about(linesOf(editor));
  const answer = new Promise<string | undefined>((resolve) => {
    box.onDidAccept(() => {
      resolve(box.value);
    });
    box.onDidHide(() => {
      resolve(undefined);
    });
  });
  box.show();
  try {
    const symbol = await Promise.race([symbolOf(editor).catch(() => undefined), answer.then(() => undefined)]);
    if (symbol !== undefined) {
      about(symbol);
    }
    return await answer;
  } finally {
    box.dispose();
  }
}

/** Lets the user take or change what the words were classified as; undefined if they leave. */
async function choose(text: string, asked: Promise<Classification>): Promise<Choice | undefined> {
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
    const rows = choiceRows(classification);
    if (rows.length === 0) {
      void say.info(`Pillion: ${classification.reason}`);
      return undefined;
    }
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
