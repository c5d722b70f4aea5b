"""The statements that make an object, so that its method can be called."""

from tree_sitter import Node

from pillion.errors import CannotRunError
from pillion.sandbox.inputs.javascript_arguments import argument_lists
from pillion.sandbox.inputs.javascript_parameters import JavaScriptSource
from pillion.sandbox.slices.javascript_module import JavaScriptModule
from pillion.syntax.nodes import text_of

_PLAIN = frozenset({"number", "string", "true", "false", "null", "array", "object", "unary_expression", "pair"})


def receiver_of(module: JavaScriptModule, owner: str, source: str) -> str:
    """Binds `_receiver`: as the file itself makes one, if it does so with plain values; else with made-up ones."""
    nodes = module.parsed.symbols.occurrences((owner,))
    if nodes and nodes[-1].type == "abstract_class_declaration":
        raise CannotRunError("is in an abstract class")
    written = _made(module.parsed.tree.root_node, owner)
    if not written:
        read = JavaScriptSource(source)
        constructor = read.function((owner, "constructor"))
        lists = argument_lists(read, constructor, 1) if constructor is not None else [[]]
        written = f"new {owner}({', '.join(lists[0])})"
    return f"let _receiver = {written};"


def _made(root: Node, owner: str) -> str:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "new_expression":
            name, given = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
            made = given.named_children if given is not None and name is not None and text_of(name) == owner else []
            if made and all(map(_is_plain, made)):
                return text_of(node)
        stack += node.named_children
    return ""


def _is_plain(node: Node) -> bool:
    inner = node.named_children if node.type in {"array", "object", "unary_expression"} else []
    if node.type == "pair":
        value = node.child_by_field_name("value")
        return value is not None and _is_plain(value)
    return node.type in _PLAIN and all(_is_plain(each) for each in inner)
