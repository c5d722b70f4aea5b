"""Tries new code at the edges of what its signature allows: does it end, and does it raise what nobody announces?"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pillion.auditors.passage_findings import Rule
from pillion.auditors.running.announced_exceptions import (
    asks_for_one_of_many,
    forbids_empty,
    forbids_zero,
    speaks_of_failing,
)
from pillion.auditors.running.edge_calls import edge_calls, is_empty, is_zero
from pillion.auditors.running.example_reading import callee_of
from pillion.auditors.running.examples import examples_about
from pillion.auditors.running.header_findings import header_finding
from pillion.auditors.running.lacking import is_lacking, may_hide_a_lack
from pillion.auditors.running.reading.python_notation import expression_of
from pillion.auditors.running.reading.written_example import Callee
from pillion.auditors.running.reading.written_words import symbol_at, words_about
from pillion.auditors.running.run_check import Aim, RunReport, RunSubject
from pillion.errors import CannotRunError
from pillion.sandbox.sandbox import Answer, Bound, Call, Limits, NotRun, Raised, Returned, Sandbox, Stopped
from pillion.sandbox.sandboxes import Sandboxes
from pillion.sandbox.slices.slice import Slice
from pillion.sandbox.slices.slicers import SLICERS, Slicer
from pillion.syntax.document import ParsedText

_LIMITS = Limits(call_s=0.25, all_s=1.5)
_PATIENT = Limits(call_s=1.0, all_s=2.0)
# These say that the code went wrong. Others, such as ValueError for a text that is no number, are an answer.
_CRASHES = frozenset({"ZeroDivisionError", "IndexError", "UnboundLocalError", "TypeError", "AttributeError"})
_OF_NOTHING = re.compile(r"empty sequence|arg is an empty|iterable argument is empty", re.IGNORECASE)
_ENDLESS = {
    Bound.TIME: "doesn't come to an end",
    Bound.RECURSION: "calls itself without end",
}
# What is raised where there is nothing of which one could be chosen.
_HAS_NO_ANSWER = frozenset({"ZeroDivisionError", "IndexError", "ValueError"})
_RECEIVER = re.compile(r"^_receiver = (.+)$", re.MULTILINE)
_DEEPEST = 2


@dataclass(frozen=True, slots=True)
class _Tried:
    """`edge` is the argument that is at an edge; empty if all are usual."""

    call: Call
    edge: str
    answer: Answer


class RobustnessCheck:
    """Warns of hangs, endless recursion and crashes of new Python functions and methods.

    What the code raises on purpose is a decision, and inputs of which the documentation speaks are its author's own.
    """

    name = "robustness"

    def __init__(self, sandboxes: Sandboxes, slicers: Mapping[str, Slicer] = SLICERS) -> None:
        self._sandboxes = sandboxes
        self._slicers = slicers
        self._rule = Rule(self.name, "robustness", "warning")

    def report(self, subject: RunSubject) -> RunReport:
        """See RunCheck."""
        passage = subject.passage
        language = passage.language.id
        if subject.aim is not Aim.NEW or language != "python":
            return RunReport()
        words = _words(subject)
        edges = _edges(subject, words)
        slicer = self._slicers.get(language)
        if not edges or slicer is None:
            return RunReport()
        try:
            sandbox = self._sandboxes.of(language)
            cut = slicer(passage.text, subject.path, passage.path, passage.workspace)
            calls = [_call(each, cut) for each, _ in edges]
            answers = _answers(sandbox, cut, calls)
        except CannotRunError as exc:
            return RunReport(not_run=str(exc))
        tried = [_Tried(call, edge, answer) for call, (_, edge), answer in zip(calls, edges, answers, strict=True)]
        said = _said(tried, cut, passage.text, words)
        findings = [header_finding(passage, subject.path, self._rule, each) for each in said]
        count = sum(not isinstance(each, NotRun) for each in answers)
        return RunReport(tuple(each for each in findings if each is not None), tried=count)


def _call(source: str, cut: Slice) -> Call:
    """The call of a function, or of a method of the object that the slice makes."""
    if not cut.receiver:
        return Call(source, shown=source)
    given = source[source.index("(") :]
    made = _RECEIVER.findall(cut.receiver)
    method = cut.entry.rpartition(".")[2]
    return Call(f"{cut.entry}{given}", cut.receiver, shown=f"{made[-1] if made else '…'}.{method}{given}")


def _words(subject: RunSubject) -> str:
    """All that was written about the symbol, before and now."""
    passage = subject.passage
    before = ParsedText.of(passage.language, passage.before)
    path = subject.former_path or subject.path
    return "\n".join([*words_about(passage.parsed, subject.path), *words_about(before, path), subject.instruction])


def _edges(subject: RunSubject, words: str) -> Sequence[tuple[str, str]]:
    """The calls as source text, each with the argument that is at an edge."""
    callee = callee_of(subject.passage.parsed, subject.path) if len(subject.path) <= _DEEPEST else None
    if callee is None or (callee.owner and callee.name.startswith("__")):
        return ()
    calls = edge_calls(callee, examples_about(subject).old if not callee.owner else ())
    no_empty, no_zero = forbids_empty(words), forbids_zero(words)
    symbol = symbol_at(subject.passage.parsed, subject.path)
    text = symbol.text if symbol is not None else ""
    return [
        (call, edge)
        for call, edge in calls
        if not (no_empty and is_empty(edge)) and not (is_zero(edge) and (no_zero or _is_divisor(call, callee, text)))
    ]


def _is_divisor(call: str, callee: Callee, text: str) -> bool:
    """Whether a zero stands for a parameter that the function divides by: that says itself what isn't meant."""
    node = expression_of(call)
    arguments = node.args if isinstance(node, ast.Call) else []
    return any(
        is_zero(ast.unparse(argument)) and re.search(rf"[/%]=?\s*{re.escape(name)}\b", text) is not None
        for name, argument in zip(callee.parameters, arguments, strict=False)
    )


def _answers(sandbox: Sandbox, cut: Slice, calls: Sequence[Call]) -> Sequence[Answer]:
    answers = list(sandbox.run(cut.source, calls, _LIMITS))
    late = next((number for number, each in enumerate(answers) if each == Stopped(Bound.TIME)), None)
    if late is not None:
        # The machine may have been busy.
        answers[late] = sandbox.run(cut.source, [calls[late]], _PATIENT)[0]
        answers[late + 1 :] = [
            NotRun("was too late") if each == Stopped(Bound.TIME) else each for each in answers[late + 1 :]
        ]
    return answers


def _said(tried: Sequence[_Tried], cut: Slice, document: str, words: str) -> Sequence[str]:
    """At most one sentence of each kind, about the shortest call."""
    said: dict[str, str] = {}
    announced = speaks_of_failing(words)
    # An object that was made up may be in a state in which nobody calls the method.
    fits = not cut.receiver or any(not each.edge and isinstance(each.answer, Returned) for each in tried)
    for each in sorted(tried, key=lambda one: len(one.call.shown)):
        shown = each.call.shown
        match each.answer:
            case Stopped(bound) if bound in _ENDLESS and fits:
                said.setdefault(bound, f"{shown} {_ENDLESS[bound]}.")
            case Raised(kind) if fits and not announced and _is_crash(each.answer, cut, document, each.call.expression):
                if not (each.edge and kind in _HAS_NO_ANSWER and asks_for_one_of_many(f"{words}\n{_name(cut)}")):
                    said.setdefault("crash", f"{shown} raises {kind}, which its documentation doesn't announce.")
    return list(said.values())


def _name(cut: Slice) -> str:
    """The symbol's name in words."""
    return cut.entry.rpartition(".")[2].replace("_", " ")


def _is_crash(raised: Raised, cut: Slice, document: str, call: str) -> bool:
    if re.search(rf"\braise\s+{re.escape(raised.kind)}\b", cut.source):
        return False
    is_of_nothing = raised.kind == "ValueError" and _OF_NOTHING.search(raised.message) is not None
    return (raised.kind in _CRASHES or is_of_nothing) and not (
        is_lacking(raised, document, call) or may_hide_a_lack(cut.source, raised)
    )
