"""A model's words can load nothing and lead nowhere, in any viewer, and read as they were meant."""

import re
import time
from collections.abc import Iterator

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pillion.text.markdown import Markdown, code_block, emphasised, harmless, inline_text, joined

# Two parsers that share no code; both make links of what only looks like one, and let HTML through.
VIEWER = MarkdownIt("gfm-like", {"html": True, "linkify": True})
WRITTEN = re.compile(
    r"</?(?:p|em|strong|code|pre|ul|ol|li|blockquote|h[1-6]|hr|br|table|thead|tbody|tr|th|td)\b[^<>]*/?>"
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def tokens(found: list[Token]) -> Iterator[Token]:
    for token in found:
        yield token
        yield from tokens(token.children or [])


def assert_inert(markdown: str) -> None:
    assert CONTROL.search(markdown) is None
    types = {token.type for token in tokens(VIEWER.parse(markdown))}
    assert not types & {"link_open", "image", "html_inline", "html_block"}
    html = cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE)
    assert "<" not in WRITTEN.sub("", html)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It *adds* **two** numbers.", "It *adds* **two** numbers."),
        ("It calls `items[0]`, not b[0].", "It calls `items[0]`, not b\\[0\\]."),
        ("`` a ` [b] `` and `<c>`", "``a ` [b]`` and `<c>`"),
        ("snake_case and a_b", "snake_case and a_b"),
        ("a: b, a.b", "a: b, a.b"),
        ("see os.path.join(a, b)", "see `os.path.join`(a, b)"),
        ("# Title\n\n1. one\n2. two\n   - three\n\n> said\n\n---", "# Title\n\n1. one\n2. two\n   - three\n\n> said\n\n***"),
        ("1. one\n   ```py\n   x[0](y)\n   ```\n", "1. one\n   ```py\n   x[0](y)\n   ```"),
        ("~~~\n```\n[x](y)\n~~~", "````\n```\n[x](y)\n````"),
        ("    indented", "```\nindented\n```"),
        ("| a | b |\n|---|:-:|\n| 1 | `c` |", "| a | b |\n| --- | :-: |\n| 1 | `c` |"),
        ("a < b && c > d", "a \\< b && c > d"),
        ("1986\\. A year", "1986\\. A year"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_on_the_list_stays(text: str, expected: str) -> None:
    assert harmless(text) == expected
    assert_inert(expected)


ATTACKS = [
    "[here](https://evil.example)",
    "[here](command:workbench.action.terminal.sendSequence)",
    "[here](<command:x>)",
    "[here]( command:x 'title')",
    "[here][x]\n\n[x]: command:y",
    "[x]\n\n[x]: <command:y> 'z'",
    "![x](https://evil.example/?secret)",
    "[![x](https://a.example)](https://b.example)",
    "<https://evil.example>",
    "<command:x>",
    "<a@evil.example>",
    "<img src=x onerror=alert(1)>",
    "<a href='command:x'>y</a>",
    "<!-- x --><script>alert(1)</script>",
    "<div\nonclick=x>",
    "https://evil.example www.evil.example a@evil.example ftp://evil.example",
    "evil.com shop.py xn--e1awd7f.com //evil.com mailto:a@b.example",
    "HTTPS://EVIL.EXAMPLE WwW.evil.example",
    "a\r![x](https://evil.example)",
    "`a\r![x](https://evil.example)\r`",
    "```\ra\r```\r![x](https://evil.example)",
    "`a\x85![x](https://evil.example)`\u2028[y](command:z)",
    "`a\u2029\n`[y](command:z)",
    "a\x0b[y](command:z)\x0c<b>",
    "[a\0](command:z)",
    "[\u202eereh](https://evil.example)",
    "[a]\x1b(command:z)",
    "\\[a](b)",
    "\\`[a](b)`",
    "a ` b\nc ` [d](e) ` f",
    "| ` [a](b) | ` |\n|-|-|\n| ` [a](b) | ` |",
    "|a|\n|-|\n|https://evil.example|",
    "&#91;a](b) &lsqb;a&rsqb;(b) &#60;b> &lt;img src=x&gt;",
    "a&#10;&#10;[b](c)&#13;- <b>",
    "&#x1b;[31m &#x202e; &#0;",
    "[^1]\n\n[^1]: https://evil.example",
    "~~`a@evil.example~~ ~~~",
    "$(flame) $(sync~spin)",
    "- \n  [a](b)\n> <b>\n    <c>",
    "<pre>\n\n[a](b)\n\n</pre>",
    "Setext [a](b)\n===",
    "*[a](b)* **<b>** ***www.evil.example***",
    "```` a ``` `` b ` https://evil.example www.evil.example ````",
    "\ud800[a](b)\udfff",
]  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_is_text(text: str) -> None:
    for shown in (text, f"a{text}", f"x\n\n{text}", f"- {text}", f"> {text}", f"{text}\r\n{text}"):
        assert_inert(harmless(shown))
        assert_inert(inline_text(shown))
        assert_inert(emphasised(shown))
        assert_inert(joined([harmless("`` ` ```"), code_block(shown, shown), harmless(shown), emphasised(shown)]))
    for icon in re.findall(r"(?<!\\)\$\(", re.sub("`[^`]*`", "", harmless(text))):
        pytest.fail(icon)


# What marked (VS Code) strikes from a line before it looks for the end of an emphasis: links, code, tags.
STRUCK = re.compile(r"\[[^\[\]]*?\]\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|`[^`]*?`|<[^<>]*?>")
INLINE_CODE = re.compile(r"(`+)(?!`)(.*?)(?<!`)\1(?!`)", re.DOTALL)
MARK = re.compile(r"(?<!\\)\*")


def assert_no_code_ends_an_emphasis(line: str) -> None:
    """No asterisk of inline code is left when somebody looks for the end of an emphasis."""
    code = [at for span in INLINE_CODE.finditer(line) for at in range(*span.span())]
    if not any(match.start() not in code for match in MARK.finditer(line)):
        return
    struck = [at for span in STRUCK.finditer(line) for at in range(*span.span())]
    assert not {at for at in code if line[at] == "*"} - set(struck), line


@pytest.mark.parametrize(
    "text",
    [
        "*<a `href=x>[![i](https://evil.example/a.png)***[a](command:x)`*",
        "*a <x `b*[a](command:x)` c*",
        "**a [x `b**[a](command:x)` ](z) c**",
        "*a `` x`b`c*https://evil.example[a](command:x) `` d*",
        "*a <b* > ``a`b`c*[a](command:x)``",
        "*`a*b```a`b*``\n_\n`a*b`_[a](command:x)[***",
        "a <b> https://evil.example/*a*[a](command:x) *c*",
    ],
)
def test_no_viewer_finds_the_end_of_an_emphasis_in_code(text: str) -> None:
    for line in (harmless(text), harmless(f"| a |\n|---|\n| {text} |").split("\n")[-1], emphasised(text)):
        assert_no_code_ends_an_emphasis(line)


def test_an_emphasis_beside_code_stays() -> None:
    assert harmless("*Takes* `*args` and **`a`**.") == "*Takes* `*args` and **`a`**."
    assert harmless("*a* <b> `c` [d]") == "*a* \\<b> `c` \\[d\\]"


def test_what_was_an_address_can_still_be_read() -> None:
    assert harmless("[here](https://evil.example)") == "`[here](https://evil.example)`"
    assert "\\x1b" in harmless("`a\x1bb`")
    assert "\\u202e" in harmless("a\u202eb")


PIECES = [
    *("`", "``", "```", "~~~\n", "\n", "\n\n", "|", "|-|-|\n", ":-:\n", "\\", "*", "**", "_", "~~", "- ", "> ", "    ", "1. "),
    *("# ", "===\n", "---\n", "a", " ", "\t", "(", ")", "[", "]", "!", ":", "/", "@", ".", "<", ">", "&", "#", "w", "www", "http"),
    *("[a](b)", "![a](b)", "<b>", "<a:b>", "[a]: b\n", "[a]", "[^1]", "<!--", "</pre>", "&lt;", "&#91;", "&#10;", "&#13;", "&#x60;"),
    *("https://evil.com", "//evil.com", "www.evil.com", "evil.com", "a@evil.com", "mailto:a@b.c", "[x](command:y)", "é.рф", "$("),
    *("\r", "\r\n", "\x85", "\u2028", "\x0b", "\x0c", "\0", "\x1b[", "\u202e", "\u200b", "\xa0", "\ud800"),
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_no_viewer_makes_a_link_or_loads_anything(text: str) -> None:
    markdown = harmless(text)
    assert_inert(markdown)
    for block in (*markdown.split("\n\n"), emphasised(text)):
        assert_no_code_ends_an_emphasis(block)
    assert_inert(joined([code_block(text, "python"), markdown, emphasised(text)]))


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.characters(), max_size=60))
def test_nor_from_any_other_text(text: str) -> None:
    assert_inert(harmless(text))
    assert isinstance(harmless(text), Markdown)


@pytest.mark.parametrize("piece", ["*", "`", "> ", "- ", "[", "a.", "a@", "//", "a*b_", "<", "&amp;", "\n", "|a|b|\n"])
def test_a_flood_takes_no_time(piece: str) -> None:
    began = time.process_time()
    harmless(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 5
