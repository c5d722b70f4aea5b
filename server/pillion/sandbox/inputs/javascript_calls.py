"""The calls of a JavaScript or TypeScript function to try."""

import re
from collections.abc import Iterable
from itertools import zip_longest

from tree_sitter import Node

from pillion.sandbox.inputs.hints import Hints
from pillion.sandbox.inputs.javascript_arguments import argument_lists
from pillion.sandbox.inputs.javascript_parameters import JavaScriptSource
from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.syntax.nodes import name_of, text_of

_MOST = 72
_MOST_HINTS = 24
_MOST_LETTERS = 2_000
# Texts that are no values of their own: a call may change what they make.
_CHANGING = re.compile(r"new |[\[{]")
_RECEIVER = "_receiver"


def javascript_calls(old: Slice, hints: Hints) -> list[Call]:
    """Calls that may show how the function behaves, the most telling first."""
    source = JavaScriptSource(old.source)
    path = _path(old)
    function = source.function(path)
    calls = [_call(old, old.receiver, each) for each in _hinted((*hints.calls, *hints.proposals), path[-1])]
    lists = argument_lists(source, function, _MOST) if function is not None else [[]]
    before = _earlier(source, old, path) if old.receiver else [""]
    for number, each in enumerate(lists):
        calls.append(_call(old, old.receiver, each, before[number % len(before)]))
    if old.receiver:
        receivers = _receivers(source, old, path[0])
        calls = [
            each for pair in zip_longest(calls, _in_states(old, receivers, lists, before)) for each in pair if each
        ]
    return list({(each.setup, each.expression): each for each in calls}.values())[: _MOST + len(hints.calls)]


def _path(old: Slice) -> tuple[str, ...]:
    entry = old.entry
    if accessor := re.fullmatch(r"\(\(\w*\) => (?:\{ )?([\w$]+)\.([\w$]+).*\)", entry):
        return (_class_of(old), accessor[2]) if accessor[1] == _RECEIVER else (accessor[1], accessor[2])
    if entry.startswith("new "):
        return (entry.removeprefix("new "),)
    owner, _, name = entry.rpartition(".")
    if owner == _RECEIVER:
        return _class_of(old), name
    return (owner, name) if owner else (name,)


def _class_of(old: Slice) -> str:
    made = re.search(rf"\b{_RECEIVER} = new ([\w$]+)", old.receiver)
    return made[1] if made is not None else ""


def _in_states(old: Slice, receivers: list[str], lists: list[list[str]], before: list[str]) -> list[Call]:
    """Calls on receivers that were made and used in several ways."""
    calls = [_call(old, old.receiver, lists[n % len(lists)], each) for n, each in enumerate(before)]
    for n in range(_MOST):
        receiver = receivers[n % len(receivers)]
        calls.append(_call(old, receiver, lists[(n * 3) % len(lists)], before[(n * 7 + n // 5) % len(before)]))
    return calls


def _receivers(source: JavaScriptSource, old: Slice, owner: str) -> list[str]:
    constructor = source.function((owner, "constructor"))
    lists = argument_lists(source, constructor, 6) if constructor is not None else []
    return [old.receiver, *(f"const {_RECEIVER} = new {owner}({', '.join(each)});" for each in lists)]


def _call(old: Slice, receiver: str, arguments: list[str], before: str = "") -> Call:
    """A call with these arguments. Those that it may change are bound to names, and looked at afterwards."""
    setup, watched, given = [receiver] if receiver else [], list[str](), list[str]()
    if before:
        setup.append(before)
    for number, each in enumerate(arguments):
        if _CHANGING.match(each):
            name = f"_argument_{number}"
            setup.append(f"const {name} = {each};")
            watched.append(name)
            given.append(name)
        else:
            given.append(each)
    if receiver:
        watched.append(_RECEIVER)
    shown = f"{old.entry}({', '.join(arguments)})"
    if receiver:
        made = receiver.removeprefix(f"const {_RECEIVER} = ").rstrip(";")
        called = "value" if before else f"({made})"
        first = f"const value = {made}; {before.replace(f'{_RECEIVER}.', 'value.')} " if before else ""
        shown = first + shown.replace(_RECEIVER, called, 1)
    return Call(f"{old.entry}({', '.join(given)})", "\n".join(setup), tuple(watched), shown)


def _earlier(source: JavaScriptSource, old: Slice, path: tuple[str, ...]) -> list[str]:
    """What may have happened to the receiver before the call: other methods of its class."""
    found = [""]
    for method in source.methods(path[0]):
        name = name_of(method)
        words = {text_of(each) for each in method.children if not each.is_named}
        if name in {"constructor"} or name.startswith(("#", "[")) or words & {"static", "get", "set"}:
            continue
        lists = argument_lists(source, method, 6)
        ones = [f"{_RECEIVER}.{name}({', '.join(each)});" for each in lists[:6]]
        found += ones[:3]
        if len(ones) > 1 and lists[0]:
            found += [" ".join(ones[:3]), " ".join(ones[::-1])]
    return list(dict.fromkeys(map(_safe, found)))[:40]


def _safe(statements: str) -> str:
    return f"try {{ {statements} }} catch {{}}" if statements else ""


def _hinted(texts: Iterable[str], name: str) -> list[list[str]]:
    """The arguments of the calls of this name in the texts."""
    language = language_by_id("typescript")
    found: list[list[str]] = []
    for text in texts:
        if language is None or len(text) > _MOST_LETTERS or len(found) >= _MOST_HINTS:
            continue
        root = ParsedText.of(language, text).tree.root_node
        if not root.has_error:
            found += _arguments(root, name)
    return found[:_MOST_HINTS]


def _arguments(root: Node, name: str) -> list[list[str]]:
    found: list[list[str]] = []
    stack = [root]
    while stack:
        node = stack.pop()
        callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        given = node.child_by_field_name("arguments")
        if callee is not None and given is not None and text_of(callee).rpartition(".")[2] == name:
            found.append([text_of(each) for each in given.named_children if each.type != "comment"])
        stack += reversed(node.named_children)
    return found
