"""What a slice is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slice:
    """The smallest program around one function or method.

    `source` defines all that it needs, and calls nothing of it. `entry` is the expression that is called: `total`, or
    `_receiver.push` for a method, where `receiver` is the source of statements that bind `_receiver` anew before each
    call (empty for a function). `text` is the symbol's own source as it stands in the document. `missing` are the names
    that statements within the document's functions import, and that nobody here has. `types` are
    the classes and aliases, as the document writes them, that the symbol's annotations name.
    """

    source: str
    entry: str
    text: str
    receiver: str = ""
    missing: frozenset[str] = frozenset()
    types: str = ""
