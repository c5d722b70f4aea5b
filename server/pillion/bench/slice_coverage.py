"""How many functions run in the sandbox, and what stops the others."""

import ast
import importlib
import inspect
import itertools
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pillion.bench.suite import MODULES
from pillion.errors import CannotRunError
from pillion.sandbox.sandbox import Answer, Call, Limits, NotRun, Raised, Returned, Sandbox
from pillion.sandbox.slices.python_slice import python_slice

_MIN_LINES, _MAX_LINES = 5, 60
_MOST_CALLS = 60
_LIMITS = Limits(call_s=0.1, all_s=1.5)
_BLIND = (
    "3", "'ab'", "[1, 2, 3]", "None", "{'a': 1}", "0", "1.5", "''", "b'ab'", "True", "[]", "['ab', 'c']",
    "(1, 2)", "(lambda *a: 1)", "'a/b.c'", "-2", "[(1, 2)]", "2000", "int", "['a=1']",
    "_File(b'\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00a\\n')", "_File(b'12\\n3\\n')", "_File('ab\\nc=1\\n')",
)  # fmt: skip


_FILE = """
class _File:
    def __init__(self, data):
        self.data = data
    def read(self, size=-1):
        end = len(self.data) if size is None or size < 0 else size
        part, self.data = self.data[:end], self.data[end:]
        return part
    def readline(self, size=-1):
        end = self.data.find(self.data[:0] + (b"\\n" if isinstance(self.data, bytes) else "\\n"))
        return self.read(end + 1 if end >= 0 else -1)
    def write(self, data):
        return len(data)
    def seek(self, position, whence=0):
        return position
    def tell(self):
        return 0
"""


@dataclass(frozen=True, slots=True)
class TopLevelFunction:
    """A function of a module's top level."""

    module: str
    name: str
    text: str
    parameters: int


@dataclass(slots=True)
class Coverage:
    """What became of functions. `reasons`: why those that don't run don't, by how many."""

    functions: int = 0
    load: int = 0
    run: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    stopped: dict[str, str] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share that runs."""
        return self.run / self.functions if self.functions else 0.0


def top_level_functions(modules: Iterable[str] = MODULES) -> Iterator[TopLevelFunction]:
    """Those of the running Python's library with 5 to 60 lines."""
    for module in modules:
        try:
            text = inspect.getsource(importlib.import_module(module))
        except (ImportError, OSError, TypeError):
            continue  # not on this system, or without its source
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                if _MIN_LINES <= (node.end_lineno or first) - first + 1 <= _MAX_LINES:
                    needed = len(node.args.posonlyargs) + len(node.args.args) - len(node.args.defaults)
                    yield TopLevelFunction(module, node.name, text, needed)


def coverage(functions: Iterable[TopLevelFunction], sandbox: Sandbox) -> Coverage:
    """Slices, loads and calls each with blind inputs."""
    made = Coverage()
    for each in functions:
        made.functions += 1
        started = time.perf_counter()
        reason = "no call gave a value"
        try:
            piece = python_slice(each.text, (each.name,))
            sandbox.run(piece.source, [Call("None")], _LIMITS)
            made.milliseconds.append((time.perf_counter() - started) * 1000)
            made.load += 1
            answers = sandbox.run(piece.source, _calls(piece.entry, each.parameters), _LIMITS)
            if any(_says_something(answer, piece.text) for answer in answers):
                made.run += 1
                continue
            lacking = Counter(answer.reason for answer in answers if isinstance(answer, NotRun))
            reason = lacking.most_common(1)[0][0] if lacking else reason
        except CannotRunError as exc:
            reason = str(exc)
        made.reasons[reason] += 1
        made.stopped[f"{each.module}.{each.name}"] = reason
    return made


def _says_something(answer: Answer, text: str) -> bool:
    if isinstance(answer, Returned):
        return True
    return isinstance(answer, Raised) and re.search(rf"\braise\s+(?:\w+\.)?{answer.kind}\b", text) is not None


def _calls(entry: str, parameters: int) -> list[Call]:
    rows = [(value,) * parameters for value in _BLIND]
    mixed = itertools.islice(itertools.product(_BLIND[:8], repeat=parameters), 0, 4096, 97) if parameters > 1 else ()
    unique = dict.fromkeys([*rows, *mixed])
    return [
        Call(f"{entry}({', '.join(row)})", _FILE if any("_File" in each for each in row) else "")
        for row in itertools.islice(unique, _MOST_CALLS)
    ]
