"""The commands' help, and the errors for wrong usage."""

import argparse
import sys
from typing import TYPE_CHECKING, NoReturn

from pillion.text.hidden import visible

if TYPE_CHECKING:
    from typing import Any

    from _typeshed import SupportsWrite

    Parts = argparse._SubParsersAction[Any]


class Parser(argparse.ArgumentParser):
    """Repeats the user's arguments (or a shell's expansion of `*`) without letting them steer the terminal."""

    def error(self, message: str) -> NoReturn:
        """See argparse."""
        super().error(visible(message))

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        """Writes the message. argparse's own method hides the error if that fails."""
        (file or sys.stderr).write(message)


def add_part(parts: "Parts", name: str, purpose: str) -> argparse.ArgumentParser:
    """Adds a command or a part of a command. Its own help says its purpose too."""
    part: argparse.ArgumentParser = parts.add_parser(
        name, help=purpose, description=f"{purpose[:1].upper()}{purpose[1:]}."
    )
    return part
