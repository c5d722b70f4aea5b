"""How to read what each checker prints. Each reader takes the output, the text and where it stands, and yields rows."""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pillion.auditors.checkers.stand_in import StandIn
from pillion.auditors.linters.executables import Ran
from pillion.auditors.linters.linter_rows import Row
from pillion.auditors.passage_findings import line_starts
from pillion.findings.finding import Severity

# The severity of a checker's rules; a rule that isn't there isn't reported.
Severities = Mapping[str, Severity]
Reader = Callable[[Ran, str, StandIn], Iterator[Row]]

_TSC = re.compile(r"(?P<file>[^\n(]+)\((?P<line>\d+),(?P<column>\d+)\): error TS(?P<code>\d+): (?P<message>[^\n]+)")
_VET = re.compile(r"(?:vet: )?(?P<file>[^\s:][^\n:]*):(?P<line>\d+):(?P<column>\d+): (?P<message>[^\n]+)")
_WORD = re.compile(r"\w+")
_LINE = re.compile(r"[^\r\n]*")


class _Places:
    """Lines and columns, from 1, → offsets."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = line_starts(text)

    def line(self, number: int) -> tuple[int, str]:
        """Where a line begins, and its text with its end."""
        number = min(max(number, 1), len(self._starts))
        start = self._starts[number - 1]
        return start, self._text[start : self._starts[number] if number < len(self._starts) else len(self._text)]

    def points(self, number: int, column: int) -> int:
        """A column in code points."""
        start, line = self.line(number)
        return start + min(max(column - 1, 0), len(line))

    def utf16(self, number: int, column: int) -> int:
        """A column in UTF-16 units."""
        start, line = self.line(number)
        units = line.encode("utf-16-le", "replace")[: 2 * max(column - 1, 0)]
        return start + len(units.decode("utf-16-le", "ignore"))

    def byte(self, number: int, column: int) -> int:
        """A column in bytes of UTF-8."""
        start, line = self.line(number)
        return start + len(line.encode("utf-8", "replace")[: max(column - 1, 0)].decode("utf-8", "ignore"))

    def word(self, start: int) -> int:
        """The end of the word at an offset; where there is none, of the line."""
        found = _WORD.match(self._text, start) or _LINE.match(self._text, start)
        return found.end() if found is not None else start


def ty_rows(severities: Severities) -> Reader:
    """Reads what ty prints for GitLab: its columns are code points."""

    def rows(ran: Ran, text: str, where: StandIn) -> Iterator[Row]:
        places = _Places(text)
        for each in _objects(json.loads(ran.printed)):
            rule, place = each["check_name"], each["location"]
            severity = severities.get(rule)
            if severity is not None and _is(place["path"], where):
                begin, end = place["positions"]["begin"], place["positions"]["end"]
                start = places.points(begin["line"], begin["column"])
                message = each["description"].removeprefix(f"{rule}: ")
                yield Row(rule, message, start, places.points(end["line"], end["column"]), severity)

    return rows


def pyright_rows(severities: Severities) -> Reader:
    """Reads (based)pyright's JSON: its lines and columns count from 0, and columns are UTF-16 units."""

    def rows(ran: Ran, text: str, where: StandIn) -> Iterator[Row]:
        places = _Places(text)
        for each in _objects(json.loads(ran.printed)["generalDiagnostics"]):
            severity = severities.get(each.get("rule", ""))
            if severity is not None and _is(each["file"], where):
                begin, end = each["range"]["start"], each["range"]["end"]
                start = places.utf16(begin["line"] + 1, begin["character"] + 1)
                ends = places.utf16(end["line"] + 1, end["character"] + 1)
                yield Row(each["rule"], each["message"].split("\n")[0], start, ends, severity)

    return rows


def mypy_rows(severities: Severities) -> Reader:
    """Reads mypy's JSON, one object a line. Behind wide characters its columns are wrong: there, the line is meant."""

    def rows(ran: Ran, text: str, where: StandIn) -> Iterator[Row]:
        places = _Places(text)
        for printed in ran.printed.splitlines():
            each = json.loads(printed)
            severity = severities.get(each["code"] or "")
            if severity is None or each["severity"] != "error" or not _is(each["file"], where):
                continue
            start, line = places.line(each["line"])
            ends = start + len(line.rstrip())
            if line.isascii():
                start = places.points(each["line"], each["column"] + 1)
                ends = places.points(each["end_line"], each["end_column"] + 1)
            yield Row(each["code"], each["message"], start, max(start, ends), severity)

    return rows


def tsc_rows(severities: Severities, others: Severity | None) -> Reader:
    """Reads what tsc prints. `others`: the severity of errors about types (TS2…) that `severities` doesn't have."""

    def rows(ran: Ran, text: str, where: StandIn) -> Iterator[Row]:
        places = _Places(text)
        for match in _TSC.finditer(ran.printed.decode("utf-8", "replace")):
            code = match["code"]
            about_types = others if len(code) == 4 and code.startswith("2") else None
            severity = severities.get(code, about_types)
            if severity is not None and code not in _OTHERS_SAY and _is(match["file"], where):
                start = places.utf16(int(match["line"]), int(match["column"]))
                yield Row(f"TS{code}", match["message"].strip(), start, places.word(start), severity)

    return rows


def vet_rows(ran: Ran, text: str, where: StandIn) -> Iterator[Row]:
    """Reads what `go vet` complains of: its columns are bytes."""
    places = _Places(text)
    for match in _VET.finditer(ran.complained.decode("utf-8", "replace")):
        if _is(match["file"].strip(), where):
            start = places.byte(int(match["line"]), int(match["column"]))
            certain: Severity = "error" if match[0].startswith("vet: ") else "warning"  # it doesn't compile
            yield Row("vet", match["message"].strip(), start, places.word(start), certain)


def cargo_rows(ran: Ran, text: str, where: StandIn) -> Iterator[Row]:
    """Reads the compiler's errors from cargo's JSON, one object a line: its columns are characters."""
    places = _Places(text)
    for printed in ran.printed.splitlines():
        each = json.loads(printed)
        if each["reason"] != "compiler-message" or each["message"]["level"] != "error" or not each["message"]["code"]:
            continue
        span = next((span for span in _objects(each["message"]["spans"]) if span["is_primary"]), None)
        if span is not None and where.file.as_posix().endswith("/" + span["file_name"]):
            start = places.points(span["line_start"], span["column_start"])
            end = places.points(span["line_end"], span["column_end"])
            yield Row(each["message"]["code"]["code"], each["message"]["message"], start, end, "error")


# tsc: names, imports and types that aren't there have auditors of their own, or need packages that aren't installed.
_OTHERS_SAY = frozenset(
    {"2304", "2305", "2307", "2318", "2503", "2552", "2580", "2582", "2584", "2591", "2688", "2792"}
)


def _is(said: str, where: StandIn) -> bool:
    """Whether a path that a checker printed is the document's. It may be relative to where the checker ran, or to the
    document's folder."""
    return any(os.path.normpath(folder / said) == str(where.file) for folder in (where.nowhere, where.file.parent))


def _objects(listed: Any) -> list[dict[str, Any]]:
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
