"""The samples for auditors: functions of the running Python's own library, each clean and with one seeded bug.

No code of the library is copied into Pillion. Python versions differ a little, so a suite has a fingerprint.
"""

import ast
import hashlib
import importlib
import inspect
import platform
import re
import textwrap
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from pillion.bench.function_source import AnyFunction, has_docstring
from pillion.bench.mutations import KINDS, Mutant, applicable_kinds, mutate
from pillion.bench.rewrites import rewritten
from pillion.errors import UsageError
from pillion.plurals import counted

DEFAULT_FUNCTIONS = 40
MIN_LINES, MAX_LINES, MIN_STATEMENTS = 6, 40, 3
# Modules in pure Python, on every system, with algorithms rather than system calls; asyncio is there for `await`.
MODULES = (
    "argparse",
    "asyncio.locks",
    "asyncio.queues",
    "asyncio.streams",
    "bisect",
    "calendar",
    "cmd",
    "colorsys",
    "configparser",
    "copy",
    "csv",
    "dataclasses",
    "difflib",
    "email.utils",
    "fileinput",
    "fnmatch",
    "fractions",
    "functools",
    "gettext",
    "heapq",
    "html.parser",
    "http.cookies",
    "ipaddress",
    "json.encoder",
    "mimetypes",
    "netrc",
    "pickletools",
    "plistlib",
    "posixpath",
    "pprint",
    "quopri",
    "random",
    "reprlib",
    "sched",
    "shlex",
    "statistics",
    "string",
    "textwrap",
    "tokenize",
    "urllib.parse",
    "urllib.robotparser",
    "zipfile",
)


@dataclass(frozen=True, slots=True)
class LibraryFunction:
    """A function and its place [start, end) in its module's text.

    `source` is the function at column 0, decorators included, and `header` its beginning up to the docstring's end.
    """

    module: str
    name: str
    source: str
    header: str
    indentation: str
    module_text: str
    start: int
    end: int

    def document(self, source: str) -> str:
        """The whole module with another text (at column 0) in the function's place."""
        indented = textwrap.indent(source, self.indentation)
        return self.module_text[: self.start] + indented + self.module_text[self.end :]

    @property
    def document_with_stub(self) -> str:
        """The whole module before somebody wrote this function's body."""
        return self.document(f"{self.header}    raise NotImplementedError\n")


class Work(StrEnum):
    """What somebody did to write a sample."""

    IMPLEMENT = "implement"  # there was a stub
    REFACTOR = "refactor"  # there was the clean function


@dataclass(frozen=True, slots=True)
class Sample:
    """One function to judge. `source` is at column 0; `mutated_lines` count from 1 in it; a clean function has none.

    A clean refactoring has another text than the function before, and does the same.
    """

    function: LibraryFunction
    source: str
    mutated_lines: tuple[int, ...] = ()
    kind: str | None = None
    work: Work = Work.IMPLEMENT

    @property
    def name(self) -> str:
        """`module.Class.function`."""
        return self.function.name

    @property
    def clean(self) -> bool:
        """Whether it has no seeded bug."""
        return self.kind is None

    @property
    def document(self) -> str:
        """The whole module with the sample in it."""
        return self.function.document(self.source)

    @property
    def before(self) -> str:
        """The whole module before somebody wrote the sample."""
        return self.function.document_with_stub if self.work is Work.IMPLEMENT else self.function.module_text

    @property
    def refactoring(self) -> "Sample":
        """The sample as a refactoring of the clean function. A clean one is rewritten, so that it differs."""
        source = rewritten(self.source) if self.clean else self.source
        return replace(self, source=source, work=Work.REFACTOR)

    @property
    def indented(self) -> str:
        """The sample with its indentation in the document."""
        return textwrap.indent(self.source, self.function.indentation)


@dataclass(frozen=True)
class Suite:
    """Clean functions and a mutant of each, side by side."""

    samples: tuple[Sample, ...]
    seed: int

    def of(self, work: Work) -> tuple[Sample, ...]:
        """The samples as the results of this work."""
        return self.samples if work is Work.IMPLEMENT else tuple(each.refactoring for each in self.samples)

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits: the same in two runs whose figures can be compared."""
        digest = hashlib.sha256()
        for sample in self.samples:
            digest.update(f"{sample.name}\0{sample.kind}\0{sample.source}\0".encode())
        return digest.hexdigest()[:12]

    @property
    def python(self) -> str:
        """The version of the library's Python, such as `3.12.1`."""
        return platform.python_version()


def build_suite(functions: int = DEFAULT_FUNCTIONS, seed: int = 0, modules: Sequence[str] = MODULES) -> Suite:
    """A suite of `functions` clean functions and as many mutants, with all kinds equally often if possible.

    Raises:
        UsageError: fewer than one, or more than this Python's library gives.
    """
    if functions < 1:
        raise UsageError(f"A suite of {counted(functions, 'function')} measures nothing.", hint="It takes at least 1.")
    picked = list(_picked(library_functions(modules), functions, seed))
    if len(picked) < functions:
        raise UsageError(
            f"This Python's library gives {counted(len(picked), 'function')} to judge by; {functions} were asked for.",
            hint="Some Pythons come without their library's source." if not picked else "Ask for fewer.",
        )
    pairs = [(Sample(each, each.source), Sample(each, m.text, m.lines, m.kind)) for each, m in picked]
    return Suite(tuple(sample for pair in pairs for sample in pair), seed)


def library_functions(modules: Sequence[str] = MODULES) -> list[LibraryFunction]:
    """The suitable functions and methods of the modules that this Python has with source, in the order of the text."""
    return [function for module in modules for function in _functions_in(module)]


def _functions_in(module: str) -> Iterator[LibraryFunction]:
    try:
        text = inspect.getsource(importlib.import_module(module))
    except (ImportError, OSError, TypeError):
        return  # not on this system, or without its source
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    for path, node in _definitions(ast.parse(text)):
        if not _fits(node):
            continue
        first, body, last = _first_line(node), _first_line(_code(node)[0]), node.end_lineno or node.lineno
        own = text[starts[first - 1] : starts[last]]
        source, indentation = textwrap.dedent(own), own[: len(own) - len(own.lstrip(" "))]
        # A string whose lines begin further left can't be dedented.
        if MIN_LINES <= last - first + 1 <= MAX_LINES and textwrap.indent(source, indentation) == own:
            header = "".join(f"{line}\n" for line in source.split("\n")[: body - first])
            place = (starts[first - 1], starts[last])
            yield LibraryFunction(module, f"{module}.{path}", source, header, indentation, text, *place)


def _definitions(tree: ast.Module) -> Iterator[tuple[str, AnyFunction]]:
    for node in tree.body:
        if isinstance(node, AnyFunction):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{each.name}", each) for each in node.body if isinstance(each, AnyFunction))


def _fits(node: AnyFunction) -> bool:
    """Whether a function has enough code to judge below its header, and is no property's setter, whose name is the same
    as the getter's."""
    code = _code(node)
    statements = sum(isinstance(each, ast.stmt) for top in code for each in ast.walk(top))
    by_name = all(isinstance(each, ast.Name) for each in node.decorator_list)
    return statements >= MIN_STATEMENTS and by_name and node.body[0].lineno > node.lineno


def _code(node: AnyFunction) -> list[ast.stmt]:
    """The body after the docstring."""
    return node.body[1:] if has_docstring(node) else node.body


def _first_line(node: ast.stmt) -> int:
    """The first line, from 1; decorators belong to their function."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _picked(functions: list[LibraryFunction], wanted: int, seed: int) -> Iterator[tuple[LibraryFunction, Mutant]]:
    """Picks functions for the kinds in turn, the rarest kind first, each from the module that was used least."""
    places = {each: applicable_kinds(each.source) for each in functions}
    # In the order of hashes, so that one function more or less in another Python changes few of the others.
    left = sorted(functions, key=lambda each: hashlib.sha256(f"{seed}:{each.name}".encode()).digest())
    turns = deque(sorted(KINDS, key=lambda kind: sum(kind in kinds for kinds in places.values())))
    used: Counter[str] = Counter()
    while used.total() < wanted and turns:
        kind = turns.popleft()
        candidates = sorted((each for each in left if kind in places[each]), key=lambda each: used[each.module])
        mutants = ((each, mutate(each.source, kind, f"{seed}:{each.name}")) for each in candidates)
        for function, mutant in mutants:
            if mutant is not None:
                yield function, mutant
                left.remove(function)
                used[function.module] += 1
                turns.append(kind)
                break
