"""`pillion drafts`: listed, shown, applied, dropped, and nothing else ever touched."""

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
    removed = pillion("drafts", "drop", "2", "1", "2", home=tmp_path)
    assert removed.stdout == "2 drafts were dropped.\n"
    assert list((state / "drafts").iterdir()) == []
    assert pillion("drafts", home=tmp_path).stdout == "No draft is kept: what models wrote became edits.\n"
    assert pillion("drafts", "--json", home=tmp_path).stdout == "[]\n"


@pytest.mark.parametrize("what", ["show", "drop", "apply"])
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
    pillion("drafts", "drop", *rows, home=tmp_path)
    assert list((state / "drafts").iterdir()) == [], "and nothing is left of them"


SHOP = "def rate(year):\n    raise NotImplementedError\n\n\ndef total(prices):\n    return sum(prices)\n"
DRAFT = "Here:\n```python\ndef rate(year):\n    return year / 100\n```\n"


def kept(home: Path, text: str = DRAFT, action: str = "implement", symbol: str = "rate", shop: str = SHOP) -> Path:
    """A draft that is kept for shop.py in the home."""
    file = home / "shop.py"
    file.write_text(shop, encoding="utf-8")
    state = home / ".state" / "pillion"
    draft = DraftFolder(state).keep("7f", action, symbol, text, uri=file.as_uri(), reason="you changed the code")
    assert draft is not None
    return draft


def test_a_draft_is_applied_to_the_file_as_it_is_now(tmp_path: Path) -> None:
    draft = kept(tmp_path, shop="import os\n\n\n" + SHOP)
    shown = pillion("drafts", "apply", "1", home=tmp_path)
    assert "-    raise NotImplementedError\n+    return year / 100\n" in shown.stdout
    assert draft.exists()
    assert "raise NotImplementedError" in (tmp_path / "shop.py").read_text(encoding="utf-8")
    data = json.loads(pillion("drafts", "apply", "1", "--json", "--write", home=tmp_path).stdout)
    assert (data["action"], data["symbol"], data["written"]) == ("implement", "rate", True)
    assert "    return year / 100\n" in (tmp_path / "shop.py").read_text(encoding="utf-8")
    assert list(draft.parent.iterdir()) == [], "it has become an edit"


BAD = {
    "the symbol is gone": ({"shop": "x = 1\n"}, (), 2, "isn't there any more"),
    "two of that name": ({"shop": SHOP + "\n\nclass A:\n    def rate(self): ...\n"}, (), 2, "there are 2 of them"),
    "no code": ({"action": "explain"}, (), 2, "changes no file"),
    "a draft that fails a check": ({"text": DRAFT.replace("year / 100", "year / (")}, ("--write",), 1, "never closed"),
    "a name that is bound nowhere": ({"text": DRAFT.replace("year", "yaer", 2)}, ("--write",), 1, "yaer"),
    "written already": ({"shop": SHOP.replace("raise NotImplementedError", "return 1")}, (), 2, "doesn't apply"),
}


@pytest.mark.parametrize(("case", "arguments", "code", "words"), BAD.values(), ids=BAD)
def test_a_draft_that_is_not_applied_stays_kept(
    tmp_path: Path, case: dict[str, str], arguments: tuple[str, ...], code: int, words: str
) -> None:
    draft = kept(tmp_path, **case)
    before = (tmp_path / "shop.py").read_text(encoding="utf-8")
    result = pillion("drafts", "apply", "1", *arguments, home=tmp_path)
    assert result.returncode == code, result.stderr
    assert words in result.stdout + result.stderr
    assert (tmp_path / "shop.py").read_text(encoding="utf-8") == before
    assert [each for each in draft.parent.iterdir() if each.suffix == ".md"] == [draft]


def test_a_draft_that_does_not_say_its_file_is_told_it(tmp_path: Path) -> None:
    draft = kept(tmp_path)
    draft.with_suffix(".json").unlink()
    refused = pillion("drafts", "apply", "1", home=tmp_path)
    assert (refused.returncode, "--at FILE:LINE" in refused.stderr) == (2, True)
    applied = pillion("drafts", "apply", "1", "--at", f"{tmp_path / 'shop.py'}:1", "--write", home=tmp_path)
    assert applied.returncode == 0, applied.stderr
    assert "year / 100" in (tmp_path / "shop.py").read_text(encoding="utf-8")
