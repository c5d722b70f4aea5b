/** A model's Markdown becomes words with marks, and nothing that leads, loads or runs. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { htmlOf } from "../../src/features/markdown";

const ALLOWED =
  /^<\/?(p|h[1-6]|ul|ol( start="\d+")?|li|strong|em|s|code|pre|blockquote|hr|br|table|thead|tbody|tr|t[hd]( style="text-align:(left|right|center)")?)>$/;

for (const [name, markdown] of Object.entries({
  link: "[a](command:workbench.action.quit)",
  "link with a title": '[a](https://evil.example "b")',
  "link by reference": "[a][b]\n\n[b]: command:x",
  "short reference": "[a]\n\n[a]: javascript:alert(1)",
  image: "![a](https://evil.example/x.png)",
  "image in a link": "[![a](b)](command:x)",
  autolink: "<https://evil.example> <command:x>",
  "bare address": "https://evil.example www.evil.example",
  html: "<img src=x onerror=alert(1)> <b>bold</b>",
  "html block": "<script>\nalert(1)\n</script>",
  comment: "<!-- <script>alert(1)</script> -->",
  style: "<style>* { display: none }</style>",
  "in a heading": "# [a](command:x) <i>b</i>",
  "in a table": "| a |\n|---|\n| [a](command:x) <img src=x> |",
  "in a list": "- [a](command:x)\n- <a href='command:x'>b</a>",
  "fence with a language": '```"><script>alert(1)</script>\ncode\n```',
  "fence without an end": "```\n</code></pre><script>alert(1)</script>",
  "code span": "`<script>`",
  "behind a carriage return": "a\r[b](command:x)\r\n![c](d)",
  "spaced out": "[a]( command:x )\u2028[b](\tcommand:x)",
  escaped: "\\[a](command:x) &#91;b](command:x) &lt;script>",
  "nested too deep": `${"> ".repeat(3000)}a ${"*".repeat(5000)}`,
})) {
  test(`can do nothing: ${name}`, () => {
    const tags = htmlOf(markdown).match(/<[^>]*>?/g) ?? [];
    assert.deepEqual(
      tags.filter((tag) => !ALLOWED.test(tag)),
      [],
    );
  });
}

test("what it may do", () => {
  const html = htmlOf("# A\n\n**b** *c* `d`\n\n- e\n\n1. f\n\n```py\ng()\n```\n\n> h\n\n| i |\n|---|\n| j |");
  for (const part of [
    "<h1>A",
    "<strong>b",
    "<em>c",
    "<code>d",
    "<ul>",
    "<ol>",
    "<pre><code>g()",
    "<blockquote>",
    "<td>j",
  ]) {
    assert.ok(html.includes(part), `${part} in ${html}`);
  }
});

test("its text is there as it was written", () => {
  assert.match(htmlOf("see [this](command:x) & <b>"), /see \[this\]\(command:x\) &amp; &lt;b&gt;/);
});

test("what isn't seen, or turns the direction, is seen", () => {
  assert.equal(
    htmlOf("a\u202eb &#x202e; &#x2066;c\u0007 `\u200f`"),
    "<p>a\ufffdb \ufffd \ufffdc\ufffd <code>\ufffd</code></p>\n",
  );
});

test("a half of it, while it streams", () => {
  const whole = "**bold** and `code`\n\n```py\nx = 1\n```\n- a\n- b";
  for (let end = 0; end <= whole.length; end++) assert.ok(htmlOf(whole.slice(0, end)).length >= 0);
});
