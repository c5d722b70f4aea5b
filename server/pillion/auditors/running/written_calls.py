"""Calls that people wrote of a symbol, whatever they want of them: good inputs, since they were meant for it."""

import re
from collections.abc import Iterator, Mapping

from pillion.auditors.running.example_reading import READERS, callee_of, calls_in
from pillion.auditors.running.examples import examples_about
from pillion.auditors.running.reading.notation import Notation, bracket_end
from pillion.auditors.running.reading.written_example import Callee
from pillion.auditors.running.reading.written_words import words_about
from pillion.auditors.running.run_check import RunSubject
from pillion.auditors.running.test_files import tests_of
from pillion.syntax.document import ParsedText

_MOST = 24
_LONGEST = 200_000


def calls_about(subject: RunSubject) -> tuple[str, ...]:
    """The calls of the examples, of the workspace's tests, of the instruction and of the documentation, as source text,
    those of the examples first. In methods' calls the receiver is as it was written. Reads the disk."""
    passage = subject.passage
    language, path = passage.language.id, subject.former_path or subject.path
    reader = READERS.get(language)
    before = ParsedText.of(passage.language, passage.before)
    callee = callee_of(before, path) if reader is not None else None
    if reader is None or callee is None:
        return ()
    read = examples_about(subject)
    found = dict.fromkeys(_before(call, subject) for call in calls_in([*read.old, *read.own]))
    texts: list[tuple[str, Mapping[str, str]]] = [(subject.instruction, {})]
    texts += [(text, names) for _, text, names in tests_of(passage.path, passage.workspace, path[0], language)]
    texts += [(text, {}) for text in words_about(before, path)]
    for text, names in texts:
        found |= dict.fromkeys(_calls(text, names, callee, reader.notation))
    return tuple(found)[:_MOST]


def _before(call: str, subject: RunSubject) -> str:
    """A call by the name that the old code has."""
    if not subject.former_path:
        return call
    return re.sub(rf"\b{re.escape(subject.path[-1])}\b(?=\s*\()", subject.former_path[-1], call)


def _calls(text: str, names: Mapping[str, str], callee: Callee, notation: Notation) -> Iterator[str]:
    """Those in which everything is known. `names`: what a file of tests calls the symbol."""
    if len(text) > _LONGEST:
        return
    if callee.owner:
        called, begins = f"{callee.owner}.{callee.name}", [rf"\.{re.escape(callee.name)}(?=\()"]
    else:
        called = callee.name
        said = [own for own, name in names.items() if name == callee.name] or [callee.name]
        begins = [rf"(?<![\w$.]){re.escape(each)}(?=\()" for each in said]
    for begin in begins:
        for match in re.finditer(begin, text):
            end = bracket_end(text, match.end())
            call = called + text[match.end() : end] if end is not None else ""
            if call and notation.is_call(call, callee):
                yield call
