/** Shows kept drafts, read-only. */

import { Uri, commands, languages, window, workspace } from "vscode";

import { ANSWER_LANGUAGE } from "./answers";

/**
 * A kept draft is a record: it can be read and copied, and isn't meant to be edited. The words are a model's, so they
 * aren't shown as Markdown, where links may run commands.
 */
export async function openReadOnly(path: string): Promise<void> {
  const document = await workspace.openTextDocument(Uri.file(path));
  await window.showTextDocument(await languages.setTextDocumentLanguage(document, ANSWER_LANGUAGE));
  await commands.executeCommand("workbench.action.files.setActiveEditorReadonlyInSession");
}
