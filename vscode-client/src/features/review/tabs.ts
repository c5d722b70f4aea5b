/** The tabs of reviews. */

import { Range, TabInputText, TabInputTextDiff, TextEditorRevealType, Uri, commands, window } from "vscode";
import type { Tab, TextDocumentShowOptions, TextEditor, ViewColumn } from "vscode";

import type { Job, Preview } from "../../protocol";
import { jobIdOf } from "./draftDocuments";
import { reviewTitle } from "./texts";

/** The job whose review a tab shows. */
export function jobOfTab(tab: Tab | undefined): string | undefined {
  const draft = draftOfTab(tab);
  return draft === undefined ? undefined : jobIdOf(draft);
}

function draftOfTab(tab: Tab | undefined): Uri | undefined {
  return tab?.input instanceof TabInputTextDiff ? tab.input.modified : undefined;
}

function tabsWhere(holds: (tab: Tab) => boolean): Tab[] {
  return window.tabGroups.all.flatMap((group) => group.tabs).filter(holds);
}

export function tabOfJob(id: string): Tab | undefined {
  return tabsWhere((tab) => jobOfTab(tab) === id)[0];
}

/** The job whose review has the focus. */
export function jobOfActiveTab(): string | undefined {
  return jobOfTab(window.tabGroups.activeTabGroup.activeTab);
}

/** The file that has the focus, outside a diff. */
export function fileOfActiveTab(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputText ? input.uri : undefined;
}

/** An empty selection where the draft begins to differ. */
export function startOf({ changed }: Preview): Range {
  const { line, character } = changed.start;
  return new Range(line, character, line, character);
}

export async function openDiff(job: Job, draft: Uri, options: TextDocumentShowOptions): Promise<void> {
  await commands.executeCommand("vscode.diff", Uri.parse(job.uri), draft, reviewTitle(job), {
    preview: false,
    ...options,
  });
}

/** Closes a job's tabs; if a draft's document is named, only the tabs with that document. */
export async function closeTabs(jobId: string, draft?: Uri): Promise<void> {
  // Searched at the last moment: VS Code refuses tab objects that are a moment old.
  const tabs = tabsWhere(
    (tab) => jobOfTab(tab) === jobId && (draft === undefined || draftOfTab(tab)?.toString() === draft.toString()),
  );
  if (tabs.length > 0) {
    await window.tabGroups.close(tabs, true);
  }
}

/**
 * Opens the review anew under the title that fits now, where it is and as it is scrolled. A review that is behind
 * another tab keeps its old title (false): showing it would hide what the user looks at.
 */
export async function retitle(job: Job, old: Uri, draft: Uri): Promise<boolean> {
  const tab = tabOfJob(job.id);
  if (tab?.isActive !== true) {
    return false;
  }
  const before = editorOf((uri) => jobIdOf(uri) === job.id);
  const line = before?.visibleRanges[0]?.start.line;
  await openDiff(job, draft, {
    viewColumn: tab.group.viewColumn,
    // The new tab takes the old one's place, and the focus if the old one had it.
    preserveFocus: true,
    ...(before === undefined ? {} : { selection: before.selection }),
  });
  await closeTabs(job.id, old);
  if (line !== undefined) {
    const top = new Range(line, 0, line, 0);
    editorOf((uri) => uri.toString() === draft.toString())?.revealRange(top, TextEditorRevealType.AtTop);
  }
  return true;
}

function editorOf(shows: (uri: Uri) => boolean): TextEditor | undefined {
  return window.visibleTextEditors.find((editor) => shows(editor.document.uri));
}

/** The column where a file is open already. */
export function columnOfFile(uri: Uri): ViewColumn | undefined {
  const shows = (tab: Tab): boolean => tab.input instanceof TabInputText && tab.input.uri.toString() === uri.toString();
  return window.tabGroups.all.find((group) => group.tabs.some(shows))?.viewColumn;
}
