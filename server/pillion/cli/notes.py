"""Notes on stderr, beside a command's output."""

from typing import TYPE_CHECKING

from pillion.cli.output import console

if TYPE_CHECKING:
    from rich.console import Console


class FailureNotes:
    """Says that an endpoint failed, once the work goes on. An error that ends the command says it by itself."""

    def __init__(self, screen: "Console | None" = None) -> None:
        self._screen = screen or console(stderr=True)
        self._held: list[str] = []

    def failed(self, words: str) -> None:
        """An endpoint failed."""
        self._held.append(words)

    def goes_on(self) -> None:
        """Another endpoint is at work."""
        held, self._held = self._held, []
        for words in held:
            self._screen.print(words, style="yellow", markup=False)


def kept_words(path: object) -> str:
    """Words that say where a draft is kept, or that it can't be kept."""
    return f"The draft is kept in {path}" if path else "The draft can't be kept: its folder isn't writable."
