/** The user's choice among proposed names, and VS Code's own rename, which gives one of them in all files. */

import { commands, Position, Uri, window, workspace, type WorkspaceEdit } from "vscode";

import { errorText } from "./errorText";

interface Names {
  readonly question: string;
  readonly names: readonly string[];
}

interface Rename {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
  readonly name: string;
}

interface Renamed {
  readonly renamed: boolean;
  readonly reason: string;
}

/** Answers `pillion/chooseName`; null if the user chose none. */
export async function chooseName({ question, names }: Names): Promise<string | null> {
  return (await window.showQuickPick([...names], { placeHolder: question, ignoreFocusOut: true })) ?? null;
}

/** Answers `pillion/rename`, with the extension that renames in this language. */
export async function renameByProvider({ uri, position, name }: Rename): Promise<Renamed> {
  const at = new Position(position.line, position.character);
  try {
    const edit = await commands.executeCommand<WorkspaceEdit | undefined>(
      "vscode.executeDocumentRenameProvider",
      Uri.parse(uri),
      at,
      name,
    );
    if (edit === undefined || edit.size === 0) return failed("no other extension renames there");
    // As a refactoring, so that VS Code saves the files that weren't open.
    return (await workspace.applyEdit(edit, { isRefactoring: true }))
      ? { renamed: true, reason: "" }
      : failed("VS Code refused the rename");
  } catch (error) {
    return failed(errorText(error));
  }
}

function failed(reason: string): Renamed {
  return { renamed: false, reason };
}
