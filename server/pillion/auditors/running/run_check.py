"""The interface of the checks that run code."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pillion.auditors.auditor import Passage
from pillion.auditors.running.aim import Aim
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage

__all__ = ["Aim", "RunCheck", "RunReport", "RunSubject", "joined"]


@dataclass(frozen=True, slots=True)
class RunSubject:
    """A symbol before and after a change. `passage.text` is the whole document with the change in it, `passage.before`
    the document without it.

    `path` names the symbol as Symbol.path does, `former_path` as it was called before, if it had another name.
    `proposals`: calls that a model thought of, as source text; they may be anything.
    """

    passage: Passage
    path: tuple[str, ...]
    aim: Aim
    instruction: str = ""
    former_path: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunReport:
    """What running a symbol has shown.

    `compared` is on how many inputs old and new code were compared; `examples` how many of the documentation's, the
    instruction's and the tests' examples were tried; `tried` how many other calls of new code. `not_run` says why
    nothing, or not all, could be run: “uses socket”; empty if all was. `counterexample`: the call that shows an error
    and what is wrong with it, for another attempt's prompt.
    """

    findings: tuple[Finding[InPassage], ...] = ()
    compared: int = 0
    examples: int = 0
    tried: int = 0
    not_run: str = ""
    counterexample: str = ""


class RunCheck(Protocol):
    """One way to check by running. Blocks; it is called in threads. Never raises, whatever a model wrote."""

    @property
    def name(self) -> str:
        """Short and lower-case; the `source` of its findings."""

    def report(self, subject: RunSubject) -> RunReport:
        """What it has shown. A check that doesn't apply to the subject's aim returns an empty report."""


def joined(reports: Sequence[RunReport]) -> RunReport:
    """One report of all."""
    return RunReport(
        tuple(finding for each in reports for finding in each.findings),
        sum(each.compared for each in reports),
        sum(each.examples for each in reports),
        sum(each.tried for each in reports),
        next((each.not_run for each in reports if each.not_run), ""),
        next((each.counterexample for each in reports if each.counterexample), ""),
    )
