/** The box of *Ask Pillion…*: a line for the words, and below it the choices for them. */

import { window } from "vscode";
import type { QuickPick } from "vscode";

import type { Choice, Classification } from "../protocol";
import { choiceRows, hintRow } from "./choices";
import type { AskRow } from "./choices";
import { errorText } from "../errorText";
import { withoutIcons } from "../harmless";

const TITLE = "Ask Pillion";
// A user who is still typing presses the next key within this time.
const PAUSE_MS = 120;

export interface Answer {
  readonly text: string;
  readonly choice: Choice;
  readonly symbol: string | null;
}

type Classify = (text: string) => Promise<Classification>;

export class AskBox {
  private readonly pick: QuickPick<AskRow> = window.createQuickPick<AskRow>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The words of the rows, and their choices. */
  private shown: { readonly text: string; readonly classification: Classification } | undefined;
  private what: string;

  /** `what` the words will be about, as far as is known. */
  constructor(
    what: string,
    private readonly classify: Classify,
  ) {
    this.what = what;
    this.pick.title = TITLE;
    this.pick.placeholder = "Simplify it · add a docstring · why is this slow?";
    this.pick.ignoreFocusOut = true;
    // The rows are in their order whatever is typed. Not in the API's types, but there since long.
    Object.assign(this.pick, { sortByLabel: false });
    this.show([]);
  }

  about(what: string): void {
    this.what = what;
    if (this.shown === undefined) {
      this.show([]);
    }
  }

  /** Undefined if the user leaves. */
  async answer(): Promise<Answer | undefined> {
    try {
      return await new Promise((resolve, reject) => {
        this.pick.onDidHide(() => {
          resolve(undefined);
        });
        this.pick.onDidChangeValue(() => {
          this.follow();
        });
        this.pick.onDidAccept(() => {
          this.taken().then((answer) => {
            if (answer !== undefined) {
              resolve(answer);
            }
          }, reject);
        });
        this.pick.show();
      });
    } finally {
      clearTimeout(this.timer);
      this.pick.dispose();
    }
  }

  private get text(): string {
    return this.pick.value.trim();
  }

  /** The words have changed. */
  private follow(): void {
    clearTimeout(this.timer);
    if (this.text === "") {
      this.shown = undefined;
      this.pick.busy = false;
      this.show([]);
      return;
    }
    this.pick.busy = true;
    this.timer = setTimeout(() => {
      this.look().catch((error: unknown) => {
        this.show([hintRow(errorText(error))]);
      });
    }, PAUSE_MS);
  }

  /** Shows the choices for the words. */
  private async look(): Promise<void> {
    const { text } = this;
    const classification = await this.classify(text).finally(() => {
      this.pick.busy = false;
    });
    if (text !== this.text) {
      return; // the user typed more, which has its own request
    }
    this.shown = { text, classification };
    const { symbol } = classification;
    this.pick.title = symbol === null ? TITLE : `${TITLE} about ${symbol}`;
    const rows = choiceRows(classification);
    this.show(rows.length > 0 ? rows : [hintRow(classification.reason)]);
  }

  /** The choice that Enter takes. If the user was faster than the rows, it is the first of them. */
  private async taken(): Promise<Answer | undefined> {
    const { text } = this;
    if (text === "") {
      return undefined;
    }
    const onScreen = this.shown?.text === text;
    if (!onScreen) {
      clearTimeout(this.timer);
      this.pick.busy = true;
      await this.look();
    }
    if (this.shown?.text !== text) {
      return undefined;
    }
    const { symbol, choices, choice: best } = this.shown.classification;
    const choice = onScreen ? this.pick.activeItems[0]?.choice : choices[best];
    return choice === undefined ? undefined : { text, choice, symbol };
  }

  private show(rows: readonly AskRow[]): void {
    const shown = rows.length > 0 ? rows : [hintRow(`What should be done with ${withoutIcons(this.what)}?`)];
    this.pick.items = shown;
    this.pick.activeItems = shown.slice(0, 1);
  }
}
