"""What is said of an endpoint that failed, once."""

from typing import TYPE_CHECKING

from pillion.cli.output import console

if TYPE_CHECKING:
    from rich.console import Console


class FailureNotes:
    """Says that an endpoint failed when something else follows: an error that ends the command says it by itself."""

    def __init__(self, screen: "Console | None" = None) -> None:
        self._screen = screen or console(stderr=True)
        self._held: list[str] = []

    def failed(self, words: str) -> None:
        """An endpoint failed."""
        self._held.append(words)

    def goes_on(self) -> None:
        """Another is at work."""
        held, self._held = self._held, []
        for words in held:
            self._screen.print(words, style="yellow", markup=False)
