"""A model as a judge of `pillion bench auditor`: asked exactly as in a job, part by part."""

import asyncio
import time
from collections.abc import Sequence

from pillion.audit.model_audit import ModelAudit
from pillion.bench.suite import Sample, Work
from pillion.errors import EngineError
from pillion.events import AuditAnswered, AuditFailed, PipelineEvent
from pillion.findings.finding import CRITERIA, Finding
from pillion.findings.place import InDraft
from pillion.pool.pool import Pool
from pillion.prompts.audit_conversation import AuditConversation
from pillion.prompts.prompt import fenced
from pillion.syntax.languages import LANGUAGES
from pillion.syntax.units import UnitStream

PYTHON = next(language for language in LANGUAGES if language.id == "python")


class ModelJudge:
    """Judges with the model of one endpoint, the only one on the audit lane of `pool`."""

    def __init__(self, pool: Pool, model: str) -> None:
        self._pool = pool
        self.model = model

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model

    @property
    def is_model(self) -> bool:
        """Always True."""
        return True

    @property
    def works(self) -> tuple[Work, ...]:
        """Models audit what is new. A refactoring is compared with the code before, by other auditors."""
        return (Work.IMPLEMENT,)

    async def aclose(self) -> None:
        """Stops its engine."""
        await self._pool.aclose()

    async def judge(self, sample: Sample) -> Sequence[int]:
        """The lines of the model's findings. Findings about criteria have no line and don't count.

        Raises:
            EngineError: the model didn't answer.
        """
        hearing = _Hearing()
        began_s = time.monotonic()
        audit = ModelAudit(
            self._pool,
            AuditConversation(task_words(sample), PYTHON.id),
            hearing.found.extend,
            emit=hearing.event,
            now_s=lambda: time.monotonic() - began_s,
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(audit.run())
            await _read_slowly(audit, hearing, sample.source)
        if hearing.failure:
            raise EngineError(f"{self.model} could not be measured. {hearing.failure}")
        lines = (each.start for each in hearing.found if each.category != CRITERIA)
        return [sample.source.count("\n", 0, start) + 1 for start in lines]


class _Hearing:
    """Collects the audit's events."""

    def __init__(self) -> None:
        self.found: list[Finding[InDraft]] = []
        self.failure = ""
        self.answered = asyncio.Event()

    def event(self, event: PipelineEvent) -> None:
        if isinstance(event, AuditFailed):
            self.failure = event.reason
        if isinstance(event, AuditFailed | AuditAnswered):
            self.answered.set()


async def _read_slowly(audit: ModelAudit, hearing: _Hearing, source: str) -> None:
    """Feeds one unit at a time, as if the draft were slower than the audit, so that each unit is its own question."""
    stream = UnitStream(PYTHON)
    units = [*stream.feed(source), *stream.finish()]
    audit.begin("another endpoint")
    await hearing.answered.wait()
    for unit in units[:-1]:
        hearing.answered.clear()
        audit.read(unit.text, [unit])
        if not unit.blank and not hearing.failure:
            await hearing.answered.wait()
    audit.read(units[-1].text, units[-1:])
    audit.finish()


def task_words(sample: Sample) -> str:
    """The task for a model that judges a function: its name and its header."""
    name = sample.name.rsplit(".", 1)[-1]
    return f"Implement {name}.\n{fenced(sample.function.header, PYTHON.id)}"
