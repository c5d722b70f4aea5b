"""What a JavaScript module exports, and how other modules call it."""

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of

DEFAULT = "default"
_DECLARED = frozenset({"lexical_declaration", "variable_declaration"})


def exported_as(parsed: ParsedText) -> dict[str, str]:
    """The module's own names that others can import, each with its name there."""
    found: dict[str, str] = {}
    for node in parsed.tree.root_node.named_children:
        if node.type == "export_statement" and node.child_by_field_name("source") is None:
            found |= _exported(node)
        elif node.type == "expression_statement" and node.named_child_count == 1:
            found |= _assigned(node.named_children[0])
    return found


def _exported(node: Node) -> dict[str, str]:
    is_default = any(child.type == "default" for child in node.children)
    declaration = node.child_by_field_name("declaration") or node.child_by_field_name("value")
    clause = next((each for each in node.named_children if each.type == "export_clause"), None)
    if clause is not None:
        return {name: alias for each in clause.named_children for name, alias in _specified(each)}
    if declaration is None:
        return {}
    names = [text_of(declaration)] if declaration.type == "identifier" else _declared(declaration)
    return dict.fromkeys(names[:1], DEFAULT) if is_default else {each: each for each in names}


def _specified(specifier: Node) -> list[tuple[str, str]]:
    name, alias = specifier.child_by_field_name("name"), specifier.child_by_field_name("alias")
    return [(text_of(name), text_of(alias or name))] if name is not None else []


def _declared(node: Node) -> list[str]:
    if node.type in _DECLARED:
        names = [each.child_by_field_name("name") for each in node.named_children if each.type == "variable_declarator"]
        return [text_of(each) for each in names if each is not None and each.type == "identifier"]
    name = node.child_by_field_name("name")
    return [text_of(name)] if name is not None else []


def _assigned(node: Node) -> dict[str, str]:
    """`module.exports = f`, `module.exports = { f, g: h }`, `exports.f = f`, and chains of them."""
    if node.type != "assignment_expression":
        return {}
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return {}
    target = text_of(left)
    if target == "module.exports" and right.type == "object":
        found: dict[str, str] = {}
        for each in right.named_children:
            key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
            if each.type == "shorthand_property_identifier":
                found[text_of(each)] = text_of(each)
            elif key is not None and value is not None and value.type == "identifier":
                found[text_of(value)] = text_of(key)
        return found
    if target == "module.exports" and right.type == "identifier":
        return {text_of(right): DEFAULT}
    owner, _, name = target.rpartition(".")
    if owner in {"exports", "module.exports"} and right.type == "identifier":
        return {text_of(right): name}
    return {}
