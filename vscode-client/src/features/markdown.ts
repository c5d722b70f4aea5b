/**
 * A model's Markdown as harmless HTML. Everything that isn't in the list is shown as it was written: links and pictures
 * as their source, tags as text. It is loaded with the first answer, so that activation doesn't wait for it.
 */

import MarkdownIt from "markdown-it";

const BLOCKS = ["blockquote", "code", "fence", "heading", "lheading", "hr", "list", "paragraph", "table"];
const SPANS = [
  "text",
  "newline",
  "escape",
  "entity",
  "backticks",
  "emphasis",
  "strikethrough",
  "balance_pairs",
  "fragments_join",
];
const STEPS = ["normalize", "block", "inline", "text_join"];
/** Characters that aren't text: controls, and those that change the direction of the text beside them. */
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

const renderer = new MarkdownIt("zero", { html: false, linkify: false, typographer: false, langPrefix: "" })
  .enable([...BLOCKS, ...SPANS], true)
  .enable(STEPS, true);
// The fence's language would become a class with foreign words, and nothing here colours code by it.
renderer.renderer.rules.fence = (tokens, at) => {
  const code = renderer.utils.escapeHtml(tokens[at]?.content ?? "");
  return `<pre><code>${code}</code></pre>\n`;
};

export function htmlOf(markdown: string): string {
  return renderer.render(markdown).replace(UNSEEN, "\ufffd");
}
