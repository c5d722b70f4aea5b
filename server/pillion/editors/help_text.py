"""The tags of Neovim's help: an index file that Pillion's page shares with any other page in the same folder.

`:helptags` would write it, but nobody runs that command after an installation.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from pillion.editors.setup_files import Change, FileChange, read_text

TAGS = "doc/tags"
_ANCHOR = re.compile(r"(?:^|(?<=\s))\*([^*\s|]+)\*(?=\s|$)", re.MULTILINE)


def with_tags(folder: Path, files: Mapping[str, str]) -> FileChange:
    """The change that adds the tags of these help pages to the index; the tags of other pages stay."""
    pages = {Path(path).name: text for path, text in files.items() if path.startswith("doc/")}
    before = read_text(folder / TAGS)
    lines = _of_others(before or "", set(pages))
    for page, text in pages.items():
        lines += [f"{tag}\t{page}\t/*{_escaped(tag)}*" for tag in _ANCHOR.findall(text)]
    after = _sorted(lines)
    if before is None:
        return FileChange(TAGS, Change.NEW, "", after)
    return FileChange(TAGS, Change.SAME if before == after else Change.UPDATED, before, after)


def without_tags(folder: Path, pages: set[str]) -> list[FileChange]:
    """The change that removes these tags from the index, and the file if it has no others."""
    before = read_text(folder / TAGS)
    if before is None:
        return []
    after = _sorted(_of_others(before, pages))
    if after == before:
        return []
    return [FileChange(TAGS, Change.UPDATED if after else Change.REMOVED, before, after)]


def _of_others(tags: str, pages: set[str]) -> list[str]:
    return [line for line in tags.splitlines() if line and line.split("\t")[1:2] not in [[page] for page in pages]]


def _sorted(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in sorted(lines, key=str.encode))


def _escaped(tag: str) -> str:
    return tag.replace("\\", "\\\\").replace("/", "\\/")
