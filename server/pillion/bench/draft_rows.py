"""Measures drafts: what a model writes through Pillion, and what it writes if it is asked plainly."""

import asyncio
import time
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from pillion.backends.chat_request import Message
from pillion.bench.check_process import run_checks, why_not
from pillion.bench.draft_cases import DraftCase
from pillion.errors import PillionError
from pillion.events import DraftEnded, DraftProgress, DraftStarted, DraftVoided, PipelineEvent
from pillion.pipeline.job_run import run_job
from pillion.pipeline.outcome import Outcome
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.bounds import Bounds
from pillion.pool.objections import says_nothing
from pillion.pool.pool import Pool
from pillion.pool.stream_reader import StreamReader
from pillion.prompts.prompt import Prompt, fenced
from pillion.text.reply_blocks import extract_blocks
from pillion.tiers import Lane

_MAX_TOKENS = 1024
_CHARACTERS_OF_A_LONG_TOKEN = 12
_PLAINLY = "Complete this {language} code: write {symbol}, of which only a stub is there. Answer with the whole code."


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one case. `tokens` were written in all tries, `kept` of them reached the edit.

    `state`: applied, held (a check found an error, so a person must look), refused, or failed (no draft); for a model
    that was asked plainly, answered or failed. `passed`: whether the checks pass; None if they weren't run.
    `draft_passed`: the same of a draft that was held or refused, used as it is.
    """

    case: str
    language: str
    state: str
    reason: str
    passed: bool | None
    draft_passed: bool | None
    tokens: int
    kept: int
    tries: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Drafts:
    """All rows of one model, asked one way."""

    model: str
    way: str
    rows: tuple[Row, ...]

    def count(self, state: str) -> int:
        """How many rows are in this state."""
        return sum(row.state == state for row in self.rows)

    @property
    def passed(self) -> int:
        """How many applied or answered drafts pass their checks."""
        return sum(row.passed is True for row in self.rows)

    @property
    def checked(self) -> int:
        """How many cases could be checked here."""
        return sum(row.passed is not None for row in self.rows)

    @property
    def lost(self) -> int:
        """How many drafts were held or refused although they pass."""
        return sum(row.draft_passed is True for row in self.rows)

    @property
    def tokens(self) -> int:
        """All tokens that were written."""
        return sum(row.tokens for row in self.rows)

    @property
    def kept(self) -> int:
        """The tokens that reached the edits."""
        return sum(row.kept for row in self.rows)

    @property
    def seconds(self) -> float:
        """The mean time of a case."""
        return fmean(row.seconds for row in self.rows) if self.rows else 0.0

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "model": self.model,
            "way": self.way,
            "passed": self.passed,
            "checked": self.checked,
            "lost": self.lost,
            "states": {state: self.count(state) for state in sorted({row.state for row in self.rows})},
            "tokens": self.tokens,
            "kept": self.kept,
            "seconds_mean": self.seconds,
            "rows": [asdict(row) for row in self.rows],
        }


@dataclass(slots=True)
class _Written:
    """Counts what is written in all tries, and how many characters of the last draft were begun for the model."""

    tokens: int = 0
    tries: int = 1
    begun_characters: int = 0
    heard: bool = False

    def event(self, event: PipelineEvent) -> None:
        match event:
            case DraftStarted():
                self.begun_characters, self.heard = 0, False
            case DraftProgress() if event.text and not self.heard:
                self.heard = True
                # No model writes that many characters in its first tokens.
                if len(event.text) > _CHARACTERS_OF_A_LONG_TOKEN * event.tokens:
                    self.begun_characters = len(event.text)
            case DraftEnded():
                self.tokens += event.tokens
            case DraftVoided():
                self.tries += 1
            case _:
                pass


async def implemented(case: DraftCase, pool: Pool, policy: AuditPolicy, *, run: bool) -> Row:
    """Implements the stub as an editor's action does. `run`: its checks are run, too."""
    written = _Written()
    began_s = time.perf_counter()
    try:
        outcome = await run_job(case.task(), pool, policy, written.event)
    except PillionError as exc:
        return _row(case, "failed", str(exc), written.tokens, began_s)
    seconds = time.perf_counter() - began_s
    error = next((each for each in outcome.findings if each.severity == "error"), None)
    state = "refused" if outcome.rejected else "held" if error is not None else "applied"
    return Row(
        case.name,
        case.language.id,
        state,
        outcome.rejected or (error.message if error is not None else ""),
        passed=await _passes(case, outcome.after_text, run) if state == "applied" else _not_passed(case, run),
        draft_passed=None if state == "applied" else await _draft_passes(case, outcome, run),
        tokens=written.tokens,
        kept=_kept_tokens(written, outcome),
        tries=written.tries,
        seconds=seconds,
    )


async def answered(case: DraftCase, pool: Pool, *, run: bool) -> Row:
    """Asks for the stub as a person would in a chat. `run`: its checks are run, too."""
    ask = _PLAINLY.format(language=case.language.title, symbol=case.symbol)
    prompt = Prompt((Message("user", f"{ask}\n{fenced(case.document, case.language.id)}"),), None, _MAX_TOKENS)
    stream = StreamReader(Bounds.behind_the_pool(_MAX_TOKENS))
    began_s = time.perf_counter()
    try:
        await stream.read(pool.stream(Lane.COMPLEX, lambda limits, so_far: prompt, says_nothing))
    except PillionError as exc:
        return _row(case, "failed", str(exc), stream.tokens, began_s)
    seconds = time.perf_counter() - began_s
    document = _pasted(case, stream.text)
    passed = await _passes(case, document, run)
    return Row(case.name, case.language.id, "answered", "", passed, None, stream.tokens, stream.tokens, 1, seconds)


def _row(case: DraftCase, state: str, reason: str, tokens: int, began_s: float) -> Row:
    return Row(case.name, case.language.id, state, reason, None, None, tokens, 0, 1, time.perf_counter() - began_s)


def _pasted(case: DraftCase, reply: str) -> str:
    """The document with the answer's code in it: Python takes the later of two definitions; elsewhere the answer is
    the whole file, as it was asked for."""
    code = "\n".join(extract_blocks(reply))
    return f"{case.document}\n{code}" if case.language.id == "python" else code


async def _passes(case: DraftCase, document: str, run: bool) -> bool | None:
    if not run or why_not(case.language.id):
        return None
    program = case.program(document)
    return (await asyncio.to_thread(run_checks, case.language.id, case.file_name, program)).passed


def _not_passed(case: DraftCase, run: bool) -> bool | None:
    return None if not run or why_not(case.language.id) else False


async def _draft_passes(case: DraftCase, outcome: Outcome, run: bool) -> bool | None:
    if outcome.after_text:
        return await _passes(case, outcome.after_text, run)
    # A refused draft has no edit. In Python it can be tried behind the document.
    if case.language.id != "python" or not outcome.draft.text.strip():
        return None
    return await _passes(case, _pasted(case, outcome.draft.text), run)


def _kept_tokens(written: _Written, outcome: Outcome) -> int:
    """The last draft's tokens, by the share of its characters that are new in the document. Engines don't say which
    token is which text."""
    inserted = sum(len(each.new_text) for each in outcome.replacements)
    drafted = len(outcome.draft.text) - written.begun_characters
    return round(outcome.draft.tokens * min(1.0, inserted / drafted)) if drafted > 0 else 0
