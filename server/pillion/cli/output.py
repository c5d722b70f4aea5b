"""What the commands print, and how: colours only in a terminal and without NO_COLOR, or JSON."""

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def console(*, stderr: bool = False) -> "Console":
    """A console for results (stdout) or for what goes on meanwhile (stderr)."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def print_json(data: Any) -> None:
    """Prints data for programs."""
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def print_diff(to: "Console", before: str, after: str, name: str) -> None:
    """Prints what an edit changes."""
    from rich.text import Text

    styles = {"+": "green", "-": "red", "@": "cyan"}
    for line in unified_diff(before, after, name).split("\n")[:-1]:
        bold = line.startswith(("+++", "---"))
        to.print(Text(line, style="bold" if bold else styles.get(line[:1], "")))


def unified_diff(before: str, after: str, name: str) -> str:
    """The change as a unified diff."""
    import difflib

    # Lines end at LF alone: a form feed in one must not cut it in two.
    old, new = (text.removesuffix("\n").split("\n") for text in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="", n=2)
    return "".join(f"{line}\n" for line in lines)
