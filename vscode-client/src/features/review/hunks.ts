/** How the hunks of a draft are shown in the document itself: short new lines at the ends of lines, others below them. */

import type { Hunk, HunkChange } from "../../protocol";

/** One change, by the lines of the document, counted from zero. */
export interface ShownChange {
  /** The first and the last line that go; undefined if nothing goes. */
  readonly removed: readonly [number, number] | undefined;
  /** The line that the new ones come after; -1: they come first. */
  readonly after: number;
  readonly lines: readonly string[];
  /** It has no room at the end of a line. */
  readonly long: boolean;
}

export interface ShownHunk {
  readonly hunk: Hunk;
  readonly changes: readonly ShownChange[];
  readonly brings: readonly ShownChange[];
  /** The line below the user's options. */
  readonly line: number;
}

const LINE_END = /\r\n|\r|\n/;
/** New lines that are shown on one line, at the end of another, wrap badly. */
const MOST_ON_ONE_LINE = 3;
const MOST_CHARACTERS = 120;
const NEXT_LINE = " ⏎ ";
const INSTEAD = " → ";
/** What is longer is read more easily in a diff. */
const MOST_HUNKS = 30;
const MOST_LINES_BELOW = 40;
/** What is small enough to be shown in the document even to users who want diffs. */
const MOST_ADDED = 12;

export function shownHunk(hunk: Hunk): ShownHunk {
  const changes = hunk.changes.map(shownChange);
  const first = changes[0];
  const line = Math.max(0, first?.removed?.[0] ?? first?.after ?? 0);
  return { hunk, changes, brings: hunk.brings.map(shownChange), line };
}

/** All changes of these hunks; what several of them bring is there once, and what one brings only if none has it. */
export function changesOf(hunks: readonly ShownHunk[]): ShownChange[] {
  const found = new Map<string, ShownChange>();
  for (const change of [...hunks.flatMap((each) => each.changes), ...hunks.flatMap((each) => each.brings)]) {
    const key = JSON.stringify(change);
    if (!found.has(key)) {
      found.set(key, change);
    }
  }
  return [...found.values()];
}

/** Whether all of it can be read in the document. */
export function canBeInline(hunks: readonly ShownHunk[]): boolean {
  const short = ({ lines }: ShownChange): boolean => lines.length <= MOST_LINES_BELOW;
  return hunks.length > 0 && hunks.length <= MOST_HUNKS && changesOf(hunks).every(short);
}

/** Whether only a few short lines are added. */
export function isSmall(hunks: readonly ShownHunk[]): boolean {
  const changes = changesOf(hunks);
  const lines = changes.reduce((sum, each) => sum + each.lines.length, 0);
  return lines > 0 && lines <= MOST_ADDED && changes.every((each) => each.removed === undefined && !each.long);
}

/** The new lines of a change, joined into one, each after a sign for its beginning. */
export function inOneLine({ lines, removed }: ShownChange): string {
  return lines
    .map((line, at) => `${at === 0 && removed !== undefined ? INSTEAD : NEXT_LINE}${line.trim()}`)
    .join("")
    .trimEnd();
}

function shownChange({ range: { start, end }, newText }: HunkChange): ShownChange {
  const some = start.line !== end.line || start.character !== end.character;
  const last = some && end.character === 0 ? end.line - 1 : end.line;
  const removed = some ? ([start.line, last] as const) : undefined;
  const lines = newText === "" ? [] : newText.split(LINE_END);
  if (lines.at(-1) === "") {
    lines.pop();
  }
  const after = some ? last : start.character === 0 ? start.line - 1 : start.line;
  const change = { removed, after, lines };
  const fits =
    after >= 0 && lines.length <= MOST_ON_ONE_LINE && inOneLine({ ...change, long: false }).length <= MOST_CHARACTERS;
  return { ...change, long: lines.length > 0 && !fits };
}
