"""How good the examples are as an auditor: on right solutions, and on the same with one seeded bug each.

Solutions run in the sandbox only.
"""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pillion.auditors.auditor import Passage
from pillion.auditors.running.run_check import Aim, RunCheck, RunReport, RunSubject
from pillion.bench.function_source import AnyFunction
from pillion.bench.mutations import KINDS, mutate
from pillion.syntax.languages import language_by_id


@dataclass(frozen=True, slots=True)
class Solved:
    """A document with a stub, and the same with a right solution of it."""

    name: str
    symbol: str
    document: str
    solution: str


@dataclass(frozen=True, slots=True)
class ExampleScore:
    """`with_examples`: the functions of which examples could be run. Bugs are seeded in those that aren't refused."""

    functions: int
    with_examples: int
    refused: tuple[str, ...]
    bugs: int
    bugs_found: int

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def example_score(check: RunCheck, solved: Iterable[Solved], seed: int = 0) -> ExampleScore:
    """Runs a check on each solution, and on a mutant of it by each kind of bug that fits."""
    functions = with_examples = bugs = found = 0
    refused: list[str] = []
    for each in solved:
        functions += 1
        report = _report(check, each, each.solution)
        if report.findings:
            refused.append(each.name)
        with_examples += report.examples > 0
        if report.findings or not report.examples:
            continue
        for mutant in _mutants(each, seed):
            bugs += 1
            found += bool(_report(check, each, mutant).findings)
    return ExampleScore(functions, with_examples, tuple(refused), bugs, found)


def _report(check: RunCheck, solved: Solved, text: str) -> RunReport:
    language = language_by_id("python")
    if language is None:
        return RunReport()
    return check.report(RunSubject(Passage(text, 0, len(text), language, solved.document), (solved.symbol,), Aim.NEW))


def _mutants(solved: Solved, seed: int) -> Sequence[str]:
    """The solution with one bug each, as whole documents."""
    tree = ast.parse(solved.solution)
    found = [each for each in tree.body if isinstance(each, AnyFunction) and each.name == solved.symbol]
    if not found or found[-1].end_lineno is None:
        return ()
    lines = solved.solution.split("\n")
    first = min([found[-1].lineno, *(each.lineno for each in found[-1].decorator_list)]) - 1
    own, last = "\n".join(lines[first : found[-1].end_lineno]) + "\n", found[-1].end_lineno
    before, after = "".join(f"{line}\n" for line in lines[:first]), "\n".join(lines[last:])
    mutants = (mutate(own, kind, f"{seed}:{solved.name}") for kind in KINDS)
    return [f"{before}{each.text}{after}" for each in mutants if each is not None]
