"""The calls of a JavaScript or TypeScript function to try."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from random import Random

from tree_sitter import Node

from pillion.sandbox.inputs import javascript_shape as shapes
from pillion.sandbox.inputs.hints import Hints
from pillion.sandbox.inputs.javascript_arguments import argument_lists
from pillion.sandbox.inputs.javascript_near import near
from pillion.sandbox.inputs.javascript_parameters import JavaScriptSource, Parameter
from pillion.sandbox.inputs.javascript_samples import Constants
from pillion.sandbox.inputs.javascript_written import BOUND, arguments_of
from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.syntax.nodes import name_of, text_of

_MOST = 96
# So many calls are changed a little.
_MOST_TELLING = 12
_MOST_HINTS = 24
_MOST_LETTERS = 2_000
_MOST_METHODS = 12
_FEW = 24
# Texts that are no values of their own: a call may change what they make.
_CHANGING = re.compile(r"new |[\[{]")
_RECEIVER, _AGAIN = "_receiver", "_again"
# A text that begins so is of this kind.
_KINDS = ((re.compile(r"[\d-]"), "number"), (re.compile(r"[\"'`]"), "string"), (re.compile(r"\["), "list"))


def javascript_calls(old: Slice, hints: Hints) -> list[Call]:
    """Calls that may show how the function behaves, the most telling first. None is made that was run already."""
    known = {(each.setup, each.expression) for each in (*hints.returned, *hints.failed)}
    source = JavaScriptSource(old.source)
    path = symbol_of(old)
    function = source.function(path)
    parameters = source.parameters(function) if function is not None else []
    certain = [each.certain for each in parameters]
    calls = [javascript_call(old, old.receiver, each) for each in _hinted(hints.calls, path[-1])]
    proposed = [each for each in _hinted(hints.proposals, path[-1]) if all(map(_fits, each, parameters))]
    calls += [javascript_call(old, old.receiver, each, kind=_kind(each, certain)) for each in proposed]
    lists = argument_lists(source, function, _MOST, len(known)) if function is not None else [[]]
    before = _earlier(source, old, path) if old.receiver else [""]
    for number, each in enumerate(lists):
        calls.append(javascript_call(old, old.receiver, each, before[number % len(before)], _kind(each, certain)))
    inner = source.returned_function(function) if function is not None else None
    if inner is not None and not old.receiver and not old.entry.startswith("new "):
        return _of_returned(calls, argument_lists(source, inner, _FEW, len(known)), known)
    if old.receiver:
        receivers = _receivers(source, old, path[0])
        calls = [
            each for pair in zip_longest(calls, _in_states(old, receivers, lists, before)) for each in pair if each
        ]
    if hints.returned and function is not None:
        telling = [*hints.telling, *hints.returned[: _MOST_TELLING - len(hints.telling)]]
        close = _near(old, telling, source.constants(function), certain, Random(f"{old.entry}:{len(known)}"))  # noqa: S311
        calls = [each for pair in zip_longest(close, calls) for each in pair if each is not None]
    made = {(each.setup, each.expression): each for each in calls}
    return [each for key, each in made.items() if key not in known][: _MOST + len(hints.calls)]


def _of_returned(calls: Sequence[Call], lists: list[list[str]], known: set[tuple[str, str]]) -> list[Call]:
    """Calls of the function that a function returns: what it does is what the outer one is for."""
    made: dict[tuple[str, str], Call] = {}
    for number in range(_MOST if calls else 0):
        call = calls[number % len(calls)]
        given = f"({', '.join(lists[(number + number // len(calls)) % len(lists)])})"
        each = replace(call, expression=call.expression + given, shown=call.shown + given)
        made.setdefault((each.setup, each.expression), each)
    return [each for key, each in made.items() if key not in known]


def _near(old: Slice, calls: Sequence[Call], constants: Constants, certain: list[bool], chance: Random) -> list[Call]:
    """Calls like these, with something changed in one or two arguments."""
    made: list[Call] = []
    for call in [*calls] * (_MOST // max(1, len(calls)) + 1):
        given = arguments_of(old, call)
        if not given:
            continue
        changed = list(given)
        for _ in range(chance.choice((1, 1, 2))):
            at = chance.randrange(len(changed))
            changed[at] = near(changed[at], constants, chance)
        kind = _kind(changed, certain)
        if not old.receiver:
            made.append(javascript_call(old, "", changed, kind=kind))
            continue
        again = javascript_call(old, "", changed, kind=kind)
        before = "\n".join(line for line in call.setup.split("\n") if not BOUND.fullmatch(line))
        head, _, _ = call.shown.rpartition(f"({', '.join(given)})")
        shown = f"{head}({', '.join(changed)})"
        made.append(replace(again, setup=f"{before}\n{again.setup}", watched=(*again.watched, _RECEIVER), shown=shown))
    return made


def symbol_of(old: Slice) -> tuple[str, ...]:
    """The path of the symbol that a slice calls."""
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
    calls = [javascript_call(old, old.receiver, lists[n % len(lists)], each) for n, each in enumerate(before)]
    for n in range(_MOST):
        receiver = receivers[n % len(receivers)]
        calls.append(
            javascript_call(old, receiver, lists[(n * 3) % len(lists)], before[(n * 7 + n // 5) % len(before)])
        )
    return calls


def _receivers(source: JavaScriptSource, old: Slice, owner: str) -> list[str]:
    constructor = source.function((owner, "constructor"))
    lists = argument_lists(source, constructor, 6) if constructor is not None else []
    return [old.receiver, *(f"{old.receiver}\n{_RECEIVER} = new {owner}({', '.join(each)});" for each in lists)]


def _fits(argument: str, parameter: Parameter) -> bool:
    """Whether a proposed argument may be meant for a parameter of which the code says what it takes."""
    kind = next((kind for begins, kind in _KINDS if begins.match(argument)), "")
    wanted = parameter.shape.kind
    if not kind or not parameter.certain or wanted in {shapes.ANY, shapes.UNION, shapes.EXACTLY}:
        return True
    return wanted in {"number": {shapes.NUMBER}, "string": {shapes.STRING}, "list": {shapes.LIST, shapes.TUPLE}}[kind]


def _kind(arguments: list[str], certain: list[bool]) -> tuple[str, ...]:
    """What the arguments look like of which the code doesn't say what they are."""
    unknown = [text for text, is_certain in zip(arguments, certain, strict=False) if not is_certain]
    return tuple(next((kind for begins, kind in _KINDS if begins.match(each)), "other") for each in unknown)


def javascript_call(
    old: Slice, receiver: str, arguments: list[str], before: str = "", kind: tuple[str, ...] = ()
) -> Call:
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
        made = re.findall(rf"\b{_RECEIVER} = (new .*);", receiver)[-1]
        called = "value" if before else f"({made})"
        earlier = before.replace(f"{_AGAIN}(", f"{old.entry}(").replace(f"{_RECEIVER}.", "value.")
        shown = (f"const value = {made}; {earlier} " if before else "") + shown.replace(_RECEIVER, called, 1)
    return Call(f"{old.entry}({', '.join(given)})", "\n".join(setup), tuple(watched), shown, kind)


def _earlier(source: JavaScriptSource, old: Slice, path: tuple[str, ...]) -> list[str]:
    """What may have happened to the receiver before the call: other methods of its class."""
    found = [""]
    for method in source.methods(path[0])[:_MOST_METHODS]:
        name = name_of(method)
        words = {text_of(each) for each in method.children if not each.is_named}
        if name in {"constructor"} or name.startswith(("#", "[")) or words & {"static", "get", "set"}:
            continue
        lists = argument_lists(source, method, 6)
        called = _AGAIN if name == path[-1] else f"{_RECEIVER}.{name}"
        ones = [f"{called}({', '.join(each)});" for each in lists[:6]]
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
