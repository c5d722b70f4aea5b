"""The smallest script around a function or method of JavaScript or TypeScript."""

from pathlib import Path

from tree_sitter import Node

from pillion.errors import CannotRunError
from pillion.sandbox.javascript_hosts import HOST_NAMES
from pillion.sandbox.slices.javascript_linker import JavaScriptLinker
from pillion.sandbox.slices.javascript_module import JavaScriptModule, language_of
from pillion.sandbox.slices.javascript_receiver import receiver_of
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.languages import Language, language_by_id
from pillion.syntax.nodes import name_of, text_of
from pillion.syntax.symbols import Symbol

_LONGEST = 400_000
_CLASSES = frozenset({"class_declaration", "abstract_class_declaration"})
_UNREADABLE = {"jsx_element": "JSX", "jsx_self_closing_element": "JSX", "decorator": "decorators"}


def javascript_slice(
    text: str,
    path: tuple[str, ...],
    file: Path | None = None,
    workspace: Path | None = None,
    language_id: str = "",
) -> Slice:
    """The slice for the symbol that `path` names.

    Raises:
        CannotRunError: it can't be run, and the message says why.
    """
    if len(text) > _LONGEST:
        raise CannotRunError("its file is too large")
    module = JavaScriptModule.of(text, _language(file, language_id), file)
    symbols = module.parsed.symbols
    nodes = [each for each in symbols.occurrences(path) if each.child_by_field_name("body") or each.named_children]
    if not path or not nodes:
        raise CannotRunError("there is no such symbol")
    node = nodes[-1]  # those before are its overloads
    symbol = symbols.read(node)
    if node.has_error:
        raise CannotRunError("can't be read")
    _refuse(module, node)
    owner, entry, is_method = _entry(symbol, node, symbols.outermost(node))
    linker = JavaScriptLinker(workspace)
    source = linker.script(module, owner, _is_wanted)
    receiver = ""
    if is_method:
        receiver = receiver_of(module, owner, source)
        if entry.startswith("_receiver."):
            # For calls before the one that counts, whatever the method is called.
            receiver += f"\nconst _again = (...all) => {entry}(...all);"
    return Slice(source, entry, symbol.text, receiver)


def _language(file: Path | None, language_id: str) -> Language:
    found = language_by_id(language_id) if language_id else language_of(file) if file is not None else None
    language = found or language_by_id("typescript")
    if language is None:
        raise CannotRunError("its language isn't known")
    return language


def _is_wanted(node: Node) -> None:
    """Raises CannotRunError for a statement that no script can have."""
    stack = [node]
    while stack:
        each = stack.pop()
        if each.type in _UNREADABLE:
            raise CannotRunError(f"uses {_UNREADABLE[each.type]}")
        stack += each.named_children


def _refuse(module: JavaScriptModule, node: Node) -> None:
    """What the symbol itself uses of its host; what others use shows when they are called."""
    start, end = node.start_byte, node.end_byte
    for use in module.scopes.uses:
        is_here = start <= use.node.start_byte < end and use.kind == "value"
        if is_here and use.name in HOST_NAMES and not use.scope.binds(use.name):
            raise CannotRunError(f"uses {use.name}")


def _entry(symbol: Symbol, node: Node, outer: Node) -> tuple[str, str, bool]:
    """The name of the top level's symbol, the expression that is called, and whether it needs a receiver."""
    name, owner = symbol.name, symbol.path[0]
    if node.type != "method_definition":
        if len(symbol.path) > 1:
            raise CannotRunError("is inside of another function")
        if symbol.kind == "interface":
            raise CannotRunError("is only a type")
        _refuse_inner(outer)
        return owner, f"new {name}" if node.type in _CLASSES else name, False
    holder = node.parent
    if holder is not None and holder.type == "object":
        return _in_object(name, holder)
    if len(symbol.path) != 2 or holder is None or holder.parent is None or holder.parent.type not in _CLASSES:
        raise CannotRunError("is inside of another function")
    if name.startswith(("#", "[")):
        raise CannotRunError("can't be called from outside of its class")
    if name == "constructor":
        return owner, f"new {owner}", False
    words = {text_of(each) for each in node.children if not each.is_named}
    if "get" in words:
        on = owner if "static" in words else "_receiver"
        return owner, f"(() => {on}.{name})", "static" not in words
    if "set" in words:
        return owner, f"((value) => {{ _receiver.{name} = value; }})", True
    if "static" in words:
        return owner, f"{owner}.{name}", False
    return owner, f"_receiver.{name}", True


def _in_object(name: str, holder: Node) -> tuple[str, str, bool]:
    declarator = holder.parent
    if declarator is None or declarator.type != "variable_declarator" or declarator.parent is None:
        raise CannotRunError("is inside of an object")
    _refuse_inner(declarator.parent)
    return name_of(declarator), f"{name_of(declarator)}.{name}", False


def _refuse_inner(statement: Node) -> None:
    around = statement.parent
    while around is not None and around.type == "export_statement":
        around = around.parent
    if around is not None and around.parent is not None:
        raise CannotRunError("is inside of another block")
