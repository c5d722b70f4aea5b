"""Prints the commands' output: text, with colours only in a terminal and without NO_COLOR, or JSON.

A model's words, a file name or a key in a workspace's file may hold any characters. Output from here can't steer a
terminal, nor the terminal of a pipe's later reader: steering characters become escapes, and brackets are no markup.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import IO, TYPE_CHECKING, Any, TextIO

from pillion.text.diffs import can_be_printed_as_it_is, for_the_eye
from pillion.text.hidden import STEERING, visible

if TYPE_CHECKING:
    from rich.console import Console

_UNSEEN = re.compile(f"[{STEERING}]")


def console(*, stderr: bool = False) -> "Console":
    """A console for results (stdout) or for progress and notes (stderr). It prints text without markup; styles come
    from `style` or `rich.text.Text`."""
    return _console_class()(stderr=stderr, highlight=False, soft_wrap=True, markup=False, emoji=False)


@cache
def _console_class() -> "type[Console]":
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class VisibleConsole(Console):
        """Makes steering characters visible in the segments of text of which rich's output consists."""

        def print(self, *objects: Any, **how: Any) -> None:
            """See rich; strings are made visible before rich drops some of their control characters."""
            super().print(*(visible(each) if isinstance(each, str) else each for each in objects), **how)

        def render(self, renderable: "RenderableType", options: "ConsoleOptions | None" = None) -> "Iterator[Segment]":
            """See rich."""
            for segment in super().render(renderable, options):
                shown = segment.text if segment.control else visible(segment.text)
                yield segment if shown == segment.text else Segment(shown, segment.style)

    return VisibleConsole


@contextmanager
def working(screen: "Console", words: str) -> "Iterator[Callable[[str], None]]":
    """Shows in a terminal that work goes on; yields a function that changes the words."""
    from rich.text import Text

    with screen.status(Text(visible(words))) as status:
        yield lambda newer: status.update(Text(visible(newer)))


def write(text: str, to: TextIO | None = None) -> None:
    """Writes a text to stdout as it is; only characters that would steer a terminal become escapes."""
    (to or sys.stdout).write(visible(text))


def print_json(data: Any) -> None:
    """Prints data for programs. Characters that would steer a terminal become JSON escapes: the data stay the same."""
    sys.stdout.write(as_json(data, indent=2) + "\n")


def as_json(data: Any, indent: int | None = None) -> str:
    """Data as JSON that can be printed."""
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    return _UNSEEN.sub(lambda match: json.dumps(match[0])[1:-1], text)


def print_diff(to: "Console", diff: str) -> bool:
    """Prints a unified diff: with colours in a terminal, and byte for byte elsewhere, so that `git apply` takes it.
    Returns False if characters that steer a terminal became escapes, also in a pipe: no program can take that diff."""
    exact = can_be_printed_as_it_is(diff)
    if exact and not to.is_terminal:
        _write_bytes(to.file, diff)
    else:
        _draw_diff(to, diff)
    return exact


def _write_bytes(to: IO[str], text: str) -> None:
    """Writes a diff in the encoding and with the line ends of its files, whatever the terminal's are."""
    to.flush()
    if (binary := getattr(to, "buffer", None)) is not None:
        binary.write(text.encode())
        binary.flush()
    else:
        to.write(text)


def _draw_diff(to: "Console", diff: str) -> None:
    from rich.segment import Segment, Segments
    from rich.style import Style

    styles = {"+": "green", "-": "red", "@": "cyan"}
    for line in for_the_eye(diff).split("\n")[:-1]:
        style = "bold" if line.startswith(("+++", "---")) else styles.get(line[:1], "none")
        # As segments, which keep a tab as a tab.
        to.print(Segments([Segment(visible(line), Style.parse(style)), Segment.line()]))
