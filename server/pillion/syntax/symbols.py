"""The symbol around a place in a document, and what Pillion needs to know about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tree_sitter import Node, QueryCursor, Tree

from pillion.syntax.function_results import raises, returns_value, yields
from pillion.syntax.languages import DocStyle, Language, symbol_query
from pillion.syntax.nodes import (
    block_above,
    body_of,
    documentation_above,
    first_string,
    is_stub,
    is_symbol,
    name_node,
    name_of,
    parameters_of,
    placeholder_of,
    scopes_of,
    signature_nodes,
    text_of,
    tokens,
    wrapped_by,
)
from pillion.syntax.offsets import Offsets

# A symbol with a TODO in a comment counts as not written yet.
_TODO = re.compile(r"\b(?:TODO|FIXME)\b")
# A function inside one of these is a method.
_CALLABLE = frozenset({"function", "method"})
_OWNERS = frozenset({"class", "struct", "union", "impl", "trait"})
# The kinds of stretches: statements of one block, several symbols of one block, the whole file.
STATEMENTS, SEVERAL, FILE = "statements", "symbols", "file"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A function, method or class. Offsets are code points in the document; `start` includes decorators."""

    name: str
    path: tuple[str, ...]  # the names of the symbols around it, then its own
    kind: str
    start: int
    end: int
    definition_start: int  # without decorators
    name_start: int
    name_end: int
    header_end: int  # after the signature (Python: after the colon)
    body_start: int  # of the first statement, or of the brace
    text: str
    signature: str  # for comparing: its tokens without comments, so that layout doesn't count
    parameters: tuple[str, ...]
    returns_value: bool
    yields: bool
    raises: tuple[str, ...]
    documented: bool
    docstring: str | None  # Python: the statement, quotes included
    is_stub: bool
    has_todo: bool
    todo: str = ""  # only of a TODO, which is a comment and not a real symbol: its words
    inside: "Symbol | None" = None  # only of a TODO or of statements: the function or class around it
    parts: tuple["Symbol", ...] = ()  # only of several symbols: each is rewritten by itself
    placeholder: tuple[int, int] | None = None  # only of a stub: what its body has instead of code
    comment: str = ""  # the doc comment above it, if it is a block

    @property
    def header(self) -> str:
        """The text before the body: for prompts and hovers."""
        return self.text[: self.header_end - self.start]

    def takes_the_same(self, other: "Symbol") -> bool:
        """Whether both have parameters of the same names. A draft of a method may stand outside of its class, where
        nothing shows that its first parameter is the receiver."""
        return _without_receiver(self.parameters) == _without_receiver(other.parameters)

    @property
    def is_stretch(self) -> bool:
        """Whether it is only a stretch of the document, such as the whole file, and no definition."""
        return not self.path

    @property
    def is_place(self) -> bool:
        """Whether an answer is only the code for a place between other code: for a TODO, or for statements."""
        return bool(self.todo) or self.kind == STATEMENTS

    @property
    def callable(self) -> bool:
        """Whether it is a function or a method."""
        return self.kind in _CALLABLE


def _without_receiver(parameters: tuple[str, ...]) -> tuple[str, ...]:
    return parameters[1:] if parameters[:1] in {("self",), ("cls",)} else parameters


class SymbolReader:
    """Finds symbols in one parsed text."""

    def __init__(self, language: Language, offsets: Offsets, tree: Tree) -> None:
        self._language = language
        self._offsets = offsets
        self._tree = tree
        self._by_name: dict[str, list[Node]] | None = None

    def enclosing(self, start: int, end: int) -> Symbol | None:
        """The innermost symbol that holds the whole of [start, end), or None at the top level.

        A place in the indentation of a symbol's first line, after that line's end, or on a decorator belongs to that
        symbol.
        """
        start, end = self.on_code(start, end)
        first = self._offsets.to_byte(start)
        last = max(first, self._offsets.to_byte(end))
        node = self._tree.root_node.descendant_for_byte_range(first, last)
        while node is not None:
            for inner in (node, *self._unwrap(node)):
                if self._is_symbol(inner):
                    return self.read(inner)
            node = node.parent
        return None

    def inside(self, start: int, end: int) -> tuple["Symbol", ...]:
        """The symbols that begin and end in [start, end), in the order of the text, without what is inside of them."""
        start, end = self.on_code(start, end)
        first, last = self._offsets.to_byte(start), self._offsets.to_byte(end)
        found: list[Node] = []
        for node in self.walk(between=(first, last)) if start < end else ():
            at = self.outermost(found[-1]).end_byte if found else first
            if at <= node.start_byte and self.outermost(node).end_byte <= last:
                found.append(node)
        return tuple(map(self.read, found))

    def on_code(self, start: int, end: int) -> tuple[int, int]:
        """Moves a range off the white space at its ends.

        Editors send an empty range or one character for a cursor, and whole lines for a selection of lines. Editors
        don't send a byte order mark, but a file has it.
        """
        text = self._offsets.text
        first = len(text) - len(text.removeprefix("\ufeff"))
        start, end = max(start, first), max(end, first)
        selected = text[start:end]
        if selected.strip():
            return end - len(selected.lstrip()), start + len(selected.rstrip())
        line_start = max(text.rfind("\n", 0, start) + 1, first)
        line_end = text.find("\n", start)
        line = text[line_start : line_end if line_end >= 0 else len(text)]
        if not line.strip():
            return start, start
        first = line_start + len(line) - len(line.lstrip())
        last = line_start + len(line.rstrip()) - 1
        at = max(first, min(start, last))
        return at, at

    def enclosing_node(self, node: Node) -> Node | None:
        """The symbol that `node` is or wraps; None if there is none."""
        return next((each for each in (node, *self._unwrap(node)) if self._is_symbol(each)), None)

    def named(self, name: str) -> Symbol | None:
        """The first symbol called `name`, outermost first."""
        node = self.find(name)
        return self.read(node) if node is not None else None

    def find(self, name: str) -> Node | None:
        """The node of the first symbol called `name`, outermost first."""
        return min(self.named_nodes(name), key=lambda each: (len(self.path_of(each)), each.start_byte), default=None)

    def beside(self, node: Node | None) -> list[Node]:
        """The symbols directly beside `node`, itself included; for None, those at the top level."""
        container = self.outermost(node).parent if node is not None else self._tree.root_node
        return [each for each in self.walk(container) if self.outermost(each).parent == container]

    def occurrences(self, path: tuple[str, ...]) -> list[Node]:
        """The nodes of all symbols with this path, in the order of the text (overloads, setters)."""
        return [node for node in self.named_nodes(path[-1]) if self.path_of(node) == path]

    def named_nodes(self, name: str) -> list[Node]:
        """The nodes of all symbols with this name, in the order of the text; they are looked for only once."""
        if self._by_name is None:
            nodes = sorted(self.walk(), key=name_of)
            self._by_name = {known: list(found) for known, found in groupby(nodes, name_of)}
        return self._by_name.get(name, [])

    def same_in(self, other: "SymbolReader", symbol: Symbol) -> Node | None:
        """The node of a symbol of this text in another version of the text; for a TODO, that of the symbol around it.

        Several symbols may share its path (overloads, setters): then its place among them counts.
        """
        if symbol.todo:
            return self.same_in(other, symbol.inside) if symbol.inside is not None else None
        if symbol.is_stretch:
            return None
        start = self._offsets.to_byte(symbol.definition_start)
        own = [node.start_byte for node in self.occurrences(symbol.path)]
        found = other.occurrences(symbol.path)
        return found[own.index(start)] if start in own[: len(found)] else None

    def walk(self, node: Node | None = None, between: tuple[int, int] | None = None) -> Iterator[Node]:
        """Every symbol's node in `node` (default: the whole text), itself included, in the order of the text; only
        those that meet the bytes `between` these, if there are any."""
        cursor = QueryCursor(symbol_query(self._language))
        if between is not None:
            cursor.set_byte_range(*between)
        captures = cursor.captures(node or self._tree.root_node)
        for found in sorted(captures.get("symbol", []), key=lambda each: (each.start_byte, -each.end_byte)):
            if self._is_symbol(found):
                yield found

    def identifier_at(self, offset: int) -> str | None:
        """The identifier around `offset` or just before it, or None."""
        byte = self._offsets.to_byte(offset)
        for place in (byte, byte - 1):
            node = self._tree.root_node.descendant_for_byte_range(max(place, 0), max(place, 0))
            if node is not None and node.type.endswith("identifier"):
                return text_of(node)
        return None

    def signature_of(self, node: Node) -> str:
        """The symbol's `signature`, without reading the whole symbol."""
        return " ".join(tokens(list(signature_nodes(node, body_of(node), self._language)), self._language))

    def is_stub(self, node: Node) -> bool:
        """The symbol's `is_stub`, without reading the whole symbol."""
        return is_stub(node, body_of(node), self._language)

    def read(self, node: Node) -> Symbol:
        """Reads the symbol at `node`."""
        first, outer = self._first(node), self.outermost(node)
        body, name, docstring = body_of(node), name_node(node), self.docstring_node(node)
        char = self._offsets.to_char
        header = list(signature_nodes(node, body, self._language))
        in_docstring = self._language.doc_style is DocStyle.DOCSTRING
        stub = is_stub(node, body, self._language)
        placeholder = placeholder_of(body, self._language) if stub else None
        callable_ = self.kind_of(node) in _CALLABLE
        return Symbol(
            name=name_of(node),
            path=self.path_of(node),
            kind=self.kind_of(node),
            start=char(first.start_byte),
            end=char(outer.end_byte),
            definition_start=char(node.start_byte),
            name_start=char(name.start_byte if name is not None else node.start_byte),
            name_end=char(name.end_byte if name is not None else node.start_byte),
            header_end=char(header[-1].end_byte if header else node.start_byte),
            body_start=char(body.start_byte if body is not None else node.end_byte),
            text=self._offsets.data[first.start_byte : outer.end_byte].decode("utf-8", "surrogatepass"),
            signature=" ".join(tokens(header, self._language)),
            parameters=tuple(parameters_of(node, self._language)),
            returns_value=returns_value(node, body, self._language),
            yields=callable_ and yields(body, self._language),
            raises=tuple(raises(body, self._language)) if callable_ else (),
            docstring=text_of(docstring) if docstring is not None else None,
            documented=docstring is not None if in_docstring else documentation_above(first, self._language),
            is_stub=stub,
            has_todo=self._has_todo(outer),
            placeholder=(char(placeholder[0]), char(placeholder[1])) if placeholder else None,
            comment=block_above(first, self._language),
        )

    def docstring_node(self, node: Node) -> Node | None:
        """Python: the statement that is the symbol's docstring."""
        body = body_of(node)
        if self._language.doc_style is not DocStyle.DOCSTRING or body is None:
            return None
        return first_string(body)

    def path_of(self, node: Node) -> tuple[str, ...]:
        """The names of the symbols around a symbol, then its own."""
        names: list[str] = []
        current: Node | None = node
        while current is not None:
            if self._is_symbol(current):
                names += [name_of(current), *reversed(scopes_of(current))]
            current = current.parent
        return tuple(reversed(names))

    def _is_symbol(self, node: Node) -> bool:
        return is_symbol(node, self._language)

    def _unwrap(self, node: Node) -> list[Node]:
        """The symbol that a wrapper or an attribute belongs to, so that a cursor on `export` or `#[test]` finds it."""
        found: list[Node] = []
        while node.type in self._language.attributes and node.next_sibling is not None:
            node = node.next_sibling
            found.append(node)
        while (inner := wrapped_by(node, self._language)) is not None:
            node = inner
            found.append(node)
        return found

    def _first(self, node: Node) -> Node:
        """The node a symbol begins with: its wrapper, or the first of its attributes."""
        first = self.outermost(node)
        while first.prev_sibling is not None and first.prev_sibling.type in self._language.attributes:
            first = first.prev_sibling
        return first

    def outermost(self, node: Node) -> Node:
        """A symbol's node with all that is around it and belongs to it: decorators, `export`, `template`."""
        while node.parent is not None and node.parent.type in self._language.wrappers:
            if node.type == "variable_declarator" and node.parent.named_child_count > 1:
                break  # const f = …, g = …: the declaration is more than this symbol
            node = node.parent
        return node

    def kind_of(self, node: Node) -> str:
        """The symbol's `kind`."""
        kind = self._language.symbols[node.type]
        owner = node.parent
        while owner is not None and kind == "function":
            if owner.type in self._language.symbols:
                return "method" if self._language.symbols[owner.type] in _OWNERS else kind
            owner = owner.parent
        return "method" if kind == "function" and scopes_of(node) else kind

    def _has_todo(self, outer: Node) -> bool:
        if _TODO.search(text_of(outer)) is None:
            return False
        stack = [outer]
        while stack:
            node = stack.pop()
            if node.type in self._language.comments and _TODO.search(text_of(node)) is not None:
                return True
            stack.extend(node.children)
        return False
