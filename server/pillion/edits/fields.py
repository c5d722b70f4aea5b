"""Brings the fields that a draft adds to a class, a struct or an interface of the document, if its code uses them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from pillion.edits.imports.import_places import line_end
from pillion.edits.indentation import indent_unit, leading, reindent
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import first_string, name_of, text_of
from pillion.syntax.scopes.scopes_c import declared_names
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement, newline_of

_CONTAINERS = frozenset(
    {
        *("class_definition", "class_declaration", "interface_declaration", "class_specifier", "struct_specifier"),
        *("struct_item", "type_spec", "record_declaration", "abstract_class_declaration"),
    }
)
_FIELDS = frozenset({"field_declaration", "field_definition", "public_field_definition", "property_signature"})
_ENDS = frozenset({";", ","})


@dataclass(frozen=True, slots=True)
class _Maker:
    """The method that makes the fields of an object: its name and node type, the receiver, and how a field is set."""

    name: str
    node_type: str
    receiver: str
    field_of: str
    field_name: str


_MAKERS = {
    "class_definition": _Maker("__init__", "function_definition", "self", "attribute", "attribute"),
    "class_declaration": _Maker("constructor", "method_definition", "this", "member_expression", "property"),
}


def field_replacements(
    draft: ParsedText, node: Node, rewritten: str, symbol: Symbol, document: ParsedText
) -> tuple[Replacement, ...]:
    """Insertions of the fields that `rewritten` uses, that the draft has and the document lacks, each behind the last
    field that the document has."""
    theirs = {name_of(each): each for each in _containers(document)}
    found: list[Replacement] = []
    for container in _containers(draft):
        own = theirs.get(name_of(container)) if name_of(container) else None
        if own is None or node.id == container.id:
            continue
        known = {name for names, _ in _fields(own) for name in names}
        new = [
            each for names, each in _fields(container) if not names & known and any(_used(n, rewritten) for n in names)
        ]
        if new:
            found.append(_behind_fields(new, own, draft, document))
        maker = _MAKERS.get(container.type)
        if maker is not None and symbol.name != maker.name:
            found += _initialised(maker, container, own, rewritten, document)
    return tuple(found)


def _used(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _containers(parsed: ParsedText) -> Iterator[Node]:
    stack = [parsed.tree.root_node]
    while stack:
        node = stack.pop()
        if node.type in _CONTAINERS and _body(node) is not None:
            yield node
        stack += reversed(node.named_children)


def _body(container: Node) -> Node | None:
    if container.type != "type_spec":
        return container.child_by_field_name("body")
    struct = container.child_by_field_name("type")
    if struct is None or struct.type != "struct_type":
        return None
    return next((each for each in struct.named_children if each.type == "field_declaration_list"), None)


def _fields(container: Node) -> Iterator[tuple[set[str], Node]]:
    body = _body(container)
    for child in body.named_children if body is not None else ():
        names = _field_names(child)
        if names:
            yield names, child


def _field_names(child: Node) -> set[str]:
    if child.type == "expression_statement" and child.named_children and child.named_children[0].type == "assignment":
        left = child.named_children[0].child_by_field_name("left")
        return {text_of(left)} if left is not None and left.type == "identifier" else set()
    if child.type not in _FIELDS:
        return set()
    named = [*child.children_by_field_name("name"), *child.children_by_field_name("property")]
    for declarator in child.children_by_field_name("declarator"):
        if declarator.type == "function_declarator":
            return set()
        named += (
            [name for name in (declarator.child_by_field_name("name"),) if name is not None]
            if declarator.type == "variable_declarator"
            else declared_names(declarator)
        )
    return set(map(text_of, named))


def _behind_fields(new: list[Node], own: Node, draft: ParsedText, document: ParsedText) -> Replacement:
    newline = newline_of(document.text)
    fields = [each for _, each in _fields(own)]
    body = _body(own)
    last = fields[-1] if fields else None
    if last is not None:
        indent = _indent_of(last, document)
        at, comma = line_end(document, last), ""
        if own.type == "struct_item" and not document.text[_end(last, document) : at].lstrip().startswith(","):
            comma = ","
            at = _end(last, document)
        head, tail = f"{comma}{newline}", ""
    else:
        indent = _indent_of(own, document) + indent_unit(document.text)
        start = first_string(body) if body is not None and own.type == "class_definition" else None
        at = line_end(document, start) if start is not None else _body_start(own, body, document)
        head, tail = newline, newline if own.type != "type_spec" and body is not None and body.named_children else ""
        if own.type == "class_definition" and start is not None:
            head, tail = newline * 2, ""
    lines = [
        reindent(_text(each, draft, own), base=indent, unit=indent_unit(document.text), language=document.language)
        for each in new
    ]
    return Replacement(at, at, head + newline.join(indent + line.replace("\n", newline) for line in lines) + tail)


def _body_start(own: Node, body: Node | None, document: ParsedText) -> int:
    """Behind the brace or colon before the first member."""
    if body is None or own.type == "class_definition":
        colon = next(child for child in own.children if child.type == ":")
        return document.offsets.to_char(colon.end_byte)
    return document.offsets.to_char(body.start_byte) + 1


def _end(node: Node, document: ParsedText) -> int:
    return document.offsets.to_char(node.end_byte)


def _indent_of(node: Node, document: ParsedText) -> str:
    start = document.offsets.to_char(node.start_byte)
    return leading(document.text[document.text.rfind("\n", 0, start) + 1 :])


def _text(field: Node, draft: ParsedText, own: Node) -> str:
    text = text_of(field).rstrip()
    follows = field.next_sibling
    if own.type == "struct_item":
        return f"{text},"
    return text + (text_of(follows) if follows is not None and follows.type in _ENDS else "")


def _initialised(
    maker: _Maker, container: Node, own: Node, rewritten: str, document: ParsedText
) -> Iterator[Replacement]:
    """Python and JavaScript: `self.x = …` of the draft's `__init__` or constructor, at the end of the document's; all
    of it, if there is none."""
    theirs, ours = _maker_in(container, maker), _maker_in(own, maker)
    if theirs is None:
        return
    newline, of = newline_of(document.text), rf"\b{maker.receiver}\."
    known = set(re.findall(rf"{of}(\w+)\s*(?::[^=\n]+)?=(?!=)", text_of(own)))
    assigned = _assigned(theirs, maker)
    new = [each for name, each in assigned if name not in known and re.search(rf"{of}{name}\b", rewritten)]
    if not new:
        return
    unit = indent_unit(document.text)
    if ours is None:
        at, indent = _before_methods(own, document), _indent_of(own, document) + unit
        text = reindent(text_of(theirs), base=indent, unit=unit, language=document.language)
        yield Replacement(at, at, f"{text}\n\n{indent}".replace("\n", newline))
        return
    body = ours.child_by_field_name("body")
    if body is None or not body.named_children:
        return
    last = body.named_children[-1]
    indent = _indent_of(last, document)
    lines = [reindent(text_of(each), base=indent, unit=unit, language=document.language) for each in new]
    text = f"\n{indent}".join(lines).replace("\n", newline)
    if last.type == "pass_statement":
        yield Replacement(document.offsets.to_char(last.start_byte), _end(last, document), text)
    else:
        at = line_end(document, last)
        yield Replacement(at, at, f"{newline}{indent}{text}")


def _maker_in(container: Node, maker: _Maker) -> Node | None:
    body = _body(container)
    for child in body.named_children if body is not None else ():
        name = child.child_by_field_name("name")
        if child.type == maker.node_type and name is not None and text_of(name) == maker.name:
            return child
    return None


def _assigned(method: Node, maker: _Maker) -> Iterator[tuple[str, Node]]:
    body = method.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        left = child.named_children[0].child_by_field_name("left") if child.named_children else None
        if child.type == "expression_statement" and left is not None and left.type == maker.field_of:
            owner, name = left.child_by_field_name("object"), left.child_by_field_name(maker.field_name)
            if owner is not None and name is not None and text_of(owner) == maker.receiver:
                yield text_of(name), child


def _before_methods(own: Node, document: ParsedText) -> int:
    body = _body(own)
    members = body.named_children if body is not None else []
    methods = [each for each in members if "definition" in each.type and each.type not in _FIELDS]
    return document.offsets.to_char(methods[0].start_byte) if methods else document.offsets.to_char(own.end_byte)
