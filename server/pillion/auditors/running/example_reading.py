"""Reads the examples of a symbol wherever people write them, by language. What isn't certain is no example."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pillion.auditors.running.reading import javascript_test_examples, python_test_examples
from pillion.auditors.running.reading.doctest_examples import doctests_in
from pillion.auditors.running.reading.javascript_notation import JAVASCRIPT
from pillion.auditors.running.reading.notation import Notation
from pillion.auditors.running.reading.prose_examples import prose_in
from pillion.auditors.running.reading.python_notation import PYTHON
from pillion.auditors.running.reading.table_examples import tables_in
from pillion.auditors.running.reading.written_example import Callee, WrittenExample
from pillion.auditors.running.reading.written_words import symbol_at, words_about
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol

DOCUMENTATION, INSTRUCTION = "its documentation", "the instruction"
MOST_EXAMPLES = 40
_LONGEST = 40_000
_FENCE = re.compile(r"^[ \t]*```[^\n]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)
# What the lines at the margin bind. One name too many does no harm: a call with it fails by that name, and is let go.
_DEFINED = re.compile(
    r"^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:def|class|function\*?|const|let|var|enum)\s+([\w$]+)"
    r"|^([\w$]+)\s*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)
_IMPORTED = re.compile(r"^(?:from|import)\b([^\n({]*(?:[({][^)}]{0,4000}[)}])?)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reader:
    """How the examples of one language are read. `sessions` takes out of a text what it reads."""

    notation: Notation
    sessions: Callable[[str, Callee], tuple[list[WrittenExample], str]]
    tests: Callable[[str, Callee, Mapping[str, str]], list[WrittenExample]]
    assertions: Callable[[str, Callee], list[WrittenExample]]


def _no_sessions(text: str, callee: Callee) -> tuple[list[WrittenExample], str]:
    return [], text


_PYTHON = Reader(PYTHON, doctests_in, python_test_examples.tests_in, python_test_examples.assertions_in)
_JAVASCRIPT = Reader(
    JAVASCRIPT, _no_sessions, javascript_test_examples.tests_in, javascript_test_examples.assertions_in
)
READERS: Mapping[str, Reader] = MappingProxyType(
    {"python": _PYTHON, "javascript": _JAVASCRIPT, "typescript": _JAVASCRIPT, "typescriptreact": _JAVASCRIPT}
)


def callee_of(parsed: ParsedText, path: tuple[str, ...]) -> Callee | None:
    """What examples of a symbol call; None if there is no such symbol."""
    symbol = symbol_at(parsed, path)
    if symbol is None:
        return None
    known = _known_names(parsed.text)
    is_method = len(path) > 1
    listed = list(_parameters(symbol))
    if is_method and listed and listed[0][0] in {"self", "cls"}:
        listed = listed[1:]
    plain = [each for each in listed if not each[0].startswith(("*", "..."))]
    return Callee(
        symbol.name,
        path[-2] if is_method else "",
        tuple(name for name, _, _ in plain),
        sum(not has_default for _, _, has_default in plain),
        known,
        {name: kind for name, kind, _ in plain if kind},
    )


def _known_names(text: str) -> frozenset[str]:
    defined = {name for found in _DEFINED.findall(text) for name in found if name}
    return frozenset(defined.union(*(re.findall(r"[\w$]+", each) for each in _IMPORTED.findall(text))))


def _parameters(symbol: Symbol) -> Iterator[tuple[str, str, bool]]:
    """Each parameter's name, annotation, and whether it may be left out."""
    opened = symbol.header.find("(", symbol.name_end - symbol.start)
    for part in _parts(symbol.header[opened + 1 :]) if opened >= 0 else ():
        left, is_given, _ = _partition(part, "=")
        name, _, kind = left.partition(":")
        name = name.strip()
        if name and name not in {"*", "/"} and not name.startswith(("{", "[")):
            yield name.removesuffix("?"), " ".join(kind.split()), is_given or name.endswith("?")


def _parts(listed: str) -> Iterator[str]:
    """A parameter list, split at its own commas, up to its end."""
    depth, part = 0, ""
    for character in listed:
        if character in "([{<":
            depth += 1
        elif character in ")]}>":
            if depth == 0:
                break
            depth -= 1
        if character == "," and depth == 0:
            yield part
            part = ""
        else:
            part += character
    if part.strip():
        yield part


def _partition(part: str, at: str) -> tuple[str, bool, str]:
    left, found, right = part.partition(at)
    return left, bool(found), right


def examples_in(text: str, callee: Callee, language: str) -> list[WrittenExample]:
    """The examples of one text about a symbol, in no order."""
    reader = READERS.get(language)
    if reader is None or len(text) > _LONGEST:
        return []
    found, rest = reader.sessions(text, callee)
    for block in _FENCE.findall(rest):
        found += reader.assertions(block, callee)
    found += prose_in(rest, callee, reader.notation)
    found += tables_in(rest, callee, reader.notation)
    return found


def documented_examples(parsed: ParsedText, path: tuple[str, ...], callee: Callee) -> list[WrittenExample]:
    """The examples of a symbol's documentation and comments."""
    texts = words_about(parsed, path)
    return _once(
        replace(each, origin=DOCUMENTATION) for text in texts for each in examples_in(text, callee, parsed.language.id)
    )


def told_examples(instruction: str, callee: Callee, language: str) -> list[WrittenExample]:
    """The examples of what the user said."""
    return _once(replace(each, origin=INSTRUCTION) for each in examples_in(instruction, callee, language))


def tested_examples(
    tests: Iterable[tuple[str, str, Mapping[str, str]]], callee: Callee, language: str
) -> list[WrittenExample]:
    """The examples of files of tests: of each its name, its text and what its names are in the document."""
    reader = READERS.get(language)
    found: list[WrittenExample] = []
    for name, text, alias in tests if reader is not None else ():
        found += [replace(each, origin=name) for each in reader.tests(text, callee, alias)] if reader else []
        if len(found) >= MOST_EXAMPLES:
            break
    return _once(found)


def without_contradictions(examples: Sequence[WrittenExample]) -> list[WrittenExample]:
    """The examples without those of one call that want different things of it."""
    wanted: dict[str, set[str]] = {}
    for each in examples:
        wanted.setdefault(each.subject, set()).add("".join(each.said.split()).replace('"', "'"))
    return [each for each in examples if len(wanted[each.subject]) == 1]


def _once(examples: Iterable[WrittenExample]) -> list[WrittenExample]:
    found: dict[tuple[str, str], WrittenExample] = {}
    for each in examples:
        found.setdefault((each.subject, each.said), each)
    return list(found.values())[:MOST_EXAMPLES]


def calls_in(examples: Iterable[WrittenExample]) -> tuple[str, ...]:
    """The calls of examples as source text, for whoever looks for good inputs. Those that need statements before them
    are left out."""
    return tuple(dict.fromkeys(each.call for each in examples if not each.setup))
