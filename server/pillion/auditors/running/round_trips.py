"""Runs new code on what its counterpart makes: `decode(encode(x))` must be `x`, if the documentation names `encode`."""

import re
from collections.abc import Iterator, Mapping, Sequence

from pillion.auditors.passage_findings import Rule
from pillion.auditors.running.example_answers import Tried, Verdict
from pillion.auditors.running.example_reading import callee_of
from pillion.auditors.running.example_runs import run_examples
from pillion.auditors.running.header_findings import header_finding
from pillion.auditors.running.reading.written_example import Form, WrittenExample
from pillion.auditors.running.reading.written_words import symbol_at, words_about
from pillion.auditors.running.run_check import Aim, RunReport, RunSubject
from pillion.errors import CannotRunError
from pillion.sandbox.sandbox import Call, Limits, Returned
from pillion.sandbox.sandboxes import Sandboxes
from pillion.sandbox.slices.slicers import SLICERS, Slicer
from pillion.syntax.document import ParsedText

_LIMITS = Limits(call_s=0.25, all_s=1.0)
# What takes back, and what it takes back. Not the other way round: many texts are read as the same value.
_COUNTERPARTS: Mapping[str, str] = {
    "decode": "encode",
    "decipher": "encipher",
    "decrypt": "encrypt",
    "decompress": "compress",
    "deserialize": "serialize",
    "unescape": "escape",
    "unpack": "pack",
    "unquote": "quote",
    "loads": "dumps",
}
# Plain ones: what a counterpart does with capitals, spaces or nothing at all may not be meant to be taken back.
_VALUES: Mapping[str, Sequence[str]] = {
    "str": ("'abc'", "'hello'", "'abcdefgh'"),
    "bytes": ("b'abc'", "b'hello'", "b'abcdefgh'"),
    "list[int]": ("[1, 2, 3]", "[5, 1, 4, 2]"),
    "List[int]": ("[1, 2, 3]", "[5, 1, 4, 2]"),
}
# What is lost of these can't be given back, so that nobody knows what else is lost.
_OTHERS: Mapping[str, Sequence[str]] = {
    "'abc'": ("'ABC'", "'cba'", "' abc '"),
    "b'abc'": ("b'ABC'", "b'cba'"),
    "[1, 2, 3]": ("[3, 2, 1]", "[1, 2, 3, 3]", "[-1, -2, -3]"),
}


class RoundTripsCheck:
    """Says which round trips a new Python function fails. Its counterpart stood in the document before."""

    name = "round-trips"

    def __init__(self, sandboxes: Sandboxes, slicers: Mapping[str, Slicer] = SLICERS) -> None:
        self._sandboxes = sandboxes
        self._slicers = slicers
        self._rule = Rule(self.name, "example", "error")

    def report(self, subject: RunSubject) -> RunReport:
        """See RunCheck."""
        passage = subject.passage
        language = passage.language.id
        if subject.aim is not Aim.NEW or language != "python" or len(subject.path) != 1:
            return RunReport()
        counterpart = _counterpart(ParsedText.of(passage.language, passage.before), subject.path)
        slicer = self._slicers.get(language)
        if counterpart is None or slicer is None:
            return RunReport()
        try:
            trips = self._trips(subject, slicer, *counterpart)
            if not trips:
                return RunReport()
            cut = slicer(passage.text, subject.path, passage.path, passage.workspace)
            tried = run_examples(self._sandboxes.of(language), cut.source, passage.text, trips, language)
        except CannotRunError as exc:
            return RunReport(not_run=str(exc))
        known = sum(each.verdict is not Verdict.UNKNOWN for each in tried)
        failed = next((each for each in tried if each.verdict is Verdict.UNMET), None)
        if failed is None:
            return RunReport(examples=known)
        said = _said(failed)
        finding = header_finding(passage, subject.path, self._rule, f"{said}.")
        return RunReport((finding,) if finding is not None else (), examples=known, counterexample=said)

    def _trips(self, subject: RunSubject, slicer: Slicer, name: str, values: Sequence[str]) -> list[WrittenExample]:
        """The ways back from what the counterpart makes of the values; none if it makes the same of two of them, or of
        something like them."""
        passage = subject.passage
        cut = slicer(passage.before, (name,), passage.path, passage.workspace)
        tried = [*values, *_OTHERS.get(values[0], ())]
        calls = [Call(f"{name}({each})") for each in tried]
        answers = self._sandboxes.of(passage.language.id).run(cut.source, calls, _LIMITS)
        made = [
            WrittenExample(f"{subject.path[-1]}({answer.value.text})", value, form=Form.TEST, origin=call.expression)
            for call, value, answer in zip(calls, tried, answers, strict=True)
            if isinstance(answer, Returned) and not answer.value.is_opaque
        ]
        loses = len({each.call for each in made}) < len(made)
        return [] if loses else [each for each in made if each.wanted in values]


def _counterpart(before: ParsedText, path: tuple[str, ...]) -> tuple[str, Sequence[str]] | None:
    """The function whose work this one takes back, with values for it; None if the documentation names none."""
    words = "\n".join(words_about(before, path))
    for name in _names(path[-1]):
        symbol, callee = symbol_at(before, (name,)), callee_of(before, (name,))
        if symbol is None or callee is None or symbol.is_stub or not re.search(rf"\b{re.escape(name)}\b", words):
            continue
        kinds = [callee.annotations.get(each, "") for each in callee.parameters[: max(1, callee.required)]]
        values = _VALUES.get(kinds[0]) if len(kinds) == 1 else None
        if values:
            return name, values
    return None


def _names(name: str) -> Iterator[str]:
    parts = name.split("_")
    for at, part in enumerate(parts):
        if part in _COUNTERPARTS:
            yield "_".join([*parts[:at], _COUNTERPARTS[part], *parts[at + 1 :]])


def _said(failed: Tried) -> str:
    example = failed.example
    return f"{example.call} {failed.came}, but {example.origin} is that, so it must give {example.wanted}"
