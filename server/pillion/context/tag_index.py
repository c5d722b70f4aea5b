"""The tag index: what the files of a workspace define, for prompts and for checks of what is said about the code."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tree_sitter import Node

from pillion.context.workspace_files import WalkBounds, workspace_files
from pillion.errors import FileError
from pillion.files.bounded_read import KIB, MIB, read_bytes
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language, language_by_path
from pillion.syntax.nodes import body_of, is_lone_string, name_of, text_of

_WORD = re.compile(r"[^\W\d]\w*")
_LONGEST_HEADER = 120


@dataclass(frozen=True, slots=True)
class IndexBounds:
    """How much of a workspace is read. What is beyond is left out, and the index says that it isn't complete."""

    walk: WalkBounds = field(default_factory=WalkBounds)
    parsed_files: int = 600
    file_bytes: int = 400 * KIB
    all_bytes: int = 12 * MIB
    seconds: float = 4.0


@dataclass(frozen=True, slots=True)
class Tag:
    """A definition. `path`: the names around it, and its own. `header`: its first line, short."""

    path: tuple[str, ...]
    kind: str
    header: str


@dataclass(frozen=True, slots=True)
class FileTags:
    """What a file defines, in its order. `path` is relative to the workspace."""

    path: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class TagIndex:
    """The tags of a workspace. `paths` are all files, `words` all names in the code that was read."""

    files: tuple[FileTags, ...] = ()
    paths: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    complete: bool = True

    @cached_property
    def modules(self) -> frozenset[str]:
        """The names of the files with code, without their endings, and of the types that they define."""
        stems = {each.path.rpartition("/")[2].partition(".")[0] for each in self.files}
        return frozenset(stems | {tag.path[-1] for each in self.files for tag in each.tags if tag.kind != "function"})

    def has_path(self, path: str) -> bool:
        """Whether there is such a file or folder, given from the workspace or from a folder in it."""
        wanted = path.removeprefix("./").strip("/")
        return any(f"/{each}".endswith(f"/{wanted}") or f"/{wanted}/" in f"/{each}" for each in self.paths)


def tag_index(root: Path, bounds: IndexBounds | None = None) -> TagIndex:
    """The index of the workspace with this folder. Reads files: call it in a thread."""
    bounds = bounds or IndexBounds()
    give_up_at = time.monotonic() + bounds.seconds
    found: list[FileTags] = []
    paths: set[str] = set()
    words: set[str] = set()
    left, complete = bounds.all_bytes, True
    for file in workspace_files(root, bounds.walk, lambda: time.monotonic() > give_up_at):
        path = file.relative_to(root).as_posix()
        paths.add(path)
        language = language_by_path(path)
        if language is None:
            continue
        if len(found) >= bounds.parsed_files or left <= 0 or time.monotonic() > give_up_at:
            complete = False
            continue
        try:
            text = read_bytes(file, min(bounds.file_bytes, left), within_s=1.0).decode("utf-8", "replace")
        except FileError:
            complete = False
            continue
        left -= len(text)
        found.append(FileTags(path, tags_of(ParsedText.of(language, text))))
        words.update(_WORD.findall(text))
    complete = complete and time.monotonic() <= give_up_at and len(paths) < bounds.walk.files
    return TagIndex(tuple(found), frozenset(paths), frozenset(words), complete)


def tags_of(parsed: ParsedText) -> tuple[Tag, ...]:
    """The functions, types and methods of a text, without what is inside of functions."""
    symbols = parsed.symbols
    functions: set[tuple[str, ...]] = set()
    found: list[Tag] = []
    for node in symbols.walk():
        path, kind = symbols.path_of(node), symbols.kind_of(node)
        if not name_of(node) or any(path[:length] in functions for length in range(1, len(path))):
            continue
        if kind in {"function", "method"}:
            functions.add(path)
        fields = "" if kind in {"function", "method"} else "; ".join(_fields(node, parsed.language))
        header = f"{_header(node)}: {fields}" if fields else _header(node)
        found.append(Tag(path, kind, header if len(header) <= _LONGEST_HEADER else f"{header[:_LONGEST_HEADER]}…"))
    return tuple(found)


def _header(node: Node) -> str:
    body = body_of(node)
    head = (node.text or b"")[: body.start_byte - node.start_byte if body is not None else None]
    return head.decode("utf-8", "replace").strip().partition("\n")[0].rstrip(" {:")


def _fields(node: Node, language: Language) -> Iterator[str]:
    """What a type has besides methods and types of its own."""
    body = body_of(node)
    left_out = {*language.symbols, *language.wrappers, *language.comments, "decorated_definition", "pass_statement"}
    for child in body.named_children if body is not None else ():
        if child.type not in left_out and not is_lone_string(child):
            yield text_of(child).partition("\n")[0].strip(" ,;{")
