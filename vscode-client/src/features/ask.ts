/** *Ask Pillion…*: words in one box. What they come to stands below while they are typed; Enter does the first. */

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

/** What the server's menu hands over. */
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
  // Opens at once, so that what is typed next is in it and not in the code. What it is about may come later.
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

/** The symbol that is asked about, for the server's answer to no words at all. */
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

/** The one with the document that the menu was opened in; without a menu the active one. */
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
