"""Free names for drafted tests: of two tests with one name, only the last would run."""

from pillion.edits.unit_tests.suite_items import Item, name_place
from pillion.syntax.nodes import text_of


def renamed_item(item: Item, names: set[str], language: str) -> dict[int, tuple[int, str]]:
    """The bytes of an item's name and a new name, if its own is taken; else nothing. Its name is taken from now on."""
    name = name_place(item)
    if name is None:
        return {}
    own = text_of(name)
    new = _free_name(own, names, language) if own in names else own
    names.add(new)
    return {} if new == own else {name.start_byte: (name.end_byte, new)}


def _free_name(name: str, names: set[str], language: str) -> str:
    joint = "" if language in {"go", "java"} or name[:1].isupper() else "_"
    number = 2
    while f"{name}{joint}{number}" in names:
        number += 1
    return f"{name}{joint}{number}"
