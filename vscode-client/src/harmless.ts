/** Keeps foreign words from becoming icons, or links that run commands. */

import type { Message } from "vscode-languageserver-protocol";

interface Words {
  readonly message?: unknown;
  readonly title?: unknown;
}

interface Given extends Message {
  readonly method?: string;
  readonly params?: Words & { readonly value?: Words };
  readonly error?: Words;
}

/** VS Code's messages and prompts know one kind of link, `[words](address)`, without a space between the two. */
export function withoutLinks(text: string): string {
  return text.replace(/\]\(/g, "] (");
}

/** Keeps `$(…)` in foreign words from becoming an icon in labels that show icons. */
export function withoutIcons(text: string): string {
  return text.replace(/\$\(/g, "$ (");
}

/** Removes links from the server's texts that the language client or VS Code shows by itself. */
export function harmless(message: Message): Message {
  const { method, params, error } = message as Given;
  if (method === "window/showMessage" || method === "window/showMessageRequest") {
    return changed(message, { params: harmlessWords(params) });
  }
  if (method === "$/progress") {
    return changed(message, { params: { ...params, value: harmlessWords(params?.value) } });
  }
  return error === undefined ? message : changed(message, { error: harmlessWords(error) });
}

function changed(message: Message, parts: object): Message {
  return { ...message, ...parts };
}

function harmlessWords(words: Words | undefined): Words | undefined {
  if (words === undefined) return undefined;
  const clean: Record<string, unknown> = { ...words };
  for (const key of ["message", "title"]) {
    const text = clean[key];
    if (typeof text === "string") clean[key] = withoutLinks(text);
  }
  return clean;
}
