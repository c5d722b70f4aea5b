"""Whether what a linter reported is gone after an edit, and nothing new has come."""

import re
from collections import Counter
from collections.abc import Iterable

from pillion.auditors.linters.linter_auditor import LinterReport
from pillion.auditors.linters.linter_rows import Row
from pillion.text.plain import plain_line

_DIGITS = re.compile(r"\d+")
_LONGEST_MESSAGE = 160


def reported_at(rows: Iterable[Row], text: str, start: int, end: int) -> list[Row]:
    """The rows that begin or end on the lines of [start, end)."""
    first, last = text.count("\n", 0, start), text.count("\n", 0, max(start, end - 1))
    return [
        each
        for each in rows
        if text.count("\n", 0, each.start) <= last and text.count("\n", 0, max(each.start, each.end - 1)) >= first
    ]


def whats_left(report: LinterReport, reported: Iterable[Row]) -> str:
    """Says which of the `reported` rows of the text before is still there; empty if none is."""
    then, now = Counter(map(_what, report.before)), Counter(map(_what, report.rows))
    left = next((each for each in reported if now[_what(each)] >= then[_what(each)]), None)
    return f"{report.linter} still reports {_words(left)}" if left is not None else ""


def whats_new(report: LinterReport) -> list[tuple[Row, str]]:
    """The rows that weren't there before, each with words that say so."""
    more = Counter(map(_what, report.rows)) - Counter(map(_what, report.before))
    new = [each for each in report.rows if more[_what(each)] > 0]
    return [(each, f"{report.linter} would report something new: {_words(each)}") for each in new]


def is_told(row: Row, told: str) -> bool:
    """Whether somebody's words are about this row: they have its rule or its message."""
    by_rule = bool(row.rule) and re.search(rf"(?<![\w-]){re.escape(row.rule)}(?![\w-])", told) is not None
    return by_rule or " ".join(row.message.split()) in told


def _what(row: Row) -> tuple[str, str]:
    """A row without its place; in messages, too, line numbers and lengths change with the code around."""
    return row.rule, _DIGITS.sub("0", row.message)


def _words(row: Row) -> str:
    message = plain_line(" ".join(row.message.split()))
    shown = message if len(message) <= _LONGEST_MESSAGE else f"{message[: _LONGEST_MESSAGE - 1]}…"
    return f"{row.rule}: {shown}" if row.rule else shown
