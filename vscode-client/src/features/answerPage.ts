/** The page that shows answers. It loads nothing, and its only script is the one below. */

/** An answer as the page gets it; `html` comes from markdown.ts. */
export interface ShownAnswer {
  readonly id: string;
  readonly title: string;
  readonly html: string;
  /** The job's progress, or how it ended. */
  readonly note: string;
  readonly busy: boolean;
}

const STYLE = `
body { margin: 0; padding: 0 20px 16px; color: var(--vscode-foreground); font: var(--vscode-font-size)/1.5 var(--vscode-font-family); }
main { max-width: 48rem; }
article + article { margin-top: 16px; padding-top: 4px; border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); }
article:not(:first-child) .words { opacity: 0.85; }
h2 { margin: 8px 0 4px; font-size: 1em; font-weight: 600; }
h2 small { margin-left: 8px; font-weight: normal; color: var(--vscode-descriptionForeground); }
.words > :first-child { margin-top: 0; }
.words > :last-child { margin-bottom: 0; }
.words h1, .words h2, .words h3, .words h4 { margin: 12px 0 4px; font-size: 1.05em; font-weight: 600; }
p, ul, ol, blockquote, table, pre { margin: 0 0 8px; }
blockquote { padding-left: 10px; border-left: 3px solid var(--vscode-textBlockQuote-border); }
code { padding: 1px 3px; border-radius: 3px; font-family: var(--vscode-editor-font-family); font-size: 0.95em; color: var(--vscode-textPreformat-foreground); background: var(--vscode-textPreformat-background, var(--vscode-textCodeBlock-background)); }
pre { padding: 8px 10px; overflow-x: auto; border-radius: 4px; background: var(--vscode-textCodeBlock-background); }
pre code { padding: 0; color: var(--vscode-editor-foreground); background: none; }
td, th { padding: 2px 10px 2px 0; text-align: left; }
.empty { margin-top: 8px; color: var(--vscode-descriptionForeground); }
`;

// Only the blocks that differ are replaced, so that a selection stays while more text comes.
const SCRIPT = `
const host = acquireVsCodeApi();
const main = document.querySelector("main");
const empty = document.querySelector(".empty");
function fill(words, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const blocks = [...fresh.content.children];
  blocks.forEach((block, at) => {
    const old = words.children[at];
    if (old === undefined) words.append(block);
    else if (old.outerHTML !== block.outerHTML) old.replaceWith(block);
  });
  while (words.children.length > blocks.length) words.lastElementChild.remove();
}
function made(id) {
  const article = document.createElement("article");
  article.dataset.id = id;
  article.innerHTML = '<h2><span></span><small></small></h2><div class="words"></div>';
  return article;
}
function show(answers) {
  const before = new Map([...main.children].map((each) => [each.dataset.id, each]));
  answers.forEach(({ id, title, html, note, busy }, at) => {
    const article = before.get(id) ?? made(id);
    before.delete(id);
    if (main.children[at] !== article) main.insertBefore(article, main.children[at] ?? null);
    article.setAttribute("aria-busy", String(busy));
    article.querySelector("h2 span").textContent = title;
    article.querySelector("h2 small").textContent = note;
    fill(article.querySelector(".words"), html);
  });
  before.forEach((each) => each.remove());
  empty.hidden = answers.length > 0;
}
window.addEventListener("message", ({ data }) => show(data));
host.postMessage("ready");
`;

/** `nonce` is new for each page. */
export function answerPage(nonce: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<title>Pillion’s answers</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main aria-live="polite" aria-label="Pillion’s answers"></main>
<p class="empty">Put the cursor into a function and choose “Explain”, or ask Pillion a question: the answer comes here.</p>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>`;
}
