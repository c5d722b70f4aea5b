/** Dismissed findings: *Undo* right afterwards, and a list of them all. */

import { Selection, TextEditorRevealType, ThemeIcon, Uri, window } from "vscode";
import type { Disposable, QuickPickItem } from "vscode";

import type { Pillion } from "../pillion";
import type { Dismissal, DismissedFinding } from "../protocol";
import { say } from "../say";
import { attempt, command } from "./attempt";
import { counted, shortened } from "./words";
import { withoutIcons } from "../harmless";

const UNDO = "Undo";
const NO_WORDS = "A finding whose words weren’t kept";
const SAID_MS = 4_000;
const OPEN_FILE = { iconPath: new ThemeIcon("go-to-file"), tooltip: "Open the file" };

interface Row extends QuickPickItem {
  readonly finding: DismissedFinding;
}

export function registerDismissed(pillion: Pillion): Disposable[] {
  return [
    command(pillion, "pillion.showDismissed", () => showDismissed(pillion)),
    pillion.onExecuted(({ command: executed, result }) => {
      if (executed === "pillion.dismiss" && isDismissal(result)) {
        void attempt(pillion, "telling of a dismissed finding", () => tell(pillion, result));
      }
    }),
  ];
}

async function tell(pillion: Pillion, { dismissed, message }: Dismissal): Promise<void> {
  const words = message.charAt(0).toUpperCase() + message.slice(1);
  if ((await say.info(`Pillion: ${words}`, UNDO)) === UNDO) {
    await bringBack(pillion, dismissed);
  }
}

async function bringBack(pillion: Pillion, ids: readonly string[]): Promise<void> {
  await pillion.execute("pillion.undismiss", { ids });
  const many = counted(ids.length, "finding is", "findings are");
  window.setStatusBarMessage(`Pillion: ${many} no longer dismissed.`, SAID_MS);
}

async function showDismissed(pillion: Pillion): Promise<void> {
  const { dismissed } = await pillion.execute<{ dismissed: readonly DismissedFinding[] }>("pillion.dismissed");
  if (dismissed.length === 0) {
    void say.info("Pillion: no finding is dismissed.");
    return;
  }
  const chosen = await choose(dismissed.map(dismissedRow));
  if (chosen.length > 0) {
    await bringBack(
      pillion,
      chosen.map(({ finding }) => finding.id),
    );
  }
}

/** The user may choose several at once; a button of each row opens its file instead. */
async function choose(rows: readonly Row[]): Promise<readonly Row[]> {
  const pick = window.createQuickPick<Row>();
  pick.title = "Pillion: Dismissed Findings";
  pick.placeholder = "Choose those that should be shown again";
  pick.canSelectMany = true;
  pick.matchOnDescription = pick.matchOnDetail = true;
  pick.items = rows;
  try {
    return await new Promise<readonly Row[]>((resolve, reject) => {
      pick.onDidAccept(() => {
        resolve(pick.selectedItems);
      });
      pick.onDidHide(() => {
        resolve([]);
      });
      pick.onDidTriggerItemButton(({ item }) => {
        openAt(item.finding).then(() => {
          resolve([]);
        }, reject);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

async function openAt({ file, line }: DismissedFinding): Promise<void> {
  if (!file) {
    return;
  }
  const editor = await window.showTextDocument(uriOf(file));
  const { range } = editor.document.lineAt(Math.min(Math.max((line ?? 1) - 1, 0), editor.document.lineCount - 1));
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}

export function dismissedRow(finding: DismissedFinding): Row {
  const { file, line, text, message } = finding;
  const words = withoutIcons(shortened(message ?? "", 120));
  return {
    label: words === "" ? NO_WORDS : words,
    description: withoutIcons(file ? [nameOf(file), line].filter(Boolean).join(":") : ""),
    detail: withoutIcons(shortened(text ?? "", 160)),
    buttons: file ? [OPEN_FILE] : [],
    finding,
  };
}

/** A path, or the URI of what isn't a file. */
function uriOf(file: string): Uri {
  return /^[a-z][\w+.-]+:\/\//i.test(file) ? Uri.parse(file) : Uri.file(file);
}

function nameOf(file: string): string {
  return file.split(/[\\/]/).slice(-2).join("/");
}

function isDismissal(result: unknown): result is Dismissal {
  if (typeof result !== "object" || result === null) {
    return false;
  }
  const { dismissed, message } = result as Partial<Record<keyof Dismissal, unknown>>;
  return Array.isArray(dismissed) && dismissed.length > 0 && typeof message === "string";
}
