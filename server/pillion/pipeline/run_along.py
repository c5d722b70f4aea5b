"""Runs the functions of a draft as soon as they are complete, while the draft still streams."""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from pillion.auditors.names.name_auditor import NamesAuditor
from pillion.edits.file_change import FileEdit
from pillion.errors import DraftRejectedError
from pillion.events import Emit, FindingRaised, FunctionRan
from pillion.findings.finding_list import FindingList
from pillion.findings.moves import passage_to_edit
from pillion.findings.relocation import in_draft
from pillion.pipeline.code_runs import CodeRuns
from pillion.pipeline.draft import Draft
from pillion.pipeline.draft_reading import DraftReading
from pillion.pipeline.outcome import Task, make_outcome
from pillion.pipeline.run_subjects import Runnable, runnables_of
from pillion.prompts.prompt import fenced
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language
from pillion.syntax.nodes import name_of

# A method of the same object: `self.total(`, `this.total(`.
_OWN_METHOD = re.compile(r"\b(?:self|cls|this)\.(\w+)\(")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Complete:
    """The complete part of a draft's code, and what of it can be run."""

    code: str
    runnables: tuple[Runnable, ...]


class RunAlong:
    """A DraftReader. `run` goes on beside the draft until `finish` was called; what is still to do then is left to the
    finished edit, in which everything is run that wasn't. Nothing here raises."""

    def __init__(
        self, task: Task, reading: DraftReading, runs: CodeRuns, *, emit: Emit, now_s: Callable[[], float]
    ) -> None:
        self._task = task
        self._reading = reading
        self._language = reading.frame.language
        self._runs = runs
        self._emit = emit
        self._now_s = now_s
        self._closed_at_s = 0.0
        self._wake = asyncio.Event()
        self._finished = False
        self._endpoint = ""
        self._generation = self._seen = 0
        self.findings = FindingList()
        self._begin()

    def begin(self, endpoint: str) -> None:
        """See DraftReader."""
        self._endpoint = endpoint

    def read(self, text: str) -> None:
        """See DraftReader."""
        if self._finished:
            return
        try:
            code = self._filter.feed(text)
            self._parts.append(code)
            if self._units.feed(code):
                self._closed_at_s = self._closed_at_s if self._wake.is_set() else self._now_s()
                self._wake.set()
        except Exception:
            log.exception("a draft couldn't be run along")
            self.finish()

    def start_over(self) -> None:
        """See DraftReader."""
        self._generation += 1
        self.findings.clear()
        self._begin()

    def finish(self) -> None:
        """The draft is complete."""
        self._finished = True
        self._wake.set()

    async def run(self) -> None:
        """Runs what is complete, each time that a unit has closed."""
        while True:
            await self._wake.wait()
            if self._finished:
                return
            self._wake.clear()
            try:
                await self._run_complete()
            except Exception:
                log.exception("a draft couldn't be run along")
                return

    async def _run_complete(self) -> None:
        generation, code, closed_at_s = self._generation, "".join(self._parts), self._closed_at_s
        found = await asyncio.to_thread(_complete, self._task, self._language, self._endpoint, code, self._seen)
        if generation != self._generation or found is None:
            return
        self._seen = len(found.code)
        new = [each for each in found.runnables if not self._runs.knows(each)]
        for runnable, report in zip(new, await self._runs.reports(new), strict=True):
            text = runnable.subject.passage.text
            placed = in_draft([passage_to_edit(each) for each in report.findings], text, code)
            if generation != self._generation:
                return
            now_s = self._now_s()
            self._emit(FunctionRan(runnable.subject.path[-1], now_s - closed_at_s, now_s))
            for finding in self.findings.add(placed):
                self._emit(FindingRaised(finding, now_s))

    def _begin(self) -> None:
        self._filter = self._reading.text()
        self._units = self._reading.units()
        self._parts: list[str] = []
        self._seen = 0


def _complete(task: Task, language: Language, endpoint: str, code: str, seen: int) -> _Complete | None:
    """The code up to the end of the last function that is complete, if that is further than `seen`."""
    end = _end_of_complete(ParsedText.of(language, code))
    if end <= seen:
        return None
    several = task.target.symbol.is_stretch and not task.target.symbol.is_place
    # Of several symbols each is edited as if it were alone, so the new ones are enough, and quicker.
    reply, code = fenced(code[seen if several else 0 : end], language.id), code[:end]
    try:
        # Made like the finished edit, so that the code runs in its place, indented, with its imports.
        outcome = make_outcome(task, Draft(reply, endpoint, 0, 0.0, 0.0, cut_off=False))
    except DraftRejectedError:  # more of it is still to come, or it is refused once it is whole
        return _Complete(code, ())
    before = "".join(each.before_text for each in outcome.changes if isinstance(each, FileEdit))
    runnables = runnables_of(task, outcome.changes).all
    return _Complete(code, tuple(each for each in runnables if not _waits_for_more(each, before)))


def _end_of_complete(drafted: ParsedText) -> int:
    """The end of the last function or method behind which there is more code: only then it is complete."""
    if not (code := drafted.tree.root_node.text):
        return 0
    last = 0
    for node in drafted.symbols.walk():
        outer = drafted.symbols.outermost(node)
        if drafted.symbols.kind_of(node) in {"function", "method"} and not outer.has_error:
            behind = code[outer.end_byte :].lstrip()
            if behind and not behind.startswith((b"#", b"//", b"/*")) and _is_behind(outer.end_point, behind, code):
                last = max(last, outer.end_byte)
    return drafted.offsets.to_char(last)


def _is_behind(end: tuple[int, int], behind: bytes, code: bytes) -> bool:
    """Whether what is behind a function begins on a later line: on the same line it may still belong to it."""
    return code.count(b"\n", 0, len(code) - len(behind)) > end[0]


def _waits_for_more(runnable: Runnable, before: str) -> bool:
    """Whether it uses what isn't there yet, but may still come."""
    passage = runnable.subject.passage
    if any(True for _ in NamesAuditor().audit(passage)):
        return True
    known = {name_of(node) for node in passage.parsed.symbols.walk()}
    return any(each not in known and each not in before for each in _OWN_METHOD.findall(runnable.text))
