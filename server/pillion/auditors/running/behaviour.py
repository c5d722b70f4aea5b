"""Runs a symbol as it was and as it is now on the same inputs, and reports an input for which they differ."""

from collections.abc import Mapping

from pillion.auditors.passage_findings import Rule
from pillion.auditors.running.certain_differences import certain_difference
from pillion.auditors.running.header_findings import header_finding
from pillion.auditors.running.programs import is_by_chance
from pillion.auditors.running.run_check import Aim, RunReport, RunSubject
from pillion.auditors.running.side_by_side import SideBySide
from pillion.auditors.running.written_calls import calls_about
from pillion.errors import CannotRunError
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.plurals import counted
from pillion.sandbox.inputs.call_makers import CALL_MAKERS, SHRINKERS, CallMaker, Shrinker
from pillion.sandbox.inputs.hints import Hints
from pillion.sandbox.sandboxes import Sandboxes
from pillion.sandbox.slices.slicers import SLICERS, Slicer

# With fewer inputs, two programs look the same too easily.
LEAST_COMPARED = 5
_LEAST_REACHED = 0.5


class BehaviourCheck:
    """A RunCheck for what must not change."""

    name = "behaviour"
    _rule = Rule(name, "behaviour", "error")

    def __init__(
        self,
        sandboxes: Sandboxes,
        slicers: Mapping[str, Slicer] = SLICERS,
        makers: Mapping[str, CallMaker] = CALL_MAKERS,
        shrinkers: Mapping[str, Shrinker] = SHRINKERS,
    ) -> None:
        self._sandboxes = sandboxes
        self._slicers = slicers
        self._makers = makers
        self._shrinkers = shrinkers

    def report(self, subject: RunSubject) -> RunReport:
        """See RunCheck."""
        if subject.aim is not Aim.SAME:
            return RunReport()
        try:
            return self._report(subject)
        except CannotRunError as exc:
            return RunReport(not_run=str(exc))

    def _report(self, subject: RunSubject) -> RunReport:
        passage = subject.passage
        language = passage.language.id
        slicer, maker = self._slicers.get(language), self._makers.get(language)
        if slicer is None or maker is None:
            raise CannotRunError(f"{passage.language.title} can't be run")
        sandbox = self._sandboxes.of(language)
        old = slicer(passage.before, subject.former_path or subject.path, passage.path, passage.workspace)
        new = slicer(passage.text, subject.path, passage.path, passage.workspace)
        if language == "python" and (certain := certain_difference(old, new)):
            return RunReport(self._finding(subject, certain), counterexample=certain)
        if invented := sorted(new.missing - old.missing):
            raise CannotRunError(f"imports {invented[0]}, which the sandbox doesn't have")
        if is_by_chance(old.source, old.entry):
            raise CannotRunError("what it does depends on chance or time")
        both = SideBySide(sandbox, old, new, passage.text, is_python=language == "python")
        hints = Hints(calls_about(subject), subject.proposals)
        compared = both.compare(maker, hints, self._shrinkers.get(language))
        found = compared.difference
        if found is not None:
            return RunReport(self._finding(subject, found.message), compared.count, counterexample=found.message)
        count = compared.count
        if compared.takes_nothing or (count >= LEAST_COMPARED and compared.share_reached > _LEAST_REACHED):
            return RunReport(compared=count)
        if count >= LEAST_COMPARED:
            reached = round(compared.share_reached * 100)
            return RunReport(not_run=f"{counted(count, 'input')} reached only {reached} % of its branches")
        why = f": {compared.why}" if compared.why else ""
        return RunReport(compared=count, not_run=f"only {counted(count, 'input')} could be compared{why}")

    def _finding(self, subject: RunSubject, message: str) -> tuple[Finding[InPassage], ...]:
        found = header_finding(subject.passage, subject.path, self._rule, message)
        return () if found is None else (found,)
