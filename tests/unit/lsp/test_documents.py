"""An open document keeps its text, its lines and its tree through every change that a client sends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from pillion.lsp.documents import Document
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.text.lines import LineIndex
from tests.support.texts import SOURCES

Seen = list[tuple[int, int, int]]


def opened(text: str, language_id: str = "python", encoding: str = "utf-16") -> tuple[Document, Seen]:
    seen: Seen = []
    document = Document(
        "file:///a.py",
        text,
        1,
        language_id,
        PositionCodec(types.PositionEncodingKind(encoding)),
        lambda _, start, end, length: seen.append((start, end, length)),
    )
    return document, seen


def change(document: Document, start: int, end: int, text: str) -> types.TextDocumentContentChangePartial:
    return types.TextDocumentContentChangePartial(range=document.positions.range(start, end), text=text)


def tree(document: Document) -> str:
    parsed = document.parsed()
    assert parsed is not None
    return str(parsed.tree.root_node)


def assert_tree_is_fresh(document: Document) -> None:
    """What is broken may be put right in several ways, and tree-sitter may choose another when it parses anew."""
    language = language_by_id(document.language_id or "")
    parsed = document.parsed()
    assert language is not None
    assert parsed is not None
    fresh = ParsedText.of(language, document.source)
    root, fresh_root = parsed.tree.root_node, fresh.tree.root_node
    assert parsed.text == document.source
    assert (root.has_error, root.end_byte) == (fresh_root.has_error, fresh_root.end_byte)
    if not root.has_error:
        assert str(root) == str(fresh_root)


INSERTED = [
    "",
    "x",
    "\n",
    "\r\n",
    "\r",
    "    ",
    "(",
    '"""',
    "def f():\n    pass\n",
    "🥞é",
    "\u2028",
    "\ud800",
    "}\n",
    "// \x0c",
]


@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(sorted(SOURCES)),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-32"]),
    data=st.data(),
)
def test_after_any_changes_all_is_as_if_freshly_opened(
    language: str, newline: str, encoding: str, data: st.DataObject
) -> None:
    text = SOURCES[language].replace("\n", newline)
    document, seen = opened(text, language, encoding)
    changes = data.draw(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(INSERTED)), max_size=6))
    for number, (place, length, new) in enumerate(changes):
        start = int(place * len(text))
        end = min(start + length, len(text))
        if "\r\n" in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
            continue  # no client has a position there
        document.apply_change(change(document, start, end, new))
        text = text[:start] + new + text[end:]
        assert document.source == text
        assert seen[-1] == (start, end, len(new))
        assert [document.index.start_of(line) for line in range(len(document.index))] == [
            LineIndex(text).start_of(line) for line in range(len(LineIndex(text)))
        ]
        if number % 2:  # several changes may come before anybody wants the tree
            assert_tree_is_fresh(document)
    assert_tree_is_fresh(document)


def test_a_tree_that_somebody_reads_stays_as_it_was() -> None:
    document, _ = opened("def f(): pass\n")
    before = document.parsed()
    assert before is not None
    document.apply_change(change(document, 0, 0, "x = 1\n\n"))
    after = document.parsed()
    assert before.tree.root_node.children[0].start_byte == 0
    assert [symbol.start_byte for symbol in before.symbols.walk()] == [0]
    assert after is not None
    assert [symbol.start_byte for symbol in after.symbols.walk()] == [7]
    assert document.parsed() is after


def test_the_whole_text_may_be_replaced() -> None:
    document, seen = opened("def f(): pass\n")
    assert "function_definition" in tree(document)
    document.apply_change(types.TextDocumentContentChangeWholeDocument(text="x = 1\n\n"))
    assert (document.source, len(document.index), seen) == ("x = 1\n\n", 3, [(0, 14, 7)])
    assert "function_definition" not in tree(document)


@pytest.mark.parametrize(
    ("start", "end", "text", "after"),
    [
        pytest.param((9, 9), (9, 9), "x", "ab\ncd\nx", id="past-the-end"),
        pytest.param((0, 99), (1, 0), "", "abcd\n", id="past-the-end-of-a-line"),
        pytest.param((1, 1), (0, 1), "x", "axd\n", id="backwards"),
        pytest.param((0, 0), (99, 0), "", "", id="everything"),
    ],
)
def test_ranges_that_clients_get_wrong(start: tuple[int, int], end: tuple[int, int], text: str, after: str) -> None:
    document, _ = opened("ab\ncd\n")
    a_range = types.Range(types.Position(*start), types.Position(*end))
    document.apply_change(types.TextDocumentContentChangePartial(range=a_range, text=text))
    assert document.source == after
    assert_tree_is_fresh(document)


def test_who_waits_for_a_change_is_told() -> None:
    document, _ = opened("a\n")
    assert not document.changed.is_set()
    document.apply_change(change(document, 0, 0, "b"))
    assert document.changed.is_set()


@pytest.mark.parametrize(
    ("language_id", "readable"), [("python", True), ("tsx", True), ("haskell", False), ("", False)]
)
def test_languages_without_a_grammar(language_id: str, readable: bool) -> None:
    document, _ = opened("x", language_id)
    assert document.is_readable_language is readable
    assert (document.parsed() is not None) is readable
    document.apply_change(change(document, 0, 1, "y"))
    assert document.source == "y"
