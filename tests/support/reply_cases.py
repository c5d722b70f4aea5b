"""The cases of fixtures/actions/: a document, an action, what a model says, and what becomes of it. One text file each.

A file has some lines `key: value`, then sections, each below a line `~~~ name`:

    action: change
    file: src/shop.go
    told: return an error, too
    ~~~ before
    func f¦(x int) int {
        return x
    }
    ~~~ reply
    the model's words, byte for byte
    ~~~ after
    the document afterwards

Keys: `action` (an id), `file` (its name says the language), `told` (the user's words), `finish: length` (the engine broke
off), `escapes: yes` (\\r, \\xHH and \\uHHHH are read as these characters in all sections).
`before` has one ¦ at the cursor, or two around a selection.
The end is one of: `after`, an edit that is applied; `held`, an edit that waits for the user because a check found an
error; `refused`, no edit; `said`, words only. The last three have a part of the words that the user reads; below `held`
there may be an `after`, too. `also NAME` is another file of the workspace before, `becomes NAME` a file afterwards. If only
other files change, `after` may be left out: the document stays as it is.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pillion.actions.action_registry import action_by_id
from pillion.auditors.auditor_registry import AUDITORS
from pillion.auditors.checkers.checker_auditor import CheckerAuditor
from pillion.auditors.linters.linter_auditor import LinterAuditor
from pillion.edits.file_change import FileCreation, FileEdit
from pillion.errors import DraftRejectedError, NothingToDoError
from pillion.findings.finding import Finding
from pillion.findings.place import InEdit
from pillion.jobs.targets import require_applicable, target_at
from pillion.pipeline.draft import Draft
from pillion.pipeline.edit_checks import checked, checks_of
from pillion.pipeline.outcome import Outcome, Task, make_outcome
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_path
from pillion.text.file_uris import path_in

FOLDER = Path(__file__).parents[2] / "fixtures" / "actions"
_CURSOR = "¦"
_SECTION = "~~~ "
_ENDS = ("after", "held", "refused", "said")
_ESCAPE = re.compile(r"\\(r|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})")
_WITHIN_S = 30.0
_KEYS = frozenset({"action", "file", "told", "finish", "escapes"})
# Which linters are installed, and what they say, isn't the same on every machine.
_AUDITORS = tuple(each for each in AUDITORS if not isinstance(each, LinterAuditor | CheckerAuditor))


@dataclass(frozen=True, slots=True)
class ReplyCase:
    """One file of fixtures/actions/."""

    keys: Mapping[str, str]
    sections: Mapping[str, str]

    @property
    def end(self) -> str:
        """What becomes of the reply."""
        found = [each for each in _ENDS if each in self.sections and (each != "after" or "held" not in self.sections)]
        (end,) = found or ["after"]
        return end


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a reply. `words`: what the user reads of it."""

    end: str
    words: str
    text: str
    files: Mapping[str, str]


def read_case(path: Path) -> ReplyCase:
    """Reads a case.

    Raises:
        ValueError: the file has an unknown key or no end.
    """
    keys: dict[str, str] = {}
    sections: dict[str, str] = {}
    name = ""
    for line in path.read_bytes().decode().split("\n"):
        if line.startswith(_SECTION):
            name = line.removeprefix(_SECTION)
            sections[name] = ""
        elif name:
            sections[name] += line + "\n"
        else:
            key, _, value = line.partition(":")
            keys[key] = value.strip()
    if unknown := keys.keys() - _KEYS:
        raise ValueError(f"{path.name}: unknown keys: {', '.join(sorted(unknown))}")
    if not any(each in sections or (each == "after" and _becomes(sections)) for each in _ENDS):
        raise ValueError(f"{path.name}: it has no end, which is one of {', '.join(_ENDS)}")
    if keys.get("escapes") == "yes":
        sections = {name: _ESCAPE.sub(_unescaped, text) for name, text in sections.items()}
    # What is below the file's last line end isn't a line.
    sections[name] = sections[name].removesuffix("\n")
    return ReplyCase(keys, sections)


def _becomes(sections: Mapping[str, str]) -> bool:
    return any(each.startswith("becomes ") for each in sections)


def _unescaped(found: re.Match[str]) -> str:
    return "\r" if found[1] == "r" else chr(int(found[1][1:], 16))


def run_case(case: ReplyCase, workspace: Path) -> Ended:
    """What becomes of the reply in this workspace, a folder of the test's own. No engine and no linter is asked."""
    text = case.sections["before"].replace(_CURSOR, "")
    for name, other in (*_sections(case, "also "), (case.keys["file"], text)):
        target = workspace / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(other.encode())
    try:
        task = task_of(case, workspace)
        if task.action.briefing is not None:
            task.action.briefing(task.target.symbol, task.document, task.uri, workspace, task.instruction)
        outcome = make_outcome(task, _draft(case))
    except (DraftRejectedError, NothingToDoError) as exc:
        return Ended("refused", str(exc), text, {})
    return _ended(task, outcome, workspace)


def files_afterwards(case: ReplyCase) -> dict[str, str]:
    """The other files that the case wants, by their names in the workspace."""
    return dict(_sections(case, "becomes "))


def _sections(case: ReplyCase, prefix: str) -> list[tuple[str, str]]:
    return [(name.removeprefix(prefix), text) for name, text in case.sections.items() if name.startswith(prefix)]


def task_of(case: ReplyCase, workspace: Path) -> Task:
    """The case as the task of a job."""
    before, path = case.sections["before"], workspace / case.keys["file"]
    text = before.replace(_CURSOR, "")
    start = before.index(_CURSOR)
    end = max(start, before.rindex(_CURSOR) - len(_CURSOR)) if before.count(_CURSOR) == 2 else start
    language = language_by_path(str(path))
    if language is None:
        raise ValueError(f"{path.name} is in no language that Pillion knows")
    parsed = ParsedText.of(language, text)
    action = action_by_id(case.keys["action"])
    target = target_at(action, parsed, start, end, "there")
    require_applicable(action, target, case.keys.get("told", ""))
    return Task(path.as_uri(), action, target, parsed, case.keys.get("told", ""), workspace)


def _draft(case: ReplyCase) -> Draft:
    return Draft(case.sections["reply"], "gpu0", 99, 0.0, 1.0, cut_off=case.keys.get("finish") == "length")


def _ended(task: Task, outcome: Outcome, workspace: Path) -> Ended:
    if outcome.prose:
        return Ended("said", outcome.prose, task.document.text, {})
    others: dict[str, str] = {}
    for each in outcome.changes:
        name = str(Path(path_in(each.uri) or each.uri).relative_to(workspace))
        if isinstance(each, FileCreation):
            others[name] = each.text
        elif isinstance(each, FileEdit) and each.uri != task.uri:
            others[name] = each.after_text
    after_text = outcome.after_text or task.document.text
    errors = [each.message for each in findings_of(task, outcome) if each.severity == "error"]
    return Ended("held" if errors else "after", "\n".join(errors), after_text, others)


def findings_of(task: Task, outcome: Outcome) -> list[Finding[InEdit]]:
    """What the auditors say of the files that the outcome edits or creates."""
    checks = checks_of(task, outcome, _AUDITORS)
    _, found = asyncio.run(checked(outcome, checks, within_s=_WITHIN_S))
    return [each for _, each in found]
