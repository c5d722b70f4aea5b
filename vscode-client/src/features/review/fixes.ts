/** The fixes that the server can make in a draft by itself, as its findings say. */

import type { Diagnostic } from "vscode-languageserver-protocol";

import type { Fix, Way } from "./texts";

const MOST = 3;

/** One fix may settle two findings. Older servers name a finding's fix only if there is just one. */
export function fixesOf(diagnostics: readonly Diagnostic[]): Fix[] {
  const fixes = new Map<string, Fix>();
  for (const { data } of diagnostics as readonly { readonly data?: unknown }[]) {
    const {
      id,
      fix,
      fixes: given,
    } = (typeof data === "object" ? (data ?? {}) : {}) as Readonly<Record<string, unknown>>;
    const ways = waysIn(given);
    const title = typeof fix === "string" ? fix : ways.length > 1 ? "Add the import…" : ways[0]?.title;
    if (typeof id !== "string" || title === undefined) {
      continue;
    }
    const key = JSON.stringify([title, ways]);
    if (!fixes.has(key)) {
      fixes.set(key, { title, finding: id, ways });
    }
  }
  return [...fixes.values()].slice(0, MOST);
}

function waysIn(given: unknown): Way[] {
  const isWay = (each: unknown): each is Way => {
    const { title, import: statement } = (each ?? {}) as Readonly<Record<string, unknown>>;
    return typeof title === "string" && typeof statement === "string";
  };
  return Array.isArray(given) ? given.filter(isWay) : [];
}
