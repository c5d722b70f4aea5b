/**
 * Messages for the user. VS Code turns `[words](command:…)` in any of them into a link, and they contain the words of
 * engines and models, so all messages go through here.
 */

import { type MessageItem, window } from "vscode";

import { withoutLinks } from "./harmless";

/** Resolves to the button that was pressed. */
type Say = <T extends string | MessageItem>(message: string, ...buttons: T[]) => Thenable<T | undefined>;

// Looked up when it is called, so that a test can replace it.
function through(show: () => Say): Say {
  return (message, ...buttons) => show()(withoutLinks(message), ...buttons);
}

export const say: Readonly<Record<"info" | "warning" | "error", Say>> = {
  info: through(() => window.showInformationMessage),
  warning: through(() => window.showWarningMessage),
  error: through(() => window.showErrorMessage),
};
