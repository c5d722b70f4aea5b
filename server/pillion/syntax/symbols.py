"""The symbol around a place in a document, and what Pillion needs to know of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node, QueryCursor, Tree

from pillion.syntax.languages import DocStyle, Language, symbol_query
from pillion.syntax.offsets import Offsets

_FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function"})
_SELF = frozenset({"self", "cls", "this", "mut", "_"})
_PARAMETER_FIELDS = ("name", "pattern", "left")
# A symbol with a TODO anywhere in it counts as not written yet.
_TODO = re.compile(r"\b(?:TODO|FIXME)\b")


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
    header_end: int  # behind the signature (Python: behind the colon)
    body_start: int  # of the first statement, or of the brace
    text: str
    signature: str  # for comparing: white space folded and comments off, so that layout doesn't count
    parameters: tuple[str, ...]
    returns_value: bool
    documented: bool
    docstring: str | None  # Python: the statement, quotes included
    is_stub: bool
    has_todo: bool

    @property
    def header(self) -> str:
        """The text before the body: for prompts and hovers."""
        return self.text[: self.header_end - self.start]

    @property
    def callable(self) -> bool:
        """Whether it is a function or a method."""
        return self.kind in {"function", "method"}


class SymbolReader:
    """Finds symbols in one parsed text."""

    def __init__(self, language: Language, offsets: Offsets, tree: Tree) -> None:
        self._language = language
        self._offsets = offsets
        self._tree = tree

    def enclosing(self, start: int, end: int) -> Symbol | None:
        """The innermost symbol that holds the whole of [start, end), or None at the top level.

        A place in the indentation or on the decorator of a symbol's first line belongs to that symbol.
        """
        text = self._offsets.text
        if start == end or text[start:end].isspace():
            # Editors send an empty range, or one character: move off the indentation onto the code of the line.
            line_start = text.rfind("\n", 0, start) + 1
            if not text[line_start:start].strip(" \t"):
                start = end = line_start + len(text[line_start:]) - len(text[line_start:].lstrip(" \t"))
        first = self._offsets.to_byte(start)
        last = max(first, self._offsets.to_byte(end))
        node = self._tree.root_node.descendant_for_byte_range(first, last)
        while node is not None:
            for inner in (node, *self._unwrap(node)):
                if self._is_symbol(inner):
                    return self.read(inner)
            node = node.parent
        return None

    def named(self, name: str) -> Symbol | None:
        """The first symbol called `name`, outermost first."""
        node = self.find(name)
        return self.read(node) if node is not None else None

    def find(self, name: str) -> Node | None:
        """The node of the first symbol called `name`, outermost first."""
        wanted = name.encode()
        found = [node for node in self.walk() if _name_of(node) == wanted]
        return min(found, key=lambda node: (len(self._path(node)), node.start_byte), default=None)

    def occurrences(self, path: tuple[str, ...]) -> list[Node]:
        """The nodes of all symbols with this path, in the order of the text (overloads, setters)."""
        wanted = path[-1].encode()
        return [node for node in self.walk() if _name_of(node) == wanted and self._path(node) == path]

    def walk(self, node: Node | None = None) -> Iterator[Node]:
        """Every symbol's node in `node` (default: the whole text), itself included, in the order of the text."""
        captures = QueryCursor(symbol_query(self._language)).captures(node or self._tree.root_node)
        for found in sorted(captures.get("symbol", []), key=lambda each: (each.start_byte, -each.end_byte)):
            if self._is_symbol(found):
                yield found

    def identifier_at(self, offset: int) -> str | None:
        """The identifier that `offset` is in or at the end of, or None."""
        byte = self._offsets.to_byte(offset)
        for place in (byte, byte - 1):
            node = self._tree.root_node.descendant_for_byte_range(max(place, 0), max(place, 0))
            if node is not None and node.type.endswith("identifier") and node.text is not None:
                return node.text.decode()
        return None

    def read(self, node: Node) -> Symbol:
        """All that is known of the symbol at `node`."""
        outer = self._wrapped(node)
        body = _body_of(node)
        name = _name_node(node)
        body_start = body.start_byte if body is not None else node.end_byte
        char = self._offsets.to_char
        bare_body = self._bare_body(body)
        text = self._text(outer)
        signature = list(self._signature_nodes(node, body))
        return Symbol(
            name=self._text(name) if name is not None else "",
            path=self._path(node),
            kind=self._kind(node),
            start=char(outer.start_byte),
            end=char(outer.end_byte),
            definition_start=char(node.start_byte),
            name_start=char(name.start_byte if name is not None else node.start_byte),
            name_end=char(name.end_byte if name is not None else node.start_byte),
            body_start=char(body_start),
            text=text,
            header_end=char(signature[-1].end_byte if signature else node.start_byte),
            signature=_fold(" ".join(self._text(part) for part in signature)),
            parameters=tuple(self._parameters(node)),
            returns_value=self._returns_value(node, body),
            docstring=self._text(docstring) if (docstring := self.docstring_node(node)) is not None else None,
            documented=self._documentation(outer, body) is not None,
            is_stub=body is not None and self._language.stub.fullmatch(bare_body) is not None,
            has_todo=_TODO.search(text) is not None,
        )

    def docstring_node(self, node: Node) -> Node | None:
        """Python: the statement that is the symbol's docstring."""
        body = _body_of(node)
        if self._language.doc_style is not DocStyle.DOCSTRING or body is None:
            return None
        return _first_string(body)

    def _path(self, node: Node) -> tuple[str, ...]:
        names: list[str] = []
        current: Node | None = node
        while current is not None:
            if self._is_symbol(current):
                names.append((_name_of(current) or b"").decode("utf-8", "replace"))
            current = current.parent
        return tuple(reversed(names))

    def _is_symbol(self, node: Node) -> bool:
        if node.type not in self._language.symbols:
            return False
        if node.type == "variable_declarator":
            value = node.child_by_field_name("value")
            return value is not None and value.type in _FUNCTION_VALUES
        return True

    def _unwrap(self, node: Node) -> list[Node]:
        """The symbol inside a wrapper, so that a cursor on a decorator or on `export` finds it."""
        found: list[Node] = []
        while node.type in self._language.wrappers and node.named_children:
            node = node.named_children[-1]
            found.append(node)
        return found

    def _wrapped(self, node: Node) -> Node:
        while node.parent is not None and node.parent.type in self._language.wrappers:
            if node.parent.type.endswith("declaration") and node.parent.named_child_count > 1:
                break  # const f = …, g = …: the declaration is more than this symbol
            node = node.parent
        return node

    def _kind(self, node: Node) -> str:
        kind = self._language.symbols[node.type]
        owner = node.parent
        while owner is not None and kind == "function":
            if owner.type in self._language.symbols:
                return "method" if self._language.symbols[owner.type] in {"class", "impl", "trait"} else kind
            owner = owner.parent
        return kind

    def _text(self, node: Node) -> str:
        return self._offsets.data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def _signature_nodes(self, node: Node, body: Node | None) -> Iterator[Node]:
        for child in node.children:
            if child == body:
                return
            if child.type in self._language.comments:
                continue
            if body is not None and child.start_byte <= body.start_byte < child.end_byte:
                yield from self._signature_nodes(child, body)
            else:
                yield child

    def _parameters(self, node: Node) -> Iterator[str]:
        source = node.child_by_field_name("value") if node.type == "variable_declarator" else node
        if source is None:
            return
        single = source.child_by_field_name("parameter")  # x => …
        if single is not None:
            yield self._text(single)
        listed = source.child_by_field_name("parameters")
        for parameter in listed.named_children if listed is not None else ():
            if parameter.type in self._language.comments:
                continue
            named = [n for f in _PARAMETER_FIELDS for n in parameter.children_by_field_name(f)]
            for candidate in named or [parameter]:
                name = _first_identifier(candidate)
                if name is not None and self._text(name) not in _SELF:
                    yield self._text(name)

    def _returns_value(self, node: Node, body: Node | None) -> bool:
        declared = node.child_by_field_name("return_type") or node.child_by_field_name("result")
        if declared is not None:
            return self._text(declared).strip(": ") not in {"None", "void", "()", "Promise<void>"}
        if self._language.symbols[node.type] not in {"function", "method"} or body is None:
            return False
        if node.type == "variable_declarator" and body.type != "statement_block":
            return True  # an arrow function whose body is an expression
        stack = list(body.children)
        while stack:
            current = stack.pop()
            if current.type in self._language.symbols:
                continue
            if current.type in self._language.returns and current.named_child_count > 0:
                return True
            stack.extend(current.children)
        return False

    def _documentation(self, outer: Node, body: Node | None) -> Node | None:
        if self._language.doc_style is DocStyle.DOCSTRING:
            return _first_string(body) if body is not None else None
        above = outer.prev_sibling
        if above is None or above.type not in self._language.comments:
            return None
        touching = outer.start_point.row - above.end_point.row <= 1
        text = self._text(above)
        if self._language.doc_style is DocStyle.JSDOC:
            return above if touching and text.startswith("/**") else None
        return above if touching and text.startswith(self._language.doc_style.value) else None

    def _bare_body(self, body: Node | None) -> str:
        """The body's code without comments, docstring and outer braces."""
        if body is None:
            return ""
        skip = _first_string(body) if self._language.doc_style is DocStyle.DOCSTRING else None
        kept = [
            self._text(child)
            for child in body.children
            if child.type not in self._language.comments and child != skip and child.type not in {"{", "}"}
        ]
        return " ".join(kept).strip()


def _name_node(node: Node) -> Node | None:
    return node.child_by_field_name("name") or node.child_by_field_name("type")


def _name_of(node: Node) -> bytes | None:
    name = _name_node(node)
    return name.text if name is not None else None


def _body_of(node: Node) -> Node | None:
    if node.type == "variable_declarator":
        value = node.child_by_field_name("value")
        return value.child_by_field_name("body") if value is not None else None
    return node.child_by_field_name("body")


def _first_string(body: Node) -> Node | None:
    first = next((child for child in body.named_children if child.type != "comment"), None)
    if first is None or first.type != "expression_statement" or first.named_child_count != 1:
        return None
    return first if first.named_children[0].type in {"string", "concatenated_string"} else None


def _first_identifier(node: Node) -> Node | None:
    queue = [node]
    for current in queue:
        if current.type in {"identifier", "shorthand_property_identifier_pattern"}:
            return current
        queue.extend(current.named_children)
    return None


def _fold(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
