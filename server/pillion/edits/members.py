"""Refuses a changed class in which members are missing that nobody spoke of: models often show only what changes."""

import re

from tree_sitter import Node

from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import name_of

# Words of instructions after which members may go without being named.
_LESS = re.compile(
    r"remov|delet|drop|without|merg|inlin|replac|renam|only|split|extract|mov|clean|reduc|simpl|short|rewrit|convert"
    r"|turn|abstract|dataclass|record|enum|interface|tuple|unus",
    re.IGNORECASE,
)


def refuse_lost_members(draft: ParsedText, drafted: Node, document: ParsedText, users: Node, told: str) -> None:
    """Checks that the members of a class are still there, if the user's words don't speak of less.

    Raises:
        DraftRejectedError: some are gone.
    """
    if asks_for_less(told):
        return
    kept = set(_members(draft, drafted))
    gone = [name for name in _members(document, users) if name not in kept and not is_named(name, told)]
    if gone:
        names = " and ".join(f"“{name}”" for name in dict.fromkeys(gone))
        raise DraftRejectedError(f"{names} would be gone, and you didn't ask for that", code="gone")


def asks_for_less(told: str) -> bool:
    """Whether the words ask for something after which there may be less code."""
    return _LESS.search(told) is not None


def is_named(name: str, told: str) -> bool:
    """Whether the words have a member's name. Their first word is what to do: `add`."""
    return re.search(rf"(?<=\W){re.escape(name)}\b", told) is not None


def _members(parsed: ParsedText, node: Node) -> list[str]:
    """The names of a class's functions, without Python's special ones, which a decorator may make."""
    found = [each for each in parsed.symbols.walk(node) if each != node and parsed.symbols.kind_of(each) == "method"]
    return [name for each in found if (name := name_of(each)) and not name.startswith("__")]
