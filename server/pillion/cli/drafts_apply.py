"""`pillion drafts apply`: makes the edit of a draft that was kept, on the file as it is now. No model is asked."""

import argparse
import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pillion.cli.action import deliver, front_of, request_at, run_request
from pillion.cli.command_front import read_source
from pillion.cli.place_argument import Place
from pillion.cli.signals import ended_by_signals
from pillion.errors import DocumentError, UsageError
from pillion.jobs.draft_list import action_of, is_of_file, symbol_of
from pillion.jobs.new_file_drafts import words_of_draft
from pillion.text.file_uris import path_in

if TYPE_CHECKING:
    from pillion.pipeline.runtime import Runtime


def add_arguments(part: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    part.add_argument("draft", metavar="PATH-or-NUMBER", help="as the list has it")
    part.add_argument("--at", metavar="FILE:LINE[-LINE]", help="where it belongs, if the draft doesn't say")
    part.add_argument("--write", action="store_true", help="change the file; without it, the diff is only printed")
    part.add_argument("--despite-errors", action="store_true", help="with --write: also if a check found an error")


def apply_draft(arguments: argparse.Namespace, row: Mapping[str, Any]) -> int:
    """Prints the draft's diff, or writes it. A draft that is written isn't kept any longer.

    Raises:
        UsageError: the draft is no code, or doesn't say where it belongs.
        DocumentError: its file can't be read, or what it is about isn't there any more.
    """
    from pillion.state.kept_drafts import DraftFolder, read_draft, remove_draft

    action = action_of(row)
    place = Place.parse(arguments.at) if arguments.at else _place_of(row)
    if arguments.write:
        place.require_writable_here()
    draft = Path(str(row["path"]))
    text = read_draft(draft)
    front = front_of(place, despite_errors=arguments.despite_errors)
    request = request_at(action, place, front.document, only_shown=not arguments.write)
    if action.makes_file:
        request = replace(request, instruction=words_of_draft(row))
    with ended_by_signals():
        work = asyncio.run(run_request(request, front, _runtime_of(text)))
        if work.outcome.rejected or front.problem:
            DraftFolder().forget(work.job.id)  # it is kept already
            work = replace(work, draft_words="")
        ended = deliver(arguments, place, front, work)
    if front.has_written:
        remove_draft(draft)
    return ended


def _runtime_of(text: str) -> "Runtime":
    from pillion.cli.compose import model_store, sandboxes_without_engines, speed_store
    from pillion.config.schema import Review
    from pillion.config.stamp import ConfigStamp
    from pillion.pipeline.answer_runtime import runtime_of_answer

    # The command decides whether the edit is written; no setting does.
    stamp = ConfigStamp.taken(os.environ, None)
    return runtime_of_answer(
        text,
        review=Review.NEVER,
        store=model_store(),
        speeds=speed_store(),
        stamp=stamp,
        sandboxes=sandboxes_without_engines(),
    )


def _place_of(row: Mapping[str, Any]) -> Place:
    """Where the symbol of the draft is now."""
    from pillion.syntax.document import ParsedText
    from pillion.syntax.languages import language_by_path

    name = path_in(str(row["uri"])) if row["uri"] else None
    hint = f"Say where it belongs: pillion drafts apply {row['number']} --at FILE:LINE."
    if name is None:
        raise UsageError("The draft doesn't say which file it is for.", hint=hint)
    if action_of(row).makes_file:
        return Place(Path(name), 1, 1)
    if is_of_file(row):
        return Place(Path(name), 0, 1)
    language = language_by_path(name)
    if language is None:
        raise DocumentError(f"Pillion doesn't read {name}.")
    parsed = ParsedText.of(language, read_source(Path(name)))
    start = symbol_of(row, parsed, name, hint).definition_start
    line = parsed.text.count("\n", 0, start) + 1
    return Place(Path(name), line, 1)
