"""What a kept draft of a new file needs to become that file again: words, in the place of those that the user said."""

from collections.abc import Mapping
from typing import Any

from pillion.text.file_uris import path_in

_ANY = "a new file"
_CREATED = "create "


def words_of_draft(row: Mapping[str, Any]) -> str:
    """Words that name the file that the draft was to become, if the draft was whole; else words that name none."""
    uris = [each.removeprefix(_CREATED) for each in row.get("changes") or () if str(each).startswith(_CREATED)]
    path = path_in(uris[0]) if len(uris) == 1 else None
    return f"create {path}" if path is not None and len(path.split()) == 1 else _ANY
