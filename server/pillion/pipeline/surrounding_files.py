"""Looks at the disk for what a prompt says of the files around a new one."""

import os
from contextlib import suppress
from itertools import islice
from pathlib import Path

from pillion.actions.action_row import Output
from pillion.context.tag_index import tag_index
from pillion.edits.new_files.creations import named_kind
from pillion.edits.new_files.new_file_paths import path_in_words
from pillion.pipeline.outcome import Task
from pillion.prompts.new_file_prompt import FilesAround

_MOST_ENTRIES = 2_000
_MOST_NAMES = 40


def files_around(task: Task) -> FilesAround:
    """What is around the new file of this task. Call it in a thread."""
    answered = task.answered("")
    path, kind = path_in_words(answered.words, task.uri, task.workspace), named_kind(answered)
    title = kind.title if kind is not None else ""
    if task.path is None:
        return FilesAround(path, title)
    root = task.workspace if task.workspace is not None else task.path.parent
    if task.action.output is Output.DOCUMENT:
        return FilesAround(path, title, index=tag_index(root))
    here = task.path.relative_to(root).as_posix() if task.path.is_relative_to(root) else task.path.name
    return FilesAround(path, title, here, _names(task.path.parent))


def _names(folder: Path) -> tuple[str, ...]:
    """The names in a folder, without hidden ones."""
    names: list[str] = []
    with suppress(OSError), os.scandir(folder) as entries:
        shown = (each for each in islice(entries, _MOST_ENTRIES) if not each.name.startswith((".", "__")))
        names += [f"{each.name}/" if each.is_dir() else each.name for each in shown if each.name.isprintable()]
    return tuple(sorted(names)[:_MOST_NAMES])
