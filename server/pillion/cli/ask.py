"""`pillion ask`: asks a question. Its words decide which engine answers."""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from pillion.cli.output import console, print_json, write
from pillion.cli.pasted import pasted
from pillion.cli.signals import ended_by_signals
from pillion.errors import UsageError
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.actions.classify import Classification
    from pillion.pipeline.runtime import Runtime

_MAX_PASTED_CHARACTERS = 200_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("text", nargs="+", metavar="TEXT", help="the question; code may be piped in on stdin")
    parser.add_argument(
        "--tier",
        type=str.upper,
        choices=[tier.value for tier in Tier],
        help="choose yourself: SIMPLE asks the small model",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")


def run(arguments: argparse.Namespace) -> int:
    """Asks, and prints the answer while it streams."""
    from pillion.actions.classify import Classification, classify
    from pillion.cli.ready_engines import ready_runtime

    text = " ".join(arguments.text).strip()
    if not text:
        raise UsageError("There is no question.", hint='For example: pillion ask "explain list comprehensions"')
    chosen = Tier(arguments.tier) if arguments.tier else None
    choice = Classification(chosen, None, "you chose it") if chosen else classify(text)
    # Before the event loop, which would delay an interrupt while a model is fetched.
    runtime = ready_runtime()
    code = pasted(_MAX_PASTED_CHARACTERS)
    with ended_by_signals():
        return asyncio.run(_ask(runtime, text, code, choice, as_json=arguments.json))


async def _ask(runtime: "Runtime", text: str, pasted: str, choice: "Classification", *, as_json: bool) -> int:
    from pillion.cli.answer_screen import AnswerScreen
    from pillion.jobs.question import Question, answer
    from pillion.state.draft_log import DraftLog
    from pillion.state.kept_drafts import DraftFolder

    note, log = console(stderr=True), DraftLog()
    screen = AnswerScreen(note, None if as_json else lambda endpoint: f"{choice.tier} → {endpoint} ({choice.reason})")
    try:
        said = await answer(Question(text, choice.tier, pasted), runtime.pool, DraftFolder(), log, screen)
    finally:
        await log.close()
        await runtime.aclose()
    if as_json:
        print_json(
            {
                "tier": choice.tier.value,
                "reason": choice.reason,
                "endpoint": said.endpoint,
                "tokens": said.tokens,
                "broken_off": said.broken_off,
                "answer": said.text.strip(),
            }
        )
        return 0
    if not said.text.endswith("\n"):
        write("\n")
    if said.broken_off:
        sys.stdout.flush()
        note.print(f"{said.endpoint} {said.broken_off}.", style="yellow", markup=False)
    return 0
