"""Examples that name inputs and what comes out: “For n = 3 the result is 4”, Input and Output, tables."""

import re
from collections.abc import Iterator, Mapping, Sequence

from pillion.auditors.running.reading.notation import MOST_CHARACTERS, Notation, value_end
from pillion.auditors.running.reading.written_example import Callee, WrittenExample

_NAMED = re.compile(r"[ \t]*(?P<name>[A-Za-z_]\w*)[ \t]*(?:=|:)(?!=)[ \t]*")
_COMMA = re.compile(r"[ \t]*(?:,[ \t]*(?:and[ \t]+)?|[ \t]+and[ \t]+)")
_FOR = re.compile(
    r"(?:^|[.:;][ \t]+|^[ \t>*+•-]*)[ \t]*(?:for|given|with|if)[ \t]+`?(?=[\w\['\"({-])", re.IGNORECASE | re.MULTILINE
)
_OUTCOME = re.compile(
    r"`?[ \t]*,?[ \t]*(?:[^\n.;=]{0,60}?[ \t])?(?:the[ \t]+)?(?:output|result|answer|return[ \t]+value|function)[ \t]+"
    r"(?:should[ \t]+(?:be|return)|must[ \t]+be|will[ \t]+be|is|returns?|=)[ \t]*:?[ \t]*`?",
    re.IGNORECASE,
)
_SAID_BEFORE = r"(?:sample[ \t]+|example[ \t]+|expected[ \t]+)?"
_COLON = r"[ \t]*\d*[ \t]*(?::(?:\*\*)?|=>)[ \t]*`?"
_INPUT = re.compile(
    rf"^[ \t>*+•-]*(?:\*\*)?{_SAID_BEFORE}(?:inputs?|in|arguments?|args){_COLON}", re.IGNORECASE | re.MULTILINE
)
_OUTPUT = re.compile(
    r"`?[ \t]*[,;.]?(?:[ \t]*\n){0,2}[ \t>*+•-]*(?:\*\*)?(?:→|->|=>)?[ \t]*"
    rf"{_SAID_BEFORE}(?:outputs?|out|returns?|results?){_COLON}",
    re.IGNORECASE,
)
_REST = re.compile(r"[`*]*[ \t]*(?:$|[.;](?:\s|$)|\(|#|//)", re.MULTILINE)
_CALLS = frozenset({"call", "calls", "expression", "example", "examples", "code", "usage"})
_INPUTS = frozenset({"input", "inputs", "argument", "arguments", "in", "args"})
_RESULTS = frozenset(
    {"output", "outputs", "result", "results", "returns", "return", "expected", "out", "return value", "value"}
)
_RULE = re.compile(r"[ \t]*[|+]?[ \t:]*[-=]{2,}[-=|+: \t]*$")
_STRINGS = frozenset({"str", "bytes", "string"})
_MOST_ROWS = 40


def tables_in(text: str, callee: Callee, notation: Notation) -> list[WrittenExample]:
    """The examples of a text. Of a method there are none: nothing says what it is called of."""
    if callee.owner or not callee.parameters:
        return []
    return [*_sentences(text, callee, notation), *_pairs(text, callee, notation), *_rows(text, callee, notation)]


def _sentences(text: str, callee: Callee, notation: Notation) -> Iterator[WrittenExample]:
    for match in _FOR.finditer(text):
        given = _given(text, match.end(), callee, notation)
        if given is None:
            continue
        arguments, end = given
        outcome = _OUTCOME.match(text, end)
        if outcome is not None:
            yield from _example(text, match.start(), arguments, outcome.end(), callee, notation)


def _pairs(text: str, callee: Callee, notation: Notation) -> Iterator[WrittenExample]:
    for match in _INPUT.finditer(text):
        given = _given(text, match.end(), callee, notation)
        if given is not None and (output := _OUTPUT.match(text, given[1])) is not None:
            yield from _example(text, match.start(), given[0], output.end(), callee, notation)


def _example(
    text: str, start: int, arguments: str, at: int, callee: Callee, notation: Notation
) -> Iterator[WrittenExample]:
    end = value_end(text, at)
    if end is None or end - at > MOST_CHARACTERS or _REST.match(text, end) is None:
        return
    wanted = notation.value(text[at:end], callee)
    if wanted is not None:
        yield WrittenExample(f"{callee.name}({arguments})", wanted, quote=" ".join(text[start:end].split()))


def _given(text: str, start: int, callee: Callee, notation: Notation) -> tuple[str, int] | None:
    """The arguments that stand there, as a call has them, and where they end: all by name, or all by place."""
    named: dict[str, str] = {}
    plain: list[str] = []
    at = start
    while True:
        name = _NAMED.match(text, at)
        begin = name.end() if name is not None and name["name"] in callee.parameters else at
        begin += len(text[begin:]) - len(text[begin:].lstrip(" \t`")) if text[begin : begin + 1] in " \t`" else 0
        end = value_end(text, begin)
        source = notation.value(text[begin:end], callee) if end is not None else None
        if end is None or source is None:
            return None
        if begin != at and name is not None:
            named[name["name"]] = source
        else:
            plain.append(source)
        at = end
        comma = _COMMA.match(text, at)
        if comma is None or (value_end(text, comma.end()) is None) or not _goes_on(text, comma.end(), callee, notation):
            break
        at = comma.end()
    arguments = _arguments(named, plain, callee)
    return (arguments, at) if arguments is not None else None


def _goes_on(text: str, at: int, callee: Callee, notation: Notation) -> bool:
    """Whether another argument stands there, and not the sentence's next words."""
    name = _NAMED.match(text, at)
    if name is not None and name["name"] in callee.parameters:
        return True
    end = value_end(text, at)
    return end is not None and notation.value(text[at:end], callee) is not None


def _arguments(named: Mapping[str, str], plain: Sequence[str], callee: Callee) -> str | None:
    values = dict(named)
    if plain:
        if named or not callee.required <= len(plain) <= len(callee.parameters):
            return None
        values = dict(zip(callee.parameters, plain, strict=False))
    ordered = list(callee.parameters[: len(values)])
    if set(values) != set(ordered) or len(values) < callee.required:
        return None
    # “3” in a list of inputs may be meant as text.
    if any(callee.annotations.get(name) in _STRINGS and value[:1].isdigit() for name, value in values.items()):
        return None
    return ", ".join(values[name] for name in ordered)


def _rows(text: str, callee: Callee, notation: Notation) -> Iterator[WrittenExample]:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if _RULE.match(line) is None or number == 0:
            continue
        simple = "|" not in line and "+" not in line
        columns = _columns(line)
        if simple and (len(columns) < 2 or line.strip()[:1] != "="):
            continue
        header = [each.lower() for each in _cells(lines[number - 1], columns if simple else None)]
        for row in lines[number + 1 : number + 1 + _MOST_ROWS]:
            if simple and _RULE.match(row):
                break
            if not row.strip() or (not simple and "|" not in row and _RULE.match(row) is None):
                break
            if _RULE.match(row) is None:
                cells = _cells(row, columns if simple else None)
                yield from _row(header, cells, row, callee, notation)


def _columns(rule: str) -> list[tuple[int, int]]:
    """Where the columns of a table stand whose rules are `=====  =====`."""
    return [match.span() for match in re.finditer(r"=+", rule)]


def _cells(line: str, columns: Sequence[tuple[int, int]] | None) -> list[str]:
    if columns is None:
        cells = line.strip().strip("|").split("|")
    else:
        starts = [start for start, _ in columns]
        cells = [line[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return [each.strip().strip("`").strip() for each in cells]


def _row(
    header: Sequence[str], cells: Sequence[str], row: str, callee: Callee, notation: Notation
) -> Iterator[WrittenExample]:
    if len(header) != len(cells) or len(header) < 2 or header[-1] not in _RESULTS:
        return
    if (wanted := notation.value(cells[-1], callee)) is None:
        return
    if len(header) == 2 and header[0] in _CALLS | _INPUTS and notation.is_call(cells[0], callee):
        call = cells[0]
    else:
        sources = [notation.value(each, callee) for each in cells[:-1]]
        values = [each for each in sources if each is not None]
        if len(values) != len(sources):
            return
        by_name = [each.lower() for each in callee.parameters]
        if len(header) == 2 and header[0] in _INPUTS and callee.required <= 1:
            arguments = _arguments({}, values, callee)
        elif set(header[:-1]) <= set(by_name):
            named = {callee.parameters[by_name.index(name)]: each for name, each in zip(header, values, strict=False)}
            arguments = _arguments(named, [], callee)
        else:
            return
        if arguments is None:
            return
        call = f"{callee.name}({arguments})"
    yield WrittenExample(call, wanted, quote=" ".join(row.split()))
