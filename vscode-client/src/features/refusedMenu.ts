/** The user's options after a refused edit: in a message when it happens, and in a list afterwards. */

import { QuickPickItemKind, Uri, window } from "vscode";
import type { Disposable, QuickPickItem } from "vscode";

import { withoutLinks } from "../harmless";
import type { Pillion } from "../pillion";
import type { Refused } from "../protocol";
import { say } from "../say";
import { attempt } from "./attempt";
import type { Refusals } from "./refusals";
import { attemptLines, refusalText } from "./refusals";
import type { RefusedDrafts } from "./refusedDrafts";
import { fileName, plainTitle } from "./words";
import { withoutIcons } from "../harmless";

interface Way {
  readonly title: string;
  /** The label of its button, which is short because messages cut long ones. Without a label there is no button. */
  readonly button?: string;
  readonly icon: string;
  readonly detail: string;
  readonly run: () => Promise<void>;
}

export class RefusedMenu implements Disposable {
  private readonly subscription: Disposable;

  constructor(
    private readonly pillion: Pillion,
    private readonly refusals: Refusals,
    private readonly drafts: RefusedDrafts,
  ) {
    this.subscription = refusals.onRefused((refused) => {
      void attempt(pillion, "telling why a draft was refused", () => this.tell(refused));
    });
  }

  /** The list of options, with the reason of each attempt's refusal above it. */
  async open(refused: Refused): Promise<void> {
    this.refusals.look(refused.job);
    const ways = this.ways(refused);
    const reasons = attemptLines(refused).map((line): Row => ({
      label: `$(error) ${withoutIcons(line)}`,
      run: () => this.drafts.show(refused),
    }));
    const rows = ways.map((way): Row => ({
      label: `$(${way.icon}) ${withoutIcons(way.title)}`,
      description: withoutIcons(way.detail),
      run: way.run,
    }));
    const chosen = await window.showQuickPick<Row>([...rows, WHY, ...reasons], {
      title: `Refused: ${withoutLinks(plainTitle(refused.title))}`,
      placeHolder: "What should be done about it?",
    });
    if (chosen !== undefined) {
      await attempt(this.pillion, "after a refusal", chosen.run);
    }
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async tell(refused: Refused): Promise<void> {
    const ways = this.ways(refused);
    const words = `Pillion: ${plainTitle(refused.title)} was refused: ${refusalText(refused)}`;
    const pressed = await say.warning(words, ...ways.flatMap(({ button }) => button ?? []));
    if (pressed !== undefined) {
      this.refusals.look(refused.job);
      await ways.find(({ button }) => button === pressed)?.run();
    }
  }

  private ways(refused: Refused): Way[] {
    const { larger, larger_tier: tier } = refused;
    const name = fileName(Uri.parse(refused.uri).path);
    const ways: Way[] = [
      {
        title: AGAIN,
        button: AGAIN,
        icon: "refresh",
        detail: "the same, where the code is now",
        run: () => this.refusals.retry(refused),
      },
      {
        title: AGAIN_WITH_A_WORD,
        button: WITH_A_WORD,
        icon: "comment",
        detail: "say what to mind",
        run: () => this.retryWithAWord(refused),
      },
    ];
    if (larger !== null && larger !== undefined) {
      const run = (): Promise<void> =>
        this.refusals.retry(refused, tier === null || tier === undefined ? {} : { tier });
      const title = `Try ${larger}`;
      const button = title.length <= LONGEST_BUTTON ? title : "Try Larger";
      ways.push({ title, button, icon: "rocket", detail: "the large model", run });
    }
    ways.push({
      title: SHOW_DRAFT,
      button: SHOW_DRAFT,
      icon: "file",
      detail: `what was refused, and why · ${name}`,
      run: () => this.drafts.show(refused),
    });
    const dismiss = (): Promise<void> => {
      this.refusals.dismiss(refused.job);
      return Promise.resolve();
    };
    return [...ways, { title: DISMISS, icon: "close", detail: "it is no longer listed here", run: dismiss }];
  }

  private async retryWithAWord(refused: Refused): Promise<void> {
    const instruction = await window.showInputBox({
      title: withoutLinks(`Try again: ${plainTitle(refused.title)}`),
      prompt: withoutLinks(`Refused: ${refusalText(refused)}`),
      placeHolder: "What should the model mind? For instance: keep the parameter’s name",
      ignoreFocusOut: true,
    });
    if (instruction !== undefined && instruction.trim() !== "") {
      await this.refusals.retry(refused, { instruction: instruction.trim() });
    }
  }
}

interface Row extends QuickPickItem {
  readonly run: () => Promise<void>;
}

const WHY: Row = { label: "Refused for", kind: QuickPickItemKind.Separator, run: () => Promise.resolve() };
const AGAIN = "Try Again";
const AGAIN_WITH_A_WORD = "Try Again with a Word…";
const WITH_A_WORD = "With a Word…";
const SHOW_DRAFT = "Show Draft";
const DISMISS = "Dismiss";
const LONGEST_BUTTON = 12;
