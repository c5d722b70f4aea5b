"""What the auditors' tests share: passages, and what is expected of an auditor as one line per finding."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from pillion.auditors.auditor import Auditor, Passage
from pillion.syntax.languages import language_by_id


class Case(NamedTuple):
    """`found`: for each finding “severity quote”, and what its message contains, in order."""

    language: str
    text: str
    found: Mapping[str, str] = {}
    before: str = ""


def passage(
    language_id: str, text: str, before: str = "", path: Path | None = None, workspace: Path | None = None
) -> Passage:
    """A passage of which all is new."""
    language = language_by_id(language_id)
    assert language is not None
    return Passage(text, 0, len(text), language, before, path, workspace)


def check(
    auditor: Auditor,
    case: Case,
    path: Path | None = None,
    workspace: Path | None = None,
    *,
    shown: Callable[[str], str] = str,
) -> None:
    """Runs a case; the quotes must stand where the findings say. `shown`: as much of a quote as the case has."""
    findings = auditor.audit(passage(case.language, case.text, case.before, path, workspace))
    said = {f"{finding.severity} {shown(finding.quote)}": finding.message for finding in findings}
    assert list(said) == list(case.found), said
    assert all(part in said[key] for key, part in case.found.items()), said
    for finding in findings:
        assert finding.source == auditor.name
        assert finding.code == f"check/{finding.category}"
        assert case.text[finding.start : finding.end] == finding.quote


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Writes files, with their folders."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
