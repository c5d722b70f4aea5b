"""`pillion drafts`: listed, shown, removed, and nothing else ever touched."""

import json
from pathlib import Path

import pytest

from pillion.state.kept_drafts import DraftFolder
from tests.cli.test_commands import pillion
from tests.unit.state.test_draft_log import PIECE, abandoned


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state folder of the user whose home is tmp_path, with a draft, and one that a dead server left."""
    state = tmp_path / ".state" / "pillion"
    DraftFolder(state).keep("7f", "implement", "rate", "def rate(): \x1b]0;mine\x07\n")
    about = b'{"format": 1, "job": "8f", "action": "refactor", "symbol": "total"}\n'
    abandoned(state, "8f.jsonl", about + PIECE)
    return state


def test_they_are_listed_shown_and_removed(state: Path, tmp_path: Path) -> None:
    rows = json.loads(pillion("drafts", "--json", home=tmp_path).stdout)
    assert rows == json.loads(pillion("drafts", "list", "--json", home=tmp_path).stdout)
    assert [(row["number"], row["action"], row["symbol"], row["unfinished"]) for row in rows] == [
        (1, "refactor", "total", True),
        (2, "implement", "rate", False),
    ]
    listed = pillion("drafts", home=tmp_path)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "refactor total (unfinished)\n" in listed.stdout
    assert f"     {rows[1]['path']}\n" in listed.stdout
    for said in ("1", rows[0]["path"], Path(rows[0]["path"]).name):
        assert pillion("drafts", "show", said, home=tmp_path).stdout == "text\n"
    assert json.loads(pillion("drafts", "show", "2", "--json", home=tmp_path).stdout)["text"].startswith("def rate")
    removed = pillion("drafts", "remove", "2", "1", "2", home=tmp_path)
    assert removed.stdout == "2 drafts were removed.\n"
    assert list((state / "drafts").iterdir()) == []
    assert pillion("drafts", home=tmp_path).stdout == "No draft is kept: what models wrote became edits.\n"
    assert pillion("drafts", "--json", home=tmp_path).stdout == "[]\n"


@pytest.mark.parametrize("what", ["show", "remove"])
@pytest.mark.parametrize("said", ["0", "3", "../../secret", "/etc/passwd", "secret", "", "implement"])
def test_only_what_is_kept_can_be_meant(said: str, what: str, state: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mine")
    result = pillion("drafts", what, said, home=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert f"No draft is kept as {said!r}." in result.stderr
    assert secret.read_text() == "mine"
    assert len(list((state / "drafts").iterdir())) == 2


def test_what_they_are_for_and_why_they_became_no_edit(state: Path, tmp_path: Path) -> None:
    folder, uri = DraftFolder(state), (tmp_path / "my shop.py").as_uri()
    folder.keep("9f", "refactor", "total", "text", uri=uri, reason="refused: it\nwould\x1b[2J break")
    folder.keep("af", "ask", "", "words", uri="untitled:Untitled-1")
    listed = pillion("drafts", home=tmp_path).stdout
    assert f"  refactor total\n     for {tmp_path}/my shop.py\n     refused: it would\\x1b[2J break\n" in listed
    assert "  ask\n     for untitled:Untitled-1\n" in listed
    rows = {row["path"]: row for row in json.loads(pillion("drafts", "--json", home=tmp_path).stdout)}
    assert sorted((row["uri"], row["reason"]) for row in rows.values())[:2] == [("", ""), ("", "")], "earlier ones"
    path = next(path for path in rows if "-9f" in path)
    shown = pillion("drafts", "show", path, home=tmp_path)
    assert (shown.stdout, shown.stderr) == (
        "text\n",
        f"for {tmp_path}/my shop.py\nrefused: it would\\x1b[2J break\n",
    )
    assert json.loads(pillion("drafts", "show", path, "--json", home=tmp_path).stdout)["uri"] == uri
    pillion("drafts", "remove", *rows, home=tmp_path)
    assert list((state / "drafts").iterdir()) == [], "and nothing is left of them"
