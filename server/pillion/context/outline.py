"""A tag index as text for a prompt, in as much detail as there is room for."""

from collections.abc import Callable, Iterator

from pillion.context.tag_index import FileTags, TagIndex, tags_of
from pillion.plurals import counted
from pillion.syntax.document import ParsedText


def outline(index: TagIndex, budget_tokens: int, count: Callable[[str], int]) -> tuple[str, str]:
    """The files and what they define for others, within the budget that `count` measures, and in words what was left
    out.

    Members go first, then the files that are furthest from the workspace's folder.
    """
    if budget_tokens <= 0 or not index.files:
        return "", ""
    total = counted(len(index.files), "file")
    for deepest, omitted in ((2, ""), (1, "the members of classes")):
        text = "\n".join(_file(each, deepest) for each in index.files)
        if count(text) <= budget_tokens:
            return text, omitted
    shown: list[str] = []
    for each in index.files:
        line = _names(each)
        if count("\n".join([*shown, line])) > budget_tokens:
            break
        shown.append(line)
    left = len(index.files) - len(shown)
    return "\n".join(shown), f"{left} of the {total}" if left else "what the definitions take"


def outline_of(document: ParsedText, path: str, budget_tokens: int, count: Callable[[str], int]) -> tuple[str, str]:
    """The same for one document, whose path may be unknown."""
    tags = tags_of(document)
    file = FileTags(path, tags)
    return outline(TagIndex((file,)), budget_tokens, count) if tags else ("", "")


def _file(file: FileTags, deepest: int) -> str:
    return "\n".join([file.path, *_lines(file, deepest)])


def _lines(file: FileTags, deepest: int) -> Iterator[str]:
    for each in file.tags:
        if len(each.path) <= deepest and not any(name.startswith("_") for name in each.path):
            yield f"{'  ' * len(each.path)}{each.header}"


def _names(file: FileTags) -> str:
    names = [each.path[0] for each in file.tags if len(each.path) == 1 and not each.path[0].startswith("_")]
    return f"{file.path}: {', '.join(names)}" if names else file.path
