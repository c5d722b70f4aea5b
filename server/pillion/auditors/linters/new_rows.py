"""What programs report of a text and not of the text before, as findings; and what they are given of a passage."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pillion.auditors.auditor import Passage
from pillion.auditors.linters.linter_rows import Row
from pillion.auditors.passage_findings import Rule, finding
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage

_MAX_FINDINGS = 20
_LINE_NUMBER = re.compile(r"(?<=\bline )\d+")


def new_findings(
    passage: Passage, source: str, program: str, rows: Iterable[Row], before: Iterable[Row]
) -> list[Finding[InPassage]]:
    """The rows in the new part that are more than those of the text before, the worst first. Two rows are the same if
    they say the same of the same code, wherever it is."""
    every = list(rows)
    more = Counter(_what(row, passage.text) for row in every)
    more.subtract(_what(row, passage.before) for row in before)
    found: list[Finding[InPassage]] = []
    for row in every:
        what = _what(row, passage.text)
        if more[what] <= 0 or not is_new_row(row, passage):
            continue
        more[what] -= 1
        message = f"{' '.join(row.message.split())} ({program}: {row.rule})"
        said = finding(passage, Rule(source, row.rule, row.severity), row.start, row.end, message)
        found.extend([said] if said is not None else [])
    return sorted(found, key=lambda each: each.severity != "error")[:_MAX_FINDINGS]


def is_new_row(row: Row, passage: Passage) -> bool:
    """Whether a row is about the new part."""
    return row.start < passage.end and max(row.end, row.start + 1) > passage.start


def own_folders(passage: Passage) -> list[Path]:
    """The document's folder, workspace and repository (the workspace may be a part of it): no program there is run."""
    folders = [passage.workspace] if passage.workspace is not None else []
    if passage.path is not None:
        above = passage.path.parents
        repository = next((folder for folder in above if (folder / ".git").exists()), None)
        folders += [passage.path.parent, *([repository] if repository is not None else [])]
    return folders


def file_ending(passage: Passage) -> str:
    """The end of the document's name, or the language's usual one."""
    endings = passage.language.extensions
    return passage.path.suffix if passage.path is not None and passage.path.suffix in endings else endings[0]


def _what(row: Row, text: str) -> tuple[str, str, str]:
    """A row without its place: equal for the same message about the same code. A line that a message names moves."""
    return row.rule, _LINE_NUMBER.sub("0", row.message), text[row.start : row.end]
