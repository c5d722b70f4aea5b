"""Plain strings for clients can't be a link, an icon, a line of their own or a terminal's command."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.text.hidden import STEERING, VisibleStream, visible
from pillion.text.plain import Lines, plain_line, plain_text

# As in VS Code's linkedText.ts, which looks for links in every message.
VSCODE_LINK = re.compile(r"\[([^\]]+)\]\(((?:https?://|command:|file:)[^)\s]+)(?: ([\"'])(.+?)(\3))?\)", re.IGNORECASE)
ICON = re.compile(r"\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rate: it isn’t “done” – 3 × 4", "rate: it isn’t “done” – 3 × 4"),
        ("use a[0], List<String>, std::vector<std::string>", "use a[0], List<String>, std::vector<std::string>"),
        ("http://127.0.0.1:11434 refused it", "http://127.0.0.1:11434 refused it"),
        ("two  spaces ", "two  spaces "),
        ("[Run](command:x)", "[Run] (command:x)"),
        ("[Run](COMMAND:x) ![a](https://b.example)", "[Run] (COMMAND:x) ![a] (https://b.example)"),
        ("[Run]\n(command:x)", "[Run] (command:x)"),
        ("[Run]\u200b(command:x)", "[Run]\\u200b(command:x)"),
        ("<command:x> <https://a.example>", "< command:x> < https://a.example>"),
        ("<a href='command:x'>b</a> <script>", "< a href='command:x'>b< /a> < script>"),
        ("$(flame) $(sync~spin)", "$ (flame) $ (sync~spin)"),
        ("one\ntwo\r\nthree\rfour\u2028five\x85six\x0bseven\teight", "one two three four five six seven eight"),
        ("\x1b[31mred\x1b]8;;x\x07", "\\x1b[31mred\\x1b]8;;x\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("shop\u202eyp.exe", "shop\\u202eyp.exe"),
        ("\ud800\0", "\\ud800\\x00"),
        ("שלום می\u200cخواهم 👩\u200d🚀", "שלום می\u200cخواهم 👩\u200d🚀"),
    ],
)  # fmt: skip
def test_one_line(text: str, expected: str) -> None:
    assert plain_line(text) == expected
    assert plain_line(expected) == expected


PIECES = ["[a]", "(", ")", "command:", " ", "\n", "\r", "$", "~", "<", ">", "\x1b", "\u202e", "https://"]


@given(text=st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_nothing_of_any_text_is_a_link_or_steers(text: str) -> None:
    for plain in (plain_line(text), plain_text(text)):
        assert VSCODE_LINK.search(plain) is None
        assert ICON.search(plain) is None
        assert re.search(f"[{STEERING}]", plain) is None
        assert "](" not in plain
    assert "\n" not in plain_line(text)
    assert plain_line(plain_line(text)) == plain_line(text)


def test_lines_stay_lines() -> None:
    text = plain_text("one\r\ntwo\rthree\u2028[x](command:y)\n\n\tfour")
    assert text == "one\ntwo\nthree\n[x] (command:y)\n\n\tfour"
    assert isinstance(text, Lines)


def test_a_message_has_a_length_that_can_be_shown() -> None:
    assert len(plain_line("x" * 1_000_000)) == 4_000
    assert plain_line("x" * 5_000).endswith("…")


@given(text=st.text(alphabet=st.sampled_from("a\r\n\x1b[]\x9b\u202e"), max_size=12), cuts=st.lists(st.integers(0, 12)))
def test_a_stream_is_the_same_however_it_is_cut(text: str, cuts: list[int]) -> None:
    stream, places = VisibleStream(), sorted({0, *cuts, len(text)})
    pieces = [stream.feed(text[start:end]) for start, end in pairwise(places)]
    assert "".join(pieces) + stream.finish() == visible(text)
    assert "\r" not in visible(text)
