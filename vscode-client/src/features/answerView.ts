/** The view of answers, in the panel below the code, so that three sentences don't take half of the window. */

import { randomBytes } from "node:crypto";

import { commands, window } from "vscode";
import type { WebviewView, WebviewViewProvider } from "vscode";

import { answerPage } from "./answerPage";
import type { ShownAnswer } from "./answerPage";
import type { ContextKeys } from "./contextKeys";
import type { Disposes } from "./disposes";

const VIEW = "pillion.answers";
/** For the key that closes it. */
const SHOWN = "pillion.answerShown";
// The user may have moved the view out of the panel.
const CLOSERS = ["workbench.action.closePanel", "workbench.action.closeAuxiliaryBar", "workbench.action.closeSidebar"];
const CLOSES_WITHIN_MS = 300;

export class AnswerView implements WebviewViewProvider, Disposes {
  private readonly registration: Disposes;
  private view: WebviewView | undefined;
  private loaded = false;

  constructor(
    private readonly keys: ContextKeys,
    private readonly answers: () => Promise<readonly ShownAnswer[]>,
  ) {
    this.registration = window.registerWebviewViewProvider(VIEW, this);
  }

  resolveWebviewView(view: WebviewView): void {
    this.view = view;
    this.keys.set(SHOWN, view.visible);
    view.webview.options = { enableScripts: true, localResourceRoots: [] };
    view.webview.onDidReceiveMessage(() => {
      // A hidden page is dropped, and sends this again when it is back.
      this.loaded = true;
      void this.refresh();
    });
    view.onDidChangeVisibility(() => {
      this.loaded &&= view.visible;
      this.keys.set(SHOWN, view.visible);
    });
    view.onDidDispose(() => {
      this.view = undefined;
      this.loaded = false;
      this.keys.set(SHOWN, false);
    });
    view.webview.html = answerPage(randomBytes(16).toString("hex"));
  }

  /** Shows the view; the keyboard focus stays where it is. */
  async show(): Promise<void> {
    if (this.view === undefined) await commands.executeCommand(`${VIEW}.focus`, { preserveFocus: true });
    else this.view.show(true);
  }

  /** Shows the answers as they are now. */
  async refresh(): Promise<void> {
    if (this.view === undefined || !this.loaded) return;
    const shown = await this.answers();
    await this.view.webview.postMessage(shown);
  }

  async close(): Promise<void> {
    for (const closer of CLOSERS) {
      if (this.view?.visible !== true) return;
      const hidden = this.hidden(this.view);
      await commands.executeCommand(closer);
      await hidden;
    }
  }

  dispose(): void {
    this.registration.dispose();
  }

  /** Until it is hidden, or a while has gone by in which it would have been. */
  private hidden(view: WebviewView): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        listening.dispose();
        resolve();
      };
      const timer = setTimeout(done, CLOSES_WITHIN_MS);
      const listening = view.onDidChangeVisibility(done);
    });
  }
}
