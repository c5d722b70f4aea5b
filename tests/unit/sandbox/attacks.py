"""Code out of the pieces of which escapes are made, put together by hypothesis."""

import re
from collections.abc import Mapping, Sequence
from textwrap import indent

from hypothesis import strategies as st

from tests.unit.sandbox.escapes import ESCAPES

_ATTRIBUTES = (
    "__class__", "__bases__", "__base__", "__mro__", "__subclasses__", "__globals__", "__code__", "__closure__", "__dict__",
    "__builtins__", "__import__", "__self__", "__func__", "__module__", "__init__", "__call__", "__getattribute__",
    "__reduce__", "__reduce_ex__", "__traceback__", "tb_frame", "f_back", "f_globals", "f_locals", "gi_frame", "cr_frame",
    "co_consts", "__loader__", "__spec__", "modules", "environ", "system", "popen", "getenv", "path", "stdout", "write",
    "read", "read_text", "write_text", "append", "format", "join", "encode", "replace", "sort", "items", "pop", "x", "a",
)  # fmt: skip
_ATOMS = (
    "open", "print", "eval", "exec", "compile", "__import__", "getattr", "setattr", "hasattr", "type", "object", "super",
    "globals", "locals", "vars", "input", "iter", "next", "repr", "str", "hash", "sorted", "map", "range", "int", "pow",
    "os", "sys", "json", "re", "math", "random", "pathlib", "asyncio", "functools", "itertools", "copy", "collections",
    "a", "b", "f", "A", "A()", "f(1)", "_pillion_result", "'«file»'", "'«folder»'", "'«variable»'", "pathlib.Path('«file»')",
    "0", "1", "-1", "10 ** 9", "1 << 10 ** 6", "1e308", "''", "'{0.__class__}'", "'%1000000d'", "'x' * 10 ** 6", "[]",
    "[0] * 10 ** 5", "(1, 2)", "{}", "{1: a}", "None", "lambda: f", "lambda *x: open", "b'\\x00' * 1000", "...",
    "re.compile('(a?){99}' * 3)", "itertools.count()", "itertools.repeat(1)", "functools.partial", "float('nan')",
    "'\\ud800'", "'\\0'", "Exception('x')", "KeyboardInterrupt", "range(10 ** 12)",
)  # fmt: skip
_METHODS = ("__repr__", "__eq__", "__hash__", "__len__", "__iter__", "__call__", "__del__", "__getattr__", "__enter__",
            "__contains__", "__add__", "__getitem__", "__init__", "__index__", "__reduce__", "__str__", "g")  # fmt: skip
_OPERATORS = ("+", "*", "**", "%", "<<", "==", "<", "in", "and", "or", "is", "//", "@", "|")
_PROGRAM = """import os, sys, json, re, math, random, pathlib, asyncio, functools, itertools, copy, collections
a = [1]
b = {}
def f(x=1, *y):
    return x
class A:
    x = 1
    def g(self, *y):
        return y
"""
# What is in «» is made anew: e an expression, a an attribute, o an operator, m a method, s statements, b a block of them.
_EXPRESSIONS = (
    "(«e»).«a»", "getattr(«e», '«a»')", "(«e»)(«e»)", "(«e»)(«e», «e»)", "(«e»)[«e»]", "(«e») «o» («e»)", "[«e» for x in («e»)]",
    "[«e», «e»]", "{«e»: «e»}", "{«e»}", "(«e» if «e» else «e»)", "(lambda x: «e»)", "'{0.«a»}'.format(«e»)", "f'{«e»}'",
    "setattr(«e», '«a»', «e»)", "sorted(«e», key=«e»)", "(«e»)(*«e»)", "(«e»)(**«e»)", "(b := «e»)",
)  # fmt: skip
_STATEMENTS = (
    "«e»", "a = «e»", "b = «e»", "raise «e»", "a.append(«e»)", "exec(repr(«e»))", "import subprocess", "import gc, inspect",
    "«s»\n«s»", "for a in «e»:\n«b»", "while «e»:\n«b»", "if «e»:\n«b»", "with «e» as a:\n«b»", "assert «e», «e»",
    "try:\n«b»\nexcept BaseException as c:\n«b»", "try:\n«b»\nfinally:\n«b»", "def f(x=«e», *y):\n«b»\n    return «e»",
    "async def f(x=1):\n«b»\n    await «e»", "class A:\n    x = «e»\n    def «m»(self, *y):\n        return «e»",
    "global a\na = «e»", "@«e»\ndef f(x):\n«b»", "match «e»:\n    case «a»:\n        «e»",
)  # fmt: skip
_KNOWN = tuple(code for rows in ESCAPES.values() for code, _ in rows)
_MADE = re.compile("«([eaomsb])»")
_DEEPEST = 4


@st.composite
def programs(draw: st.DrawFn, names: Mapping[str, str]) -> str:
    """Programs with a call as their last line. `names`: what stands for `file`, `folder` and `variable`."""

    def pick(options: Sequence[str]) -> str:
        return draw(st.sampled_from(options))

    def made(kind: str, depth: int) -> str:
        match kind:
            case "e":
                form = pick(_EXPRESSIONS) if draw(st.integers(0, _DEEPEST)) < depth else pick(_ATOMS)
            case "s" | "b":
                form = pick(_STATEMENTS) if draw(st.integers(0, _DEEPEST)) < depth else "«e»"
            case _:
                return pick({"a": _ATTRIBUTES, "o": _OPERATORS, "m": _METHODS}[kind])
        filled = _MADE.sub(lambda found: made(found[1], depth - 1), form)
        return indent(filled, "    ") if kind == "b" else filled

    # One that fails must not keep the next ones from being tried.
    tried = (
        f"try:\n{made('b', _DEEPEST)}\nexcept BaseException as c:\n    pass\n" for _ in range(draw(st.integers(1, 4)))
    )
    program = f"{_PROGRAM}{''.join(tried)}"
    if draw(st.booleans()):
        call = made("e", _DEEPEST)
    else:
        known = pick(_KNOWN)
        call = known.format(**names) if "{" in known else known
    for name, value in names.items():
        program, call = program.replace(f"«{name}»", value), call.replace(f"«{name}»", value)
    return f"{program}\n{call}"
