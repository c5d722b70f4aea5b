"""A place says which text it is a place in. mypy refuses one for another, and only findings/ moves a finding."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mypy import api

import pillion

PACKAGE = Path(pillion.__file__).parent
# The rooms that say where in a text something is. A finding comes into any other text by the room that moves it.
NAMED_IN = {
    "InPassage": {"auditors", "audit"},
    "InDraft": {"audit"},
    "InEdit": {"edits", "audit"},
    "InPreview": {"jobs"},
    "InDocument": {"jobs"},
}

GIVEN = """
from typing import Any
from dataclasses import replace
from pillion.findings.finding import Finding
from pillion.findings.finding_list import FindingList
from pillion.findings.moves import after_typing, edit_to, passage_to_draft, passage_to_edit
from pillion.findings.new_parts import NewParts
from pillion.findings.place import InDocument, InDraft, InEdit, InPassage, InPreview, Place
from pillion.findings.relocation import relocate

def wherever(finding: Finding[Place]) -> int:
    return finding.start

def given(
    seen: Finding[InPassage], drafted: Finding[InDraft], edited: Finding[InEdit], shown: Finding[InDocument],
    new: NewParts, region: InEdit, written: InPreview,
) -> None:
    unused: Any
"""
WRONG = [
    "passage_to_draft(drafted, 0)",
    "passage_to_draft(edited, 0)",
    "passage_to_edit(drafted)",
    "new.to_edit(edited)",
    "FindingList().add([edited])",
    "FindingList().add([passage_to_edit(seen)])",
    "relocate([seen], '', [region])",
    "unused = list[Finding[InEdit]](relocate([drafted], '', [written]))",
    "edit_to(InPreview, '', [drafted], (), lambda: None)",
    "unused = list[Finding[InPreview]](edit_to(InDocument, '', [edited], (), lambda: None))",
    "after_typing(edited, 0, 0, 1)",
    "edited.place.touches(drafted.place)",
    "replace(edited, place=shown.place)",
    "replace(edited, start=0)",
    "edited.start += 1",
    "Finding('a', 'error', 'bug', 'No.', 0, 1)",
    "def bare(finding: Finding) -> None: pass",
]
RIGHT = [
    "FindingList().add([passage_to_draft(seen, 0)])",
    "unused = list[Finding[InEdit]](relocate([drafted, edited], '', [region]))",
    "after_typing(shown, 0, 0, 1)",
    "edited.place.touches(region)",
    "replace(edited, quote='b')",
    "wherever(edited)",
]


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The lines that mypy refuses. One run for all of them: a run takes a second."""
    file = tmp_path_factory.mktemp("mypy") / "mixed.py"
    text = GIVEN + "".join(f"    {line}\n" for line in (*WRONG, *RIGHT))
    file.write_text(text, encoding="utf-8")
    options = ["--config-file=", "--strict", "--cache-dir=/dev/null", "--follow-imports=silent", "--no-error-summary"]
    before = sys.getrecursionlimit()  # mypy raises it for the whole process
    try:
        said, failed, _ = api.run([*options, str(file)])
    finally:
        sys.setrecursionlimit(before)
    assert not failed
    return {text.splitlines()[int(line.split(":")[1]) - 1].strip() for line in said.splitlines() if ": error:" in line}


@pytest.mark.parametrize("line", WRONG)
def test_mypy_refuses(line: str, refused: set[str]) -> None:
    assert line in refused


def test_mypy_accepts(refused: set[str]) -> None:
    assert refused == set(WRONG)


def calculates(call: ast.Call) -> bool:
    """Whether it calculates with a place: `finding.start + 3`."""
    sums = (node for each in (*call.args, *call.keywords) for node in ast.walk(each) if isinstance(node, ast.BinOp))
    attributes = (node for each in sums for node in ast.walk(each) if isinstance(node, ast.Attribute))
    return any(each.attr in {"start", "end"} for each in attributes)


def moves_in(source: str, room: str) -> Iterator[str]:
    """What in a module of this room moves a finding, or names a place in a text that isn't this room's."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "moved_to" for alias in node.names):
            yield ast.unparse(node)
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            replaces = name == "replace" and any(each.arg == "place" for each in node.keywords)
            elsewhere = name in NAMED_IN and room not in NAMED_IN[name]
            if replaces or elsewhere or (name in {*NAMED_IN, "Finding"} and calculates(node)):
                yield ast.unparse(node)


@pytest.mark.parametrize(
    ("source", "room"),
    [
        ("from pillion.findings.moves import moved_to, passage_to_draft", "audit"),
        ("replace(finding, place=place)", "pipeline"),
        ("InDraft(finding.start + 1, finding.end + 1)", "audit"),
        ("Finding(quote, severity, category, message, there(finding.start - 1), source)", "audit"),
        ("InDocument(0, 1)", "lsp"),
        ("place.InEdit(start, end)", "pipeline"),
    ],
)
def test_what_moves_a_finding_is_seen(source: str, room: str) -> None:
    assert list(moves_in(source, room)) == [source]


def test_only_findings_moves_a_finding() -> None:
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0]
        if room != "findings":
            assert list(moves_in(path.read_text(encoding="utf-8"), room)) == [], path
