"""The language's own linter, if one is installed."""

import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.linters.executables import Ran, find_executable, run_bounded
from pillion.auditors.linters.linter_rows import LINTERS, Linter, Row
from pillion.auditors.linters.new_rows import file_ending, is_new_row, new_findings, own_folders
from pillion.auditors.passage_findings import Rule, finding, first_new_line
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage

_OUTPUT_LIMIT_BYTES = 4_000_000
_LONGEST_COMPLAINT = 300
_CAUSE = re.compile(r":? Cause: ")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class LinterReport:
    """What a linter says of a text, and what it said of the text before."""

    linter: str
    rows: tuple[Row, ...]
    before: tuple[Row, ...]


class LinterAuditor:
    """Asks the first installed linter that reads the language. A missing linter gives no finding. A linter that fails
    gives a warning, because it has not checked: silence would look like praise.

    Findings that the document had before, or that are outside the new part, are not reported.
    """

    name = "linter"
    sees = Sees.EDIT

    def __init__(self, linters: Sequence[Linter] = LINTERS, *, time_limit_s: float = 5.0) -> None:
        self._linters = linters
        self._time_limit_s = time_limit_s

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        found = self._installed(passage)
        return self._ask(*found, passage) if found is not None else ()

    def report(self, passage: Passage) -> LinterReport | None:
        """Everything that the linter says of the whole text, and of the text before; None if no linter could check."""
        found = self._installed(passage)
        if found is None:
            return None
        linter, executable = found
        try:
            rows = self._rows(linter, executable, passage, passage.text)
            before = self._rows(linter, executable, passage, passage.before) if passage.before else []
        except _CouldNotCheckError:
            return None
        return LinterReport(linter.executable, tuple(rows), tuple(before))

    def _installed(self, passage: Passage) -> tuple[Linter, Path] | None:
        """The first installed linter that reads the language."""
        for linter in self._linters:
            if passage.language.id in linter.languages:
                executable = find_executable(linter.executable, own_folders(passage), os.environ)
                if executable is not None:
                    return linter, executable
        return None

    def _ask(self, linter: Linter, executable: Path, passage: Passage) -> Sequence[Finding[InPassage]]:
        try:
            rows = [each for each in self._rows(linter, executable, passage, passage.text) if each.about_work]
            if not any(is_new_row(row, passage) for row in rows):
                return ()
            before = self._rows(linter, executable, passage, passage.before) if passage.before else []
        except _CouldNotCheckError as exc:
            start, end = first_new_line(passage)
            why = str(exc) if str(exc).startswith(linter.executable) else f"{linter.executable}: {exc}"
            message = f"The linter could not check this edit: {why}"
            said = finding(passage, Rule(self.name, "linter-failed", "warning"), start, end, message)
            return [said] if said is not None else []
        return new_findings(passage, self.name, linter.executable, rows, before)

    def _rows(self, linter: Linter, executable: Path, passage: Passage, text: str) -> list[Row]:
        """The linter's findings in `text`.

        Raises:
            _CouldNotCheckError: the linter failed, whatever it printed.
        """
        data = text.encode("utf-8", "replace")  # a lone surrogate has no UTF-8; a “?” keeps the columns
        try:
            with tempfile.TemporaryDirectory(prefix="pillion-") as folder:
                ran = self._run(linter, executable, passage, data, Path(folder))
        except OSError as exc:
            raise _CouldNotCheckError(f"its files can't be written ({exc.strerror or exc})") from exc
        if ran.cut_short:
            raise _CouldNotCheckError(ran.cut_short)
        if ran.code not in linter.good_codes:
            raise _CouldNotCheckError(_complaint(ran) or f"it ended with code {ran.code}")
        try:
            return list(linter.parse(ran.printed, text))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as exc:
            raise _CouldNotCheckError(_complaint(ran) or "what it prints can't be read") from exc

    def _run(self, linter: Linter, executable: Path, passage: Passage, data: bytes, folder: Path) -> Ran:
        copy = folder / f"draft{file_ending(passage)}"
        config = folder / "config.json"
        config.write_text(linter.config, encoding="utf-8")
        from_file = "{copy}" in linter.arguments
        if from_file:
            copy.write_bytes(data)
        names = {"{file}": str(passage.path or copy), "{copy}": str(copy), "{config}": str(config)}
        return run_bounded(
            [str(executable), *(names.get(argument, argument) for argument in linter.arguments)],
            b"" if from_file else data,
            folder,
            time_limit_s=self._time_limit_s,
            output_limit_bytes=_OUTPUT_LIMIT_BYTES,
        )


class _CouldNotCheckError(Exception):
    """The linter could not check; the message says why."""


def _complaint(ran: Ran) -> str:
    """The linter's own error message, as one line: programs print the cause last."""
    said = _COLOURS.sub("", ran.complained.decode("utf-8", "replace"))
    printable = "".join(character if character.isprintable() else " " for character in said)
    return _CAUSE.sub(": ", " ".join(printable.split()))[:_LONGEST_COMPLAINT].rstrip()
