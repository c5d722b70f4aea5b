"""Findings about a symbol as a whole: they stand at its header, wherever the draft's own lines begin."""

from pillion.auditors.auditor import Passage
from pillion.auditors.passage_findings import MAX_QUOTE_CHARACTERS, Rule, identity_of
from pillion.auditors.running.reading.written_words import symbol_at
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage


def header_finding(passage: Passage, path: tuple[str, ...], rule: Rule, message: str) -> Finding[InPassage] | None:
    """A finding that quotes the first line of a symbol's header; None if the text doesn't have the symbol."""
    symbol = symbol_at(passage.parsed, path)
    if symbol is None:
        return None
    start = symbol.definition_start
    lines = passage.text[start : start + MAX_QUOTE_CHARACTERS].splitlines()
    quote = lines[0].rstrip() if lines else ""
    if not quote:
        return None
    place = InPassage(start, start + len(quote))
    return Finding(quote, rule.severity, rule.category, message, place, rule.source, identity_of(message))
