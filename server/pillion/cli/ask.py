"""`pillion ask`: a question, routed by its own words."""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from pillion.cli.keeping import KeptWriting, ended_by_signals
from pillion.cli.output import console, print_json, write
from pillion.errors import NoEndpointError, UsageError
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.actions.classify import Classification
    from pillion.pipeline.runtime import Runtime

_MAX_TOKENS = 1024
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
    """Asks and prints the answer as it comes."""
    from pillion.actions.classify import Classification, classify
    from pillion.cli.engines import ready_runtime

    text = " ".join(arguments.text).strip()
    if not text:
        raise UsageError("There is no question.", hint='For example: pillion ask "explain list comprehensions"')
    chosen = Tier(arguments.tier) if arguments.tier else None
    choice = Classification(chosen, None, "you chose it") if chosen else classify(text)
    # Before the event loop, which would hold an interrupt back while a model is fetched.
    runtime = ready_runtime()
    pasted = _pasted()
    with ended_by_signals():
        return asyncio.run(_ask(runtime, text, pasted, choice, as_json=arguments.json))


def _pasted() -> str:
    """Code piped in. A terminal or a closed stdin has none."""
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        return ""
    return sys.stdin.read(_MAX_PASTED_CHARACTERS)


async def _ask(runtime: "Runtime", text: str, pasted: str, choice: "Classification", *, as_json: bool) -> int:
    from pillion.backends.chat_request import Message
    from pillion.cli.answer_screen import AnswerScreen
    from pillion.pool.bounds import Bounds
    from pillion.pool.objections import says_nothing
    from pillion.pool.stream_reader import StreamReader
    from pillion.prompts.prompt import Prompt, fenced

    note = console(stderr=True)
    content = f"{text}\n{fenced(pasted, '')}" if pasted.strip() else text
    system = Message("system", "You are a helpful programmer. Answer briefly and to the point.")
    prompt = Prompt((system, Message("user", content)), None, _MAX_TOKENS)
    kept = KeptWriting("ask")
    introduce = None if as_json else lambda endpoint: f"{choice.tier} → {endpoint} ({choice.reason})"
    screen = AnswerScreen(note, kept, introduce)
    stream = StreamReader(Bounds.behind_the_pool(_MAX_TOKENS), screen)
    try:
        async with kept.recording():
            # An answer that broke off is begun anew.
            await stream.read(runtime.pool.stream(choice.tier.lane, lambda limits, so_far: prompt, says_nothing))
    finally:
        await runtime.aclose()
    answer, endpoint, broken_off = screen.answer, stream.endpoint, screen.broken_off
    if not answer.strip():
        raise NoEndpointError(f"{endpoint} said nothing.", hint="Ask again, or choose another tier with --tier.")
    if as_json:
        print_json(
            {
                "tier": choice.tier.value,
                "reason": choice.reason,
                "endpoint": endpoint,
                "tokens": screen.tokens,
                "broken_off": broken_off,
                "answer": answer.strip(),
            }
        )
        return 0
    if not answer.endswith("\n"):
        write("\n")
    if broken_off:
        sys.stdout.flush()
        note.print(f"{endpoint} {broken_off}.", style="yellow", markup=False)
    return 0
