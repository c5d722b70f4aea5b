/** As much of VS Code as the tests need: tabs in one group, messages that nobody answers, and a list of problems. */

import { threads } from "./comments";
import type { Document, Editor } from "./documents";

export * from "./comments";
export * from "./documents";

type Listener<T> = (value: T) => void;

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    [...this.listeners].forEach((each) => {
      each(value);
    });
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class Uri {
  constructor(
    readonly scheme: string,
    readonly path: string,
    readonly query = "",
  ) {}
  static parse(text: string): Uri {
    const [, scheme = "", path = "", query] = /^([\w-]+):(?:\/\/)?([^?]*)\??(.*)$/.exec(text) ?? [];
    return new Uri(scheme, path, query);
  }
  static file(path: string): Uri {
    return new Uri("file", path);
  }
  static from({ scheme, path, query }: { scheme: string; path: string; query?: string }): Uri {
    return new Uri(scheme, path, query);
  }
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    return `${this.scheme}:${this.path}${this.query === "" ? "" : `?${this.query}`}`;
  }
}

export class Range {
  constructor(
    readonly line: number,
    readonly character: number,
    readonly endLine: number,
    readonly endCharacter: number,
  ) {}
}
export class Selection extends Range {}
export class Diagnostic {
  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity: number,
  ) {}
}
export class TabInputText {
  constructor(readonly uri: Uri) {}
}
export class TabInputTextDiff {
  constructor(
    readonly original: Uri,
    readonly modified: Uri,
  ) {}
}
export class CodeLens {
  constructor(
    readonly range: Range,
    readonly command: unknown,
  ) {}
}
export class ThemeColor {
  constructor(readonly id: string) {}
}
export class ThemeIcon {
  constructor(readonly id: string) {}
}
export const OverviewRulerLane = { Full: 7 };
export const StatusBarAlignment = { Right: 2 };
export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 };
export const ViewColumn = { Active: -1, Beside: -2 };
export const TextEditorRevealType = { AtTop: 3, InCenterIfOutsideViewport: 2 };
export const ConfigurationTarget = { Global: 1, Workspace: 2 };
export const QuickPickItemKind = { Separator: -1 };

export interface Tab {
  readonly input: TabInputTextDiff;
  isActive: boolean;
  readonly group: unknown;
}
interface TabChange {
  readonly closed: readonly Tab[];
}

/** What the tests look at, and what they do as the user. */
export const seen = {
  messages: [] as string[],
  problems: new Map<string, string[]>(),
  tabs: [] as Tab[],
  commands: new Map<string, (...words: unknown[]) => unknown>(),
  context: new Map<unknown, unknown>(),
  focusTaken: 0,
  documents: [] as { readonly uri: Uri; version: number }[],
  tabsChanged: new EventEmitter<TabChange>(),
  editors: [] as Editor[],
  active: undefined as Editor | undefined,
  activeChanged: new EventEmitter<unknown>(),
  editorsChanged: new EventEmitter<readonly Editor[]>(),
  documentChanged: new EventEmitter<{ document: Document; contentChanges: readonly unknown[] }>(),
  /** The status bar's items that are shown, by their ids. */
  items: new Map<string, { text: string; command: unknown; tooltip: unknown }>(),
  /** Which button of a message the user presses; what they type; which row they pick. */
  press: (() => undefined) as (buttons: readonly string[]) => string | undefined,
  typed: undefined as string | undefined,
  pick: (() => undefined) as (rows: readonly { label: string }[]) => unknown,
  /** Which rows of a list of many they choose. */
  picked: (() => []) as (rows: readonly { label: string }[]) => readonly unknown[],
  /** Which button of a row they press. */
  pressedInRow: (() => undefined) as (
    rows: readonly { label: string }[],
  ) => { item: unknown; button: unknown } | undefined,
  said: [] as string[],
  files: new Map<string, string>(),
  /** The files that can be shown. */
  shownFiles: new Set<string>(),
  lenses: new Map<string, LensProvider>(),
  opened: new EventEmitter<Document>(),
  threads,
  /** The extensions that are installed, besides this one. */
  extensions: new Set<string>(),
  /** What the settings that are asked for are, and those that were changed in the user's own. */
  settings: new Map<string, unknown>(),
  usersSettings: new Map<string, unknown>(),
};

interface LensProvider {
  provideCodeLenses(document: unknown): { readonly command: { readonly title: string } }[];
}

const nothing = (): { dispose(): void } => ({ dispose: () => undefined });
const say = (message: string, ...buttons: string[]): Promise<string | undefined> => {
  seen.messages.push(message);
  return Promise.resolve(seen.press(buttons));
};
const statusItem = (id: string): object => ({
  text: "",
  show(this: { text: string; command: unknown; tooltip: unknown }) {
    seen.items.set(id, this);
  },
  hide: () => seen.items.delete(id),
  dispose: () => undefined,
});
/** A list of many, which is answered as soon as it is shown. */
const quickPick = (): object => {
  const accepted = new EventEmitter<undefined>();
  const triggered = new EventEmitter<unknown>();
  const pick = {
    items: [] as readonly { label: string }[],
    selectedItems: [] as readonly unknown[],
    onDidAccept: accepted.event,
    onDidHide: nothing,
    onDidTriggerItemButton: triggered.event,
    show: () => {
      const pressed = seen.pressedInRow(pick.items);
      pick.selectedItems = seen.picked(pick.items);
      if (pressed === undefined) accepted.fire(undefined);
      else triggered.fire(pressed);
    },
    dispose: () => undefined,
  };
  return pick;
};
const group = {
  tabs: seen.tabs,
  isActive: true,
  viewColumn: 1,
  get activeTab() {
    return seen.tabs.find((tab) => tab.isActive);
  },
};

export const window = {
  get visibleTextEditors() {
    return seen.editors;
  },
  onDidChangeVisibleTextEditors: seen.editorsChanged.event,
  createTextEditorDecorationType: (look: object) => ({ ...look, dispose: () => undefined }),
  createStatusBarItem: statusItem,
  showQuickPick: (rows: readonly { label: string }[]) => Promise.resolve(seen.pick(rows)),
  createQuickPick: quickPick,
  showInputBox: () => Promise.resolve(seen.typed),
  get activeTextEditor() {
    return seen.active;
  },
  onDidChangeActiveTextEditor: seen.activeChanged.event,
  setStatusBarMessage: (text: string): { dispose(): void } => {
    seen.said.push(text);
    return nothing();
  },
  showInformationMessage: say,
  showWarningMessage: say,
  showErrorMessage: say,
  showTextDocument: (uri: { path?: string }) =>
    seen.shownFiles.has(uri.path ?? "") ? Promise.resolve({}) : Promise.reject(new Error("The file is gone.")),
  tabGroups: {
    all: [group],
    activeTabGroup: group,
    onDidChangeTabs: seen.tabsChanged.event,
    onDidChangeTabGroups: nothing,
    close: (closed: readonly Tab[]): Promise<boolean> => {
      closed.forEach((tab) => seen.tabs.splice(seen.tabs.indexOf(tab), 1));
      seen.tabsChanged.fire({ closed });
      return Promise.resolve(true);
    },
  },
};

export const commands = {
  registerCommand: (id: string, act: (...words: unknown[]) => unknown) => {
    seen.commands.set(id, act);
    return nothing();
  },
  executeCommand: (id: string, ...words: unknown[]): Promise<void> => {
    if (id === "setContext") seen.context.set(words[0], words[1]);
    if (id === "vscode.diff") {
      seen.tabs.forEach((tab) => (tab.isActive = false));
      seen.tabs.push({ input: new TabInputTextDiff(words[0] as Uri, words[1] as Uri), isActive: true, group });
      if (!(words[3] as { preserveFocus: boolean }).preserveFocus) seen.focusTaken += 1;
    }
    return Promise.resolve();
  },
};

export const extensions = {
  getExtension: (id: string) => (seen.extensions.has(id) ? { id } : undefined),
};

export const languages = {
  registerCodeLensProvider: (selector: { scheme: string } | readonly { scheme: string }[], provider: LensProvider) => {
    [selector].flat().forEach(({ scheme }) => seen.lenses.set(scheme, provider));
    return nothing();
  },
  createDiagnosticCollection: () => ({
    set: (uri: Uri, found: readonly Diagnostic[]) =>
      seen.problems.set(
        uri.toString(),
        found.map(({ message }) => message),
      ),
    delete: (uri: Uri) => seen.problems.delete(uri.toString()),
    dispose: () => undefined,
  }),
};

export const workspace = {
  textDocuments: seen.documents,
  openTextDocument: (uri: Uri): Promise<unknown> => {
    const found = seen.documents.find((each) => each.uri.toString() === uri.toString());
    return found === undefined ? Promise.reject(new Error("There is no such file.")) : Promise.resolve(found);
  },
  registerTextDocumentContentProvider: nothing,
  onDidOpenTextDocument: seen.opened.event,
  onDidChangeTextDocument: seen.documentChanged.event,
  getConfiguration: (section = "") => ({
    get: (key: string) => (seen.settings.has(`${section}.${key}`) ? seen.settings.get(`${section}.${key}`) : true),
    inspect: (key: string) => ({ globalValue: seen.usersSettings.get(`${section}.${key}`) }),
    update: (key: string, value: unknown, target: number): Promise<void> => {
      if (target !== ConfigurationTarget.Global) return Promise.reject(new Error("These are not the user's settings."));
      seen.usersSettings.set(`${section}.${key}`, value);
      return Promise.resolve();
    },
  }),
  fs: {
    readFile: (uri: Uri): Promise<Uint8Array> => {
      const text = seen.files.get(uri.path);
      return text === undefined
        ? Promise.reject(new Error("There is no such file."))
        : Promise.resolve(new TextEncoder().encode(text));
    },
  },
};
