"""C and C++: names that neither the file nor its headers declare. If a header isn't known, nobody knows."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tree_sitter import Node

from pillion.auditors.auditor import Passage
from pillion.auditors.names.c_headers import STANDARD_HEADERS, declares, is_from_a_header
from pillion.auditors.names.cpp_headers import CPP_HEADERS, CPP_WORDS
from pillion.auditors.names.suspects import Suspects
from pillion.auditors.workspace import entries, folders_above, folders_below, read
from pillion.syntax.document import ParsedText
from pillion.syntax.scopes.scope_rules import SCOPE_RULES
from pillion.syntax.scopes.scope_tree import Use, scope_tree
from pillion.syntax.scopes.scopes_c import superclasses

_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|\"([^\"\n]+)\"|(\S+))", re.MULTILINE)
_WORDS = frozenset(
    [
        "NULL",
        "true",
        "false",
        "bool",
        "nullptr",
        "this",
        "sizeof",
        "defined",
        "asm",
        "typeof",
        "static_assert",
        "_Bool",
        "main",
        "va_list",
        "wchar_t",
    ]
)
_CLASSES = frozenset({"class_specifier", "struct_specifier"})
_SOURCES = (".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".hh", ".hxx")
_MAX_HEADERS = 100


@dataclass(slots=True)
class _Headers:
    """What the included headers declare. `unknown`: some header can't be read, or opens a namespace."""

    standard: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    bases: set[str] = field(default_factory=set)
    unknown: bool = False


def undefined_in_c(suspects: Suspects) -> Iterator[Use]:
    """Names for which all headers are known; a method may have the members of base classes elsewhere."""
    passage = suspects.passage
    if suspects.scopes.top.open or "##" in passage.text:
        return
    headers = _headers(passage)
    if headers.unknown or _is_included(passage):
        return
    known = headers.names | suspects.scopes.top.names
    bases = {*headers.bases, *superclasses(suspects.scopes.top.node)}
    unknown_bases = any(base not in known for base in bases)
    cpp = passage.language.id == "cpp"
    for use in suspects.uses:
        name = use.name
        if (
            name in known
            or name in _WORDS
            or (cpp and name in CPP_WORDS)
            or _is_member_of(use.node, known, unknown_bases)
        ):
            continue
        if not is_from_a_header(name) or (
            not declares(headers.standard, name)
            and not headers.standard & CPP_HEADERS
            and declares(STANDARD_HEADERS, name)
        ):
            yield use


def _is_included(passage: Passage) -> bool:
    """Whether the file stands in others, where names may come from above it: a header without headers of its own, or a
    file that another one includes."""
    path = passage.path
    if path is None or _INCLUDE.search(passage.text) is not None:
        return False
    if path.suffix.startswith(".h"):
        return True
    beside = [name for name in entries(path.parent) if name.endswith(_SOURCES)][:_MAX_HEADERS]
    return any(f'{path.name}"' in read(path.parent / name) for name in beside)


def _is_member_of(node: Node, known: set[str], unknown_bases: bool) -> bool:
    """Whether the code is in a class that isn't wholly known."""
    current = node.parent
    while current is not None:
        if current.type in _CLASSES and unknown_bases:
            return True
        if current.type == "function_definition":
            scope = _scope_of(current)
            if scope and (unknown_bases or scope not in known):
                return True
        current = current.parent
    return False


def _scope_of(definition: Node) -> str:
    """`A` in `void A::f()`."""
    current = definition.child_by_field_name("declarator")
    while current is not None and current.type != "qualified_identifier":
        inner = current.child_by_field_name("declarator")
        current = inner if inner is not None or current.type != "reference_declarator" else current.named_children[-1]
    scope = current.child_by_field_name("scope") if current is not None else None
    return (scope.text or b"").decode("utf-8", "replace").partition("<")[0] if scope is not None else ""


def _headers(passage: Passage) -> _Headers:
    found = _Headers()
    seen: set[str] = set()
    waiting: deque[tuple[str, Path | None]] = deque([(passage.text, passage.path)])
    while waiting and not found.unknown:
        text, path = waiting.popleft()
        for match in _INCLUDE.finditer(text):
            system, own, macro = match.groups()
            name = system or own
            if not name or macro or len(seen) > _MAX_HEADERS:
                found.unknown = True
            elif system in STANDARD_HEADERS or system in CPP_HEADERS:
                found.standard.add(system)
            elif name not in seen:
                seen.add(name)
                header = _file(passage, name, path)
                if header is None:
                    found.unknown = True
                else:
                    _take_in(header[1], passage, found)
                    waiting.append((header[1], header[0]))
    return found


def _take_in(text: str, passage: Passage, found: _Headers) -> None:
    root = ParsedText.of(passage.language, text).tree.root_node
    names = scope_tree(root, SCOPE_RULES[passage.language.id])
    found.names |= names.top.names
    found.bases.update(superclasses(root))
    found.unknown = found.unknown or names.top.open or "##" in text


def _file(passage: Passage, name: str, includer: Path | None) -> tuple[Path, str] | None:
    """The text of a header of the workspace, or None."""
    if includer is None or passage.workspace is None:
        return None
    for folder in _folders(passage, includer):
        if text := read(folder / name):
            return folder / name, text
    return None


def _folders(passage: Passage, includer: Path) -> Sequence[Path]:
    below = list(folders_below(passage.workspace)) if passage.workspace is not None else []
    return [includer.parent, *folders_above(passage), *below]
