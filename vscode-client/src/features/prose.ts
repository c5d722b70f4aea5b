/** A model's words without its thoughts. */

const OPENING = "<think>";
const CLOSING = "</think>";

export interface Prose {
  readonly text: string;
  /** Whether the text so far ends in an unfinished thought. */
  readonly thinking: boolean;
}

/** Some engines send only a thought's end: their template contains its beginning. */
export function withoutThoughts(raw: string): Prose {
  const orphan = raw.indexOf(CLOSING);
  const first = raw.indexOf(OPENING);
  let rest = orphan >= 0 && (first < 0 || orphan < first) ? raw.slice(orphan + CLOSING.length) : raw;
  let text = "";
  for (;;) {
    const start = rest.indexOf(OPENING);
    if (start < 0) {
      return { text: (text + withoutHalfTag(rest)).trimStart(), thinking: false };
    }
    text += rest.slice(0, start);
    const end = rest.indexOf(CLOSING, start);
    if (end < 0) {
      return { text: text.trimStart(), thinking: true };
    }
    rest = rest.slice(end + CLOSING.length);
  }
}

/** A stream may stop in the middle of a tag. */
function withoutHalfTag(text: string): string {
  const at = text.lastIndexOf("<");
  return at >= 0 && OPENING.startsWith(text.slice(at)) ? text.slice(0, at) : text;
}
