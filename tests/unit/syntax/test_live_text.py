"""A text that changes, and its tree."""

import asyncio

import pytest

from pillion.syntax.document import ParsedText
from pillion.syntax.live_text import LiveText

BEFORE = "def first(a):\n    return a\n\n\ndef second(b):\n    return b\n"


def names(parsed: ParsedText | None) -> list[str]:
    assert parsed is not None
    return [parsed.symbols.read(node).name for node in parsed.symbols.walk()]


@pytest.mark.parametrize("was_parsed", [False, True], ids=["never parsed", "parsed before"])
@pytest.mark.parametrize(
    ("start", "end", "new", "expected"),
    [
        pytest.param(4, 9, "other", ["other", "second"], id="a name"),
        pytest.param(0, 0, "def zero():\n    pass\n\n\n", ["zero", "first", "second"], id="a function above"),
        pytest.param(0, len(BEFORE), "", [], id="everything goes"),
    ],
)
async def test_typing_while_a_thread_parses(
    was_parsed: bool, start: int, end: int, new: str, expected: list[str]
) -> None:
    """The thread's tree is that of the text before; the text's own tree is that of the text now."""
    text = LiveText(BEFORE, "python")
    if was_parsed:
        text.parsed()
        text.replace(len(BEFORE), len(BEFORE), "\n")
    in_thread = asyncio.create_task(text.parsed_in_thread())
    await asyncio.sleep(0)
    text.replace(start, end, new)
    assert names(await in_thread) == ["first", "second"]
    assert names(text.parsed()) == expected
    assert names(await text.parsed_in_thread()) == expected


async def test_a_thread_s_tree_is_kept() -> None:
    text = LiveText(BEFORE, "python")
    parsed = await text.parsed_in_thread()
    assert text.parsed() is parsed
    assert await text.parsed_in_thread() is parsed


async def test_a_language_without_a_grammar_has_no_tree() -> None:
    assert await LiveText("words", "plaintext").parsed_in_thread() is None
