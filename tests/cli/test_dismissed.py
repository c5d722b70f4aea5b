"""`pillion dismissed`: what is dismissed, in words, and back again."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.findings.finding import Finding
from pillion.findings.place import InEdit
from pillion.findings.relocation import identified
from pillion.jobs.dismissals import finding_id
from pillion.state.dismissal_file import Dismissal, DismissalFile
from tests.cli.test_commands import pillion

IDS = [str(number) * 32 for number in range(4)]


@pytest.fixture
def file(tmp_path: Path) -> DismissalFile:
    """The dismissals of the user whose home is tmp_path: an old one, and three with words."""
    file = DismissalFile(tmp_path / ".state" / "pillion")
    (tmp_path / "shop.py").touch()
    shop, other = str(tmp_path / "shop.py"), str(tmp_path / "other.py")
    file.add(
        [
            Dismissal(IDS[0]),
            Dismissal(IDS[1], shop, 3, "x = eval(s)", "eval runs whatever it is given.", "2026-11-29T22:41:00+00:00"),
            Dismissal(IDS[2], other, 5, "[bold]y[/] \x1b[31m", "It is\x07 two.", "2026-11-29T22:42:00+00:00"),
            Dismissal(IDS[3], shop, None, "", "", "2026-11-29T22:43:00+00:00"),
        ]
    )
    return file


def left(file: DismissalFile) -> list[str]:
    """The first digits of the ids that are left."""
    return [each.id[0] for each in file.read()[0]]


def test_they_are_listed_newest_first_in_words(file: DismissalFile, tmp_path: Path) -> None:
    result = pillion("dismissed", home=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    when = datetime.fromisoformat("2026-11-29T22:41:00+00:00").astimezone().strftime("%Y-%m-%d %H:%M")
    assert f"  3  {when}  {tmp_path}/shop.py:3\n" in result.stdout, "as `pillion drafts` has it"
    assert "     eval runs whatever it is given.\n     x = eval(s)\n" in result.stdout
    assert "[bold]y[/] \\x1b[31m" in result.stdout
    assert "\x1b" not in result.stdout
    assert "\x07" not in result.stdout
    rows = json.loads(pillion("dismissed", "list", "--json", home=tmp_path).stdout)
    assert [(row["number"], row["id"]) for row in rows] == [(1, IDS[3]), (2, IDS[2]), (3, IDS[1]), (4, IDS[0])]
    assert {*rows[0]} == {"number", "id", "file", "line", "text", "message", "dismissed_at"}


@pytest.mark.parametrize(
    ("arguments", "rest", "words"),
    [
        (("1",), "012", "1 finding is shown again"),
        (("4", "2", "4"), "13", "2 findings are shown again"),
        ((IDS[1],), "023", "1 finding is"),
        (("--all-of", "shop.py"), "02", "2 findings are"),
        (("--all-of", "./x/../shop.py"), "02", "2 findings are"),
    ],
)
def test_they_are_undone(
    arguments: tuple[str, ...], rest: str, words: str, file: DismissalFile, tmp_path: Path
) -> None:
    result = pillion("dismissed", "undo", *arguments, home=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert words in result.stdout
    assert left(file) == list(rest)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Which finding?"),
        (("1", "--all-of", "shop.py"), "Which finding?"),
        (("0",), "No finding is dismissed as '0'"),
        (("1", "9"), "No finding is dismissed as '9'"),
        (("x",), "No finding is dismissed as 'x'"),
        (("--all-of", "none.py"), "No finding in none.py is dismissed"),
        (("--all-of", ""), "No finding in  is dismissed"),
    ],
)
def test_what_is_not_there_changes_nothing(
    arguments: tuple[str, ...], message: str, file: DismissalFile, tmp_path: Path
) -> None:
    result = pillion("dismissed", "undo", *arguments, home=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert left(file) == list("0123")


def test_json_and_nothing(file: DismissalFile, tmp_path: Path) -> None:
    result = pillion("dismissed", "undo", "3", "--json", home=tmp_path)
    assert [each["id"] for each in json.loads(result.stdout)["undone"]] == [IDS[1]]
    file.path.unlink()
    assert pillion("dismissed", home=tmp_path).stdout == "No finding is dismissed.\n"


def test_an_action_leaves_out_what_is_dismissed(
    file: DismissalFile, tmp_path: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine
) -> None:
    (tmp_path / "stub.py").write_text("def one() -> int:\n    raise NotImplementedError\n")
    after, quote, message = "def one() -> int:\n    return 2\n", "return 2", "One is not two."
    large.script(Rule(f"```python\n{after}```"))
    said = {"quote": quote, "severity": "warning", "category": "bug", "message": message}
    small.script(Rule(json.dumps({"findings": [said]})))
    command = ("action", "implement", "stub.py:1", "--json")
    shown = json.loads(pillion(*command, home=tmp_path, config=two_gpus).stdout)
    at = after.index(quote)
    found = identified(Finding(quote, "warning", "bug", message, InEdit(at, at + len(quote))), after)
    file.add([Dismissal(finding_id(found))])
    left_out = json.loads(pillion(*command, home=tmp_path, config=two_gpus).stdout)
    assert [[each["message"] for each in data["findings"]] for data in (shown, left_out)] == [[message], []]
