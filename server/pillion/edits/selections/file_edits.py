"""Makes replacements of a whole file from a model's reply, which may have all of it or some of its parts."""

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from pillion.edits.imports.import_companions import import_replacements
from pillion.edits.imports.import_places import is_import, statements
from pillion.edits.indentation import indent_unit, set_in
from pillion.edits.members import asks_for_less, is_named
from pillion.edits.selections.several_edits import OfSymbol, codes_of, several_replacements
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import name_of, text_of
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import (
    Replacement,
    apply_replacements,
    composed,
    newline_of,
    smallest_replacements,
)

_LEAST_KEPT = 0.5


def file_replacements(reply: str, whole: Symbol, document: ParsedText, of_symbol: OfSymbol) -> tuple[Replacement, ...]:
    """The file's functions and classes as the reply has them, below their own headers, and its other statements.

    Raises:
        DraftRejectedError: the reply has nothing of the file, or can't be used.
    """
    codes = codes_of(reply, whole, document)
    if not document.symbols.beside(None) and _has_its_ends("\n\n".join(codes), document):
        return _as_whole("\n\n".join(codes), document)
    return _part_by_part(reply, codes, whole, document, of_symbol)


def told_file_replacements(
    reply: str, whole: Symbol, document: ParsedText, of_symbol: OfSymbol, told: str
) -> tuple[Replacement, ...]:
    """The reply in place of the file, if it has all of the file; else the functions and classes that it has.

    Raises:
        DraftRejectedError: the reply has nothing of the file, or leaves out what nobody spoke of.
    """
    codes = codes_of(reply, whole, document)
    full = [each for each in codes if _is_whole(each, document, told)]
    if len(full) > 1:
        raise DraftRejectedError("the model gave several versions of the file, and one is wanted", code="versions")
    if full:
        return _as_whole(full[0], document)
    return _part_by_part(reply, codes, whole, document, of_symbol)


def _part_by_part(
    reply: str, codes: Sequence[str], whole: Symbol, document: ParsedText, of_symbol: OfSymbol
) -> tuple[Replacement, ...]:
    """The functions and classes that the reply has, and its versions of other statements."""
    parts = document.symbols.inside(0, len(document.text))
    draft = ParsedText.of(document.language, "\n\n".join(codes))
    elsewhere = _changed_statements(draft, document)
    made: tuple[Replacement, ...] = ()
    try:
        made = several_replacements(reply, whole, parts, document, of_symbol)
    except DraftRejectedError as exc:
        if exc.code != "symbol" or not elsewhere:
            raise
    if not elsewhere:
        return made
    now = ParsedText.of(document.language, apply_replacements(document.text, made))
    made = composed(made, _changed_statements(draft, now))
    now = ParsedText.of(document.language, apply_replacements(document.text, made))
    return composed(made, imports_alone(draft, now))


def imports_alone(draft: ParsedText, document: ParsedText) -> tuple[Replacement, ...]:
    """Insertions of the draft's imports of what the document uses and lacks."""
    scopes, users = draft.names, document.names
    used, known = {use.name for use in users.uses}, users.top.names
    needed: dict[int, tuple[Node, set[str]]] = {}
    for each in draft.tree.root_node.named_children:
        names = (scopes.bound_in(each.start_byte, each.end_byte) & used) - known if is_import(each, draft) else set()
        if names:
            needed[each.id] = (each, names)
    return import_replacements(draft, needed, document)


def _as_whole(code: str, document: ParsedText) -> tuple[Replacement, ...]:
    text = document.text
    new = set_in(code, base="", unit=indent_unit(text, indent_unit(code)), language=document.language)
    head = "\ufeff" if text.startswith("\ufeff") and not new.startswith("\ufeff") else ""
    tail = text[len(text.rstrip()) :] or "\n"
    return smallest_replacements(text, head + new.replace("\n", newline_of(text)) + tail)


def _changed_statements(draft: ParsedText, document: ParsedText) -> tuple[Replacement, ...]:
    """The statements at the top level, no functions and no imports, that the draft has in another version: one that
    binds the same names, or begins with the same line."""
    drafted = dict(_keyed(draft))
    found: list[Replacement] = []
    for key, node in _keyed(document):
        other = drafted.get(key)
        if other is None or text_of(other).split() == text_of(node).split():
            continue
        new = set_in(text_of(other), base="", unit=indent_unit(document.text), language=document.language)
        old = text_of(node).rstrip()
        at = document.offsets.to_char(node.start_byte)
        changes = smallest_replacements(old, new.replace("\n", newline_of(document.text)))
        found += [each.moved(at) for each in changes]
    return tuple(found)


def _keyed(parsed: ParsedText) -> Iterator[tuple[object, Node]]:
    """The statements that have a name or a first line of their own."""
    scopes = parsed.names
    nodes: dict[object, list[Node]] = {}
    for node in statements(parsed):
        if node.type in parsed.language.comments or is_import(node, parsed) or _is_symbol(node, parsed):
            continue
        bound = frozenset(scopes.bound_in(node.start_byte, node.end_byte))
        first = text_of(node).strip().partition("\n")
        key: object = bound or (first[0] if first[1] else None)
        if key is not None:
            nodes.setdefault(key, []).append(node)
    yield from ((key, found[0]) for key, found in nodes.items() if len(found) == 1)


def _is_symbol(node: Node, parsed: ParsedText) -> bool:
    return parsed.symbols.enclosing_node(node) is not None


def _is_whole(code: str, document: ParsedText, told: str) -> bool:
    """Whether the code is all of the file: it has its functions and classes and what stands beside them, apart from
    what the user's words speak of."""
    draft = ParsedText.of(document.language, code)
    there = {name_of(each) for each in draft.symbols.walk()} | draft.names.top.names
    own = {name_of(each) for each in document.symbols.beside(None)} | _names_beside(document)
    gone = [each for each in own - there if each and not is_named(each, told)]
    imports = [each for each in statements(document) if is_import(each, document)]
    has_imports = not imports or any(is_import(each, draft) for each in statements(draft))
    guards = {text_of(each).partition("\n")[0] for each in statements(document) if each.type.startswith("if")}
    if gone or not has_imports or not all(each in code for each in guards):
        return asks_for_less(told) and _kept(code, document) >= _LEAST_KEPT
    return bool(document.symbols.beside(None)) or _has_its_ends(code, document)


def _names_beside(document: ParsedText) -> set[str]:
    """The names that no import binds."""
    scopes = document.names
    found: set[str] = set()
    for each in statements(document):
        if not is_import(each, document) and re.match(r"for|while|with", each.type) is None:
            found |= scopes.bound_in(each.start_byte, each.end_byte)
    return found


def _has_its_ends(code: str, document: ParsedText) -> bool:
    """Whether the code begins and ends as the file does, or has most of its lines: a file without functions has nothing
    else to be known by."""
    old, new = ([line.strip() for line in text.splitlines() if line.strip()] for text in (document.text, code))
    return bool(old and new) and ((old[0], old[-1]) == (new[0], new[-1]) or _kept(code, document) >= _LEAST_KEPT)


def _kept(code: str, document: ParsedText) -> float:
    """How much of the file's lines the code still has."""
    old = [line.strip() for line in document.text.splitlines() if line.strip()]
    new = {line.strip() for line in code.splitlines()}
    return sum(line in new for line in old) / max(1, len(old))
