"""`pillion drafts apply`: makes the edit of a draft that was kept, on the file as it is now. No model is asked."""

import argparse
import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pillion.actions.action_registry import action_by_id
from pillion.actions.action_row import Output
from pillion.cli.action import deliver, front_of, request_at, run_request
from pillion.cli.command_front import read_source
from pillion.cli.place_argument import Place
from pillion.cli.signals import ended_by_signals
from pillion.errors import DocumentError, UsageError
from pillion.jobs.new_file_drafts import words_of_draft
from pillion.text.file_uris import path_in


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
    from pillion.cli.compose import runtime_of_answer
    from pillion.state.kept_drafts import DraftFolder, read_draft, remove_draft

    action = action_by_id(str(row["action"]))
    if action.output is Output.PROSE:
        raise UsageError(f"A draft of “{action.id}” changes no file.", hint="pillion drafts show prints it.")
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
        work = asyncio.run(run_request(request, front, runtime_of_answer(text)))
        if work.outcome.rejected or front.problem:
            DraftFolder().forget(work.job.id)  # it is kept already
            work = replace(work, draft_words="")
        ended = deliver(arguments, place, front, work)
    if front.has_written:
        remove_draft(draft)
    return ended


def _place_of(row: Mapping[str, Any]) -> Place:
    """Where the symbol of the draft is now."""
    from pillion.state.kept_drafts import name_in_file
    from pillion.syntax.document import ParsedText
    from pillion.syntax.languages import language_by_path

    name = path_in(str(row["uri"])) if row["uri"] else None
    hint = f"Say where it belongs: pillion drafts apply {row['number']} --at FILE:LINE."
    if name is None:
        raise UsageError("The draft doesn't say which file it is for.", hint=hint)
    if action_by_id(str(row["action"])).makes_file:
        return Place(Path(name), 1, 1)
    if row["symbol"] == name_in_file("the file"):
        return Place(Path(name), 0, 1)
    language = language_by_path(name)
    if language is None:
        raise DocumentError(f"Pillion doesn't read {name}.")
    parsed = ParsedText.of(language, read_source(Path(name)))
    symbols = [parsed.symbols.read(node) for node in parsed.symbols.walk()]
    found = [each for each in symbols if name_in_file(each.name) == row["symbol"]]
    if len(found) != 1:
        there = f"there are {len(found)} of them" if found else "isn't there any more"
        raise UsageError(f"The draft is for “{row['symbol']}” in {name}, and {there}.", hint=hint)
    line = parsed.text.count("\n", 0, found[0].definition_start) + 1
    return Place(Path(name), line, 1)
