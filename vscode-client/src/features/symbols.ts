/** Which symbol a line is in. */

export interface SymbolNode {
  readonly name: string;
  readonly kind: number;
  /** Some providers give flat lists without one. */
  readonly range?: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
  readonly children?: readonly SymbolNode[];
}

/** The innermost one around the line; symbols of the kind `leftOut` don't count. */
export function innermost(
  symbols: readonly SymbolNode[],
  line: number,
  leftOut: number,
): SymbolNode | undefined {
  for (const symbol of symbols) {
    const { range } = symbol;
    if (range !== undefined && symbol.kind !== leftOut && range.start.line <= line && line <= range.end.line) {
      return innermost(symbol.children ?? [], line, leftOut) ?? symbol;
    }
  }
  return undefined;
}
