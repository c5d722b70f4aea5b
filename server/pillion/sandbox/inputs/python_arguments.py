"""Arguments as source text → a Call, and back."""

import ast
import re
from dataclasses import dataclass

from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.python_trees import parse_expression, parse_module

_PREFIX = "_pillion_"
_RECEIVER = "_receiver"
_HELD = re.compile(rf"{_PREFIX}\d+")
_IMPORTS = {"_datetime.": "import datetime as _datetime", "_pathlib.": "import pathlib as _pathlib"}
_THING = """class _Thing:
    def __init__(self, **attributes):
        for name in attributes:
            setattr(self, name, attributes[name])"""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its source text, and its name if it is given by name."""

    text: str
    name: str = ""

    @property
    def shown(self) -> str:
        """As it stands in a call."""
        return f"{self.name}={self.text}" if self.name else self.text


Arguments = tuple[Argument, ...]


def call_of(old: Slice, arguments: Arguments, kind: tuple[str, ...] = (), before: tuple[str, ...] = ()) -> Call:
    """The call. What it can change is bound to a name before, so that it can be looked at afterwards.

    `before` are calls of other methods of the same object, such as `push(1)`, which may fail.
    """
    setup, watched, inner = [], [], []
    text = " ".join(each.text for each in arguments)
    setup += [line for word, line in _IMPORTS.items() if word in text]
    if "_Thing(" in text:
        setup.append(_THING)
    if old.receiver:
        setup.append(old.receiver)
        watched.append(_RECEIVER)
    if before:
        setup.append("\n    ".join(["try:", *(f"{_RECEIVER}.{each}" for each in before)]))
        setup.append("except Exception:\n    pass")
    for at, each in enumerate(arguments):
        if not each.text.startswith(("[", "{", "set(", "_Thing(")) and not each.text[0].isupper():
            inner.append(each.shown)
            continue
        name = f"{_PREFIX}{at}"
        setup.append(f"{name} = {each.text}")
        watched.append(name)
        inner.append(f"{each.name}={name}" if each.name else name)
    shown = ", ".join(each.shown for each in arguments).replace("_datetime.", "datetime.").replace("_pathlib.", "")
    name = old.entry.rpartition(".")[2]
    return Call(
        f"{old.entry}({', '.join(inner)})",
        "\n".join(setup),
        tuple(watched),
        ", then ".join([*before, f"{name}({shown})"]),
        kind,
    )


def arguments_of(call: Call) -> Arguments | None:
    """The arguments of a call that `call_of` made; None if it is another."""
    try:
        node = parse_expression(call.expression).body
        setup = parse_module(call.setup).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(node, ast.Call):
        return None
    held = {
        each.targets[0].id: ast.unparse(each.value)
        for each in setup
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
    }
    pairs = [("", each) for each in node.args] + [(each.arg or "", each.value) for each in node.keywords]
    return tuple(
        Argument(held[each.id] if isinstance(each, ast.Name) and _HELD.fullmatch(each.id) else ast.unparse(each), name)
        for name, each in pairs
    )


def before_of(call: Call) -> tuple[str, ...]:
    """The calls that `call_of` put before this one."""
    return tuple(call.shown.split(", then ")[:-1]) if "\nexcept Exception:\n    pass" in call.setup else ()
