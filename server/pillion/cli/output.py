"""What the commands print, and how: colours only in a terminal and without NO_COLOR, or JSON.

A model, a file name or a key in a workspace's file may hold anything. What is printed here can't steer the terminal,
also that of who reads a pipe later: such characters are shown as escapes, and brackets are no markup.
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
    """A console for results (stdout) or for what goes on meanwhile (stderr). What it prints is text, and no markup;
    styles are said with `style` or `rich.text.Text`."""
    return _console_class()(stderr=stderr, highlight=False, soft_wrap=True, markup=False, emoji=False)


@cache
def _console_class() -> "type[Console]":
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class VisibleConsole(Console):
        """Everything that rich draws becomes segments of text; those are made visible."""

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
    """Shows that something goes on, in a terminal; yields what changes the words."""
    from rich.text import Text

    with screen.status(Text(visible(words))) as status:
        yield lambda newer: status.update(Text(visible(newer)))


def write(text: str, to: TextIO | None = None) -> None:
    """Writes a text to stdout as it is, but for what would steer a terminal."""
    (to or sys.stdout).write(visible(text))


def print_json(data: Any) -> None:
    """Prints data for programs; what would steer a terminal is escaped as JSON can, so that it is the same data."""
    sys.stdout.write(as_json(data, indent=2) + "\n")


def as_json(data: Any, indent: int | None = None) -> str:
    """Data as JSON that can be printed."""
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    return _UNSEEN.sub(lambda match: json.dumps(match[0])[1:-1], text)


def print_diff(to: "Console", diff: str) -> bool:
    """Prints a unified diff: with colours in a terminal; else byte for byte, so that `git apply` takes it. Returns
    whether it could: what steers a terminal is shown as escapes, also in a pipe, and then no program can take it."""
    exact = can_be_printed_as_it_is(diff)
    if exact and not to.is_terminal:
        _write_bytes(to.file, diff)
    else:
        _draw_diff(to, diff)
    return exact


def _write_bytes(to: IO[str], text: str) -> None:
    """A diff has the encoding and the line ends of the files that it is of, whatever the terminal's are."""
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
        # As segments, in which a tab stays one.
        to.print(Segments([Segment(visible(line), Style.parse(style)), Segment.line()]))
