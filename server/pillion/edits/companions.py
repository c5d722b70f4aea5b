"""Adds what a draft has besides the symbol: imports, constants, types, fields and helper functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tree_sitter import Node

from pillion.edits.draft_parts import needed_parts
from pillion.edits.fields import field_replacements
from pillion.edits.imports.import_companions import import_replacements
from pillion.edits.imports.import_places import (
    import_place,
    is_import,
    line_end,
    preamble_end,
    statements,
    with_comments_above,
)
from pillion.edits.indentation import base_of, indent_unit, reindent, unit_of
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import name_of, text_of
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement, newline_of

# In these languages everything has to be declared before it is used.
_DECLARE_FIRST = frozenset({"c", "cpp"})
# In these, a constant's value is computed when the file is loaded.
_COMPUTED = frozenset({"python", "javascript", "typescript", "typescriptreact"})
_PYTHON_HEADER_END = re.compile(r":[ \t]*(?:#[^\n]*)?\r?\n")
_MACROS = frozenset({"preproc_def", "preproc_function_def"})
_TYPES = frozenset({"type_alias_declaration", "interface_declaration"})


@dataclass(frozen=True, slots=True)
class _Place:
    """A draft's symbol, the one that it rewrites, and the rewritten text."""

    draft: ParsedText
    node: Node
    rewritten: str
    symbol: Symbol
    document: ParsedText

    @property
    def unit(self) -> str:
        """One step of the document's indentation."""
        return unit_of(self.symbol, self.document.text, indent_unit(self.draft.text))

    def moved(self, text: str, base: str) -> str:
        """A part of the draft, indented as the document is."""
        return reindent(text, base=base, unit=self.unit, language=self.document.language)


def companion_replacements(
    draft: ParsedText, node: Node, rewritten: str, symbol: Symbol, document: ParsedText
) -> tuple[Replacement, ...]:
    """Insertions of what the rewritten symbol needs of the draft: imports, constants and types at the top, fields where
    the draft has them, methods after the symbol, functions after the top-level symbol that it is in.

    `node` is the symbol's node in the draft.
    """
    place = _Place(draft, node, rewritten, symbol, document)
    needed = needed_parts(draft, node, document)
    data = [each for each in needed.others if not _is_named_symbol(each, draft)]
    methods, functions = _helpers(place, data)
    to_byte = draft.offsets.to_byte
    needed = needed_parts(
        draft, node, document, [(to_byte(each.start), to_byte(each.end)) for each in (*methods, *functions)]
    )
    data = [each for each in needed.others if not _is_named_symbol(each, draft)]
    names = {each.name for each in functions}
    scopes = draft.names
    data = [each for each in data if not scopes.bound_in(each.start_byte, each.end_byte) <= names]
    top, before, behind = _sorted_out(place, data, functions)
    return together(
        (
            *import_replacements(draft, needed.imports, document),
            *_at_top(place, top),
            *_before_symbol(place, before),
            *field_replacements(draft, node, rewritten, symbol, document),
            *_behind_symbol(place, methods),
            *_behind_all(place, behind),
        )
    )


def declaration_replacements(
    draft: ParsedText, node: Node, symbol: Symbol, document: ParsedText
) -> tuple[Replacement, ...]:
    """The imports alone that the code at `node` needs of the draft, and the constants."""
    place = _Place(draft, node, "", symbol, document)
    needed = needed_parts(draft, node, document)
    data = [each for each in needed.others if not _is_named_symbol(each, draft)]
    top, before, _ = _sorted_out(place, data, [])
    return together(
        (
            *import_replacements(draft, needed.imports, document),
            *_at_top(place, top),
            *_before_symbol(place, before),
        )
    )


def together(replacements: Iterable[Replacement]) -> tuple[Replacement, ...]:
    """The same replacements, with insertions at one place as one, in their order."""
    found: dict[tuple[int, int], str] = {}
    for each in replacements:
        key = (each.start, each.end)
        found[key] = found.get(key, "") + each.new_text
    return tuple(Replacement(start, end, text) for (start, end), text in found.items())


def _is_named_symbol(part: Node, draft: ParsedText) -> bool:
    node = draft.symbols.enclosing_node(part)
    return node is not None and bool(name_of(node))


def _helpers(place: _Place, data: Sequence[Node]) -> tuple[list[Symbol], list[Symbol]]:
    """The draft's other symbols that the rewritten one uses: methods, and functions and types."""
    draft, symbol, document = place.draft, place.symbol, place.document
    top, beside = draft.symbols.beside(None), draft.symbols.beside(place.node)
    at_top = {each.id for each in top}
    in_class = {draft.symbols.read(each).start for each in beside if each.id not in at_top}
    is_method = symbol.kind == "method" and len(symbol.path) > 1
    known = document.names.top.names
    new = [
        each
        for each in dict.fromkeys((*beside, *top))
        if (name := name_of(each)) not in {"", "_", *symbol.path}
        and not document.symbols.occurrences((name,))
        and not document.symbols.occurrences((*symbol.path[:-1], name))
    ]
    waiting = [each for each in map(draft.symbols.read, new) if each.kind == "method" or each.name not in known]
    methods: list[Symbol] = []
    functions: list[Symbol] = []
    used = "\n".join((place.rewritten, *map(text_of, data)))
    while needed := next((each for each in waiting if _uses(used, each, is_method)), None):
        waiting.remove(needed)
        used += f"\n{needed.text}"
        as_method = re.search(rf"\b(?:self|cls|this|Self)(?:\.|::|->){re.escape(needed.name)}\b", used) is not None
        as_method = as_method or (needed.kind == "method" and len(needed.path) == 1)
        (methods if is_method and (needed.start in in_class or as_method) else functions).append(needed)
    return methods, functions


def _uses(text: str, helper: Symbol, is_method: bool) -> bool:
    """Whether the text uses the helper, not only a member of that name of something else."""
    before = r"(?<!\w)" if is_method or helper.kind == "method" else r"(?<![\w.])(?<!->)"
    return re.search(rf"{before}{re.escape(helper.name)}\b", text) is not None


def _sorted_out(
    place: _Place, data: list[Node], functions: list[Symbol]
) -> tuple[list[Node], list[Node | Symbol], list[Symbol]]:
    """What belongs to the top, what before the symbol and what behind it."""
    language = place.document.language.id
    if language in _DECLARE_FIRST:
        macros = [each for each in data if each.type in _MACROS]
        return macros, [*(each for each in data if each.type not in _MACROS), *functions], []
    if language not in _COMPUTED:
        return data, [], functions
    scopes, names = place.draft.names, {each.name for each in functions}
    defined = _defined_below(place.document)
    computed = [each for each in data if each.type not in _TYPES]
    early = [each for each in computed if scopes.free_in(each.start_byte, each.end_byte) & (names | defined)]
    header = _PYTHON_HEADER_END.split(place.rewritten, maxsplit=1)[0] if language == "python" else ""
    in_header = [each for each in functions if re.search(rf"(?<![\w.]){re.escape(each.name)}\b", header)]
    first: list[Symbol] = (
        functions
        if early and any(scopes.free_in(each.start_byte, each.end_byte) & names for each in early)
        else in_header
    )
    return (
        [each for each in data if each not in early],
        [*early, *first],
        [each for each in functions if each not in first],
    )


def _defined_below(document: ParsedText) -> set[str]:
    """The names that the document binds below the place of new constants."""
    last = preamble_end(document)
    return document.names.bound_in(last.end_byte if last is not None else 0, len(document.offsets.data))


def _at_top(place: _Place, data: Sequence[Node]) -> tuple[Replacement, ...]:
    if not data:
        return ()
    document = place.document
    newline = newline_of(document.text)
    texts = [place.moved(_with_comment(each, place.draft), "").replace("\r\n", "\n") for each in data]
    block = texts[0]
    for above, text in pairwise(texts):
        block += ("\n\n" if "\n" in above or "\n" in text else "\n") + text
    block = block.replace("\n", newline)
    last = preamble_end(document)
    if last is None:
        at, _ = import_place(document)
        return (Replacement(at, at, block + newline * (3 if document.language.id == "python" else 2)),)
    apart = is_import(last, document) or "\n" in block or "\n" in text_of(last).strip()
    at = line_end(document, last)
    return (Replacement(at, at, newline * (2 if apart else 1) + block),)


def _with_comment(node: Node, draft: ParsedText) -> str:
    """A node's text with the comments above it, and the one behind it on its line."""
    above: list[Node] = []
    current = node.prev_sibling
    while current is not None and current.type in {*draft.language.comments, *draft.language.attributes}:
        above.append(current)
        current = current.prev_sibling
    start = with_comments_above(node, above[::-1], draft)
    attributes = [each for each in above if each.type in draft.language.attributes]
    if attributes:
        start = min(start, draft.offsets.to_char(attributes[-1].start_byte))
    end = draft.offsets.to_char(node.start_byte) + len(text_of(node).rstrip())
    rest = draft.text[end:].partition("\n")[0]
    if rest.strip() == ";" or rest.lstrip(" \t;").startswith(("#", "//", "/*")):
        end += len(rest.rstrip())
    return draft.text[start:end]


def _before_symbol(place: _Place, parts: Sequence[Node | Symbol]) -> tuple[Replacement, ...]:
    """The place before the top-level node that the symbol is in, and before the comments right above that node."""
    if not parts:
        return ()
    document = place.document
    start = document.offsets.to_byte(place.symbol.start)
    nodes = statements(document)
    number = next(n for n, node in enumerate(nodes) if node.end_byte > start)
    at = with_comments_above(nodes[number], nodes[:number], document)
    ordered = sorted(parts, key=lambda each: each.start if isinstance(each, Symbol) else _start(each, place.draft))
    gap = "\n\n\n" if document.language.id == "python" else "\n\n"
    texts = [
        _whole(each, place.draft) if isinstance(each, Symbol) else _with_comment(each, place.draft) for each in ordered
    ]
    block = "".join(place.moved(text, "") + gap for text in texts)
    return (Replacement(at, at, block.replace("\n", newline_of(document.text))),)


def _whole(symbol: Symbol, draft: ParsedText) -> str:
    """A symbol's text with the semicolon behind it, which ends C's and C++'s types."""
    return symbol.text + (";" if draft.text[symbol.end :].lstrip(" \t").startswith(";") else "")


def _start(node: Node, draft: ParsedText) -> int:
    return draft.offsets.to_char(node.start_byte)


def _behind_symbol(place: _Place, methods: list[Symbol]) -> tuple[Replacement, ...]:
    if not methods:
        return ()
    base, end = base_of(place.symbol, place.document.text), place.symbol.end
    block = "".join(f"\n\n{base}{place.moved(each.text, base)}" for each in _in_order(methods))
    return (Replacement(end, end, block.replace("\n", newline_of(place.document.text))),)


def _behind_all(place: _Place, functions: list[Symbol]) -> tuple[Replacement, ...]:
    if not functions:
        return ()
    symbol, document = place.symbol, place.document
    outermost = [document.symbols.read(each) for each in document.symbols.occurrences(symbol.path[:1])]
    at = next((each.end for each in outermost if each.start <= symbol.start < each.end), symbol.end)
    gap = "\n" * (3 if document.language.id == "python" else 2)
    block = "".join(gap + place.moved(each.text, "") for each in _in_order(functions))
    return (Replacement(at, at, block.replace("\n", newline_of(document.text))),)


def _in_order(symbols: list[Symbol]) -> list[Symbol]:
    return sorted(symbols, key=lambda each: each.start)
