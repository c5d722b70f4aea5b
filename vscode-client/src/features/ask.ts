/** *Ask Pillion…*: one box for words. The choices are shown below while the user types; Enter does the first. */

import { Uri, commands, window } from "vscode";
import type { TextEditor } from "vscode";

import { withoutLinks } from "../harmless";
import type { Pillion } from "../pillion";
import type { Choice, Classification } from "../protocol";
import { say } from "../say";
import { AskBox } from "./askBox";
import { attempt } from "./attempt";
import type { Disposes } from "./disposes";
import { linesOf, placeIn, placeOf, workingEditor } from "./target";
import type { Place } from "./target";
import { errorText } from "../errorText";

/** The argument from the server's menu. */
interface Offered {
  readonly uri?: unknown;
  readonly range?: unknown;
}

export function registerAsk(pillion: Pillion): Disposes[] {
  return [
    commands.registerCommand("pillion.askPillion", (offered?: Offered) =>
      attempt(pillion, "pillion.askPillion", () => ask(pillion, offered)),
    ),
  ];
}

async function ask(pillion: Pillion, offered: Offered | undefined): Promise<void> {
  const editor = await editorFor(pillion, offered);
  if (editor === undefined) {
    return;
  }
  const asked = placeIn(editor, offered?.range) ?? placeOf(editor);
  const box = new AskBox(linesOf(editor), (text) =>
    pillion.execute<Classification>("pillion.classify", { text, ...asked }),
  );
  // Opens at once, so that the next keys go into the box and not into the code. Its subject may come later.
  const answering = box.answer();
  if (editor.selection.isEmpty) {
    void symbolAt(pillion, asked).then((symbol) => {
      if (symbol !== undefined) box.about(symbol);
    });
  }
  const answer = await answering;
  if (answer === undefined) {
    return;
  }
  const { text, choice, symbol } = answer;
  const place = await placeNow(pillion, editor, asked, { text, symbol });
  if (place === undefined) {
    void say.info("Pillion: the document was changed meanwhile, and the cursor is in another place. Ask again.");
    return;
  }
  await run(pillion, choice, text, place);
}

/** The symbol of the question: the server's answer to an empty text. */
async function symbolAt(pillion: Pillion, place: Place): Promise<string | undefined> {
  try {
    const { symbol } = await pillion.execute<Classification>("pillion.classify", { text: "", ...place });
    return symbol === null ? undefined : withoutLinks(symbol);
  } catch (error) {
    pillion.log.debug(`older servers answer words only: ${errorText(error)}`);
    return undefined;
  }
}

async function run(pillion: Pillion, { action, tier }: Choice, text: string, place: Place): Promise<void> {
  await pillion.execute("pillion.run", { action, tier, instruction: text, ...place });
}

/** The editor with the document in which the menu was opened; without a menu the active editor. */
async function editorFor(pillion: Pillion, offered: Offered | undefined): Promise<TextEditor | undefined> {
  const uri = offered?.uri;
  if (typeof uri === "string" && window.activeTextEditor?.document.uri.toString() !== Uri.parse(uri).toString()) {
    await window.showTextDocument(Uri.parse(uri));
  }
  return workingEditor(pillion);
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
