"""The language's type checker, if one is installed."""

import logging
import os
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from platformdirs import user_cache_path

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.checkers.checker_rows import CHECKERS, Checker
from pillion.auditors.checkers.stand_in import StandIn, stand_in
from pillion.auditors.linters.executables import find_executable, run_bounded
from pillion.auditors.linters.linter_rows import Row
from pillion.auditors.linters.new_rows import is_new_row, new_findings, own_folders
from pillion.auditors.workspace import exists, folders_above, read_toml
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage

_OUTPUT_LIMIT_BYTES = 4_000_000
log = logging.getLogger(__name__)


class CheckerAuditor:
    """Asks the checker that the project is set up for, or else the first that is installed, about the document with the
    draft in its place, and about the document without it. Only what is new counts.

    A checker that is missing, fails or takes too long says nothing: unlike a linter, it may need minutes for a large
    project, and no edit should wait for it or be held because of it. `types`: whether the checkers that run
    nothing are asked; `build_tools`: those that the user has turned on.
    """

    name = "checker"
    sees = Sees.EDIT

    def __init__(
        self,
        build_tools: frozenset[str] = frozenset(),
        checkers: Sequence[Checker] = CHECKERS,
        *,
        types: bool = True,
        time_limit_s: float = 5.0,
    ) -> None:
        self.checkers = tuple(
            each for each in checkers if (each.build_tool in build_tools if each.build_tool else types)
        )
        self._time_limit_s = time_limit_s

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        until_s = time.monotonic() + self._time_limit_s
        found = self._installed(passage)
        if found is None:
            return ()
        checker, executable = found
        try:
            with stand_in(passage) as where:
                python = find_executable("python3", own_folders(passage), os.environ)
                ask = partial(_rows, checker, executable, where, python, until_s)
                rows = ask(passage.text)
                if not any(is_new_row(row, passage) for row in rows):
                    return ()
                before = ask(passage.before) if passage.before else []
        except (_SaysNothingError, OSError) as exc:
            log.info("%s says nothing of this edit: %s", checker.executable, exc)
            return ()
        return new_findings(passage, self.name, checker.executable, rows, before)

    def _installed(self, passage: Passage) -> tuple[Checker, Path] | None:
        """The installed checker that the project is set up for, or the first that is installed."""
        fitting = [each for each in self.checkers if passage.language.id in each.languages]
        if not fitting:
            return None
        refused = own_folders(passage)
        for checker in sorted(fitting, key=lambda each: not _is_set_up(each, passage)):
            executable = find_executable(checker.executable, refused, os.environ)
            if executable is not None and (not checker.needs or _needed(checker.needs, passage)):
                return checker, executable
        return None


class _SaysNothingError(Exception):
    """The checker has not checked; the message says why."""


def _rows(
    checker: Checker, executable: Path, where: StandIn, python: Path | None, until_s: float, text: str
) -> list[Row]:
    """What the checker says of a text in the document's place. `python` is an interpreter that isn't the workspace's.

    Raises:
        _SaysNothingError: it failed, or was too late.
        OSError: its files can't be written.
    """
    left_s = until_s - time.monotonic()
    if left_s <= 0:
        raise _SaysNothingError("there is no time left")
    where.write(text)
    needed = where.nearest(checker.needs)
    config = (needed.parent if checker.beside and needed is not None else where.cache) / "pillion-config.json"
    config.unlink(missing_ok=True)  # it may be a link to a file of the workspace
    config.write_text(checker.config(where, needed), encoding="utf-8")
    kept = user_cache_path("pillion", appauthor=False) / "checkers" / f"{checker.executable}-{where.identity}"
    names = {
        "{file}": where.file,
        "{root}": where.root,
        "{folder}": where.file.parent,
        "{config}": config,
        "{cache}": where.cache,
        "{kept}": kept,
        "{needed}": needed,
        "{python}": python or "none",
    }
    command = [str(executable), *(str(names.get(argument, argument)) for argument in checker.arguments)]
    ran = run_bounded(command, b"", where.nowhere, time_limit_s=left_s, output_limit_bytes=_OUTPUT_LIMIT_BYTES)
    if ran.cut_short:
        raise _SaysNothingError(ran.cut_short)
    try:
        return list(checker.read(ran, text, where))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as exc:
        raise _SaysNothingError("what it prints can't be read") from exc


def _is_set_up(checker: Checker, passage: Passage) -> bool:
    for folder in folders_above(passage):
        if any(exists(folder / name) for name in checker.configured):
            return True
        tools = read_toml(folder / "pyproject.toml").get("tool") if checker.tables else None
        if isinstance(tools, dict) and any(table in tools for table in checker.tables):
            return True
    return False


def _needed(names: Sequence[str], passage: Passage) -> bool:
    return passage.path is not None and any(
        exists(folder / name) for folder in folders_above(passage) for name in names
    )
