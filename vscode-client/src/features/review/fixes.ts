/** What the server can put in order in a draft by itself, as its findings say. */

import type { Diagnostic } from "vscode-languageserver-protocol";

import type { Fix } from "./texts";

const MOST = 3;

/** Two findings may be mended by the same thing. */
export function fixesOf(diagnostics: readonly Diagnostic[]): Fix[] {
  const fixes = new Map<string, Fix>();
  for (const { data } of diagnostics as readonly { readonly data?: unknown }[]) {
    const { id, fix } = typeof data === "object" && data !== null ? (data as { id?: unknown; fix?: unknown }) : {};
    if (typeof id === "string" && typeof fix === "string" && !fixes.has(fix)) {
      fixes.set(fix, { title: fix, finding: id });
    }
  }
  return [...fixes.values()].slice(0, MOST);
}
