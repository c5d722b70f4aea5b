/** The lines that an edit adds to a document, if it removes nothing. */

export interface Inserted {
  /** The line of the document, counted from zero, that it comes after; -1: it comes first. */
  readonly after: number;
  readonly lines: readonly string[];
}

const LINE_END = /\r\n|\r|\n/;

/** The lines of `after` that aren't in `before`, in groups; undefined if a line of `before` is changed or gone. */
export function insertions(before: string, after: string): Inserted[] | undefined {
  const old = before.split(LINE_END);
  const groups: { readonly after: number; readonly lines: string[] }[] = [];
  let at = 0;
  for (const line of after.split(LINE_END)) {
    if (line === old[at]) {
      at += 1;
      continue;
    }
    const last = groups.at(-1);
    if (last?.after === at - 1) {
      last.lines.push(line);
    } else {
      groups.push({ after: at - 1, lines: [line] });
    }
  }
  return at === old.length ? groups : undefined;
}

const MOST_LINES = 12;
/** A group is shown on one line, at the end of the line above it, and wraps badly. */
const MOST_IN_A_GROUP = 3;
const MOST_CHARACTERS = 120;
const NEXT_LINE = " ⏎ ";

/** Whether all of them can be read at the ends of the lines that they come after. */
export function fitInPlace(groups: readonly Inserted[]): boolean {
  const lines = groups.reduce((sum, each) => sum + each.lines.length, 0);
  const short = (each: Inserted): boolean =>
    each.after >= 0 && each.lines.length <= MOST_IN_A_GROUP && inOneLine(each).length <= MOST_CHARACTERS;
  return lines > 0 && lines <= MOST_LINES && groups.every(short);
}

/** The lines of a group joined into one, each after a sign for its beginning. */
export function inOneLine({ lines }: Inserted): string {
  return lines
    .map((line) => `${NEXT_LINE}${line.trim()}`)
    .join("")
    .trimEnd();
}
