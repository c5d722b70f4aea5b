"""`pillion action` on some lines of a file, and on a file as a whole."""

import json
from pathlib import Path

import pytest

from pillion.cli.place_argument import Place
from pillion.errors import UsageError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.cli.test_commands import pillion

SOURCE = """LIMIT = 3


def total(prices):
    result = 0
    for price in prices:
        result = result + price
    return result


def rest(prices):
    return LIMIT - total(prices)
"""
LINES = "```python\nresult = sum(prices)\n```"
BOTH = (
    "```python\ndef total(prices):\n    return sum(prices)\n\n\ndef rest(prices):\n    return LIMIT - sum(prices)\n```"
)
LOOP = "    result = 0\n    for price in prices:\n        result = result + price\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_text(SOURCE)
    return path


@pytest.mark.parametrize(
    ("place", "reply", "name", "after"),
    [
        ("shop.py:5-7", LINES, "3 lines in total", SOURCE.replace(LOOP, "    result = sum(prices)\n")),
        (
            "shop.py:4-12",
            BOTH,
            "total and rest",
            SOURCE.replace(f"{LOOP}    return result", "    return sum(prices)").replace("- total(", "- sum("),
        ),
        (
            "shop.py",
            BOTH.replace("```python\n", "```python\nLIMIT = 4\n\n\n"),
            "the file",
            SOURCE.replace(f"{LOOP}    return result", "    return sum(prices)")
            .replace("- total(", "- sum(")
            .replace("= 3", "= 4"),
        ),
        ("shop.py:1-1", "```python\nLIMIT = 5\n```", "1 line", SOURCE.replace("= 3", "= 5")),
    ],
)
def test_what_is_named_is_changed(
    place: str, reply: str, name: str, after: str, tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine
) -> None:
    large.script(Rule(reply))
    words = ("--instruction", "make it short")
    result = pillion("action", "change", place, *words, "--write", "--json", home=tmp_path, config=two_gpus)
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    assert (said["symbol"], said["written"]) == (name, True), said
    assert shop.read_text() == after


def test_a_file_that_an_endpoint_cannot_read_is_refused_with_the_limit(
    tmp_path: Path, shop: Path, two_gpus: Path, small: FakeEngine
) -> None:
    shop.write_text(SOURCE + "".join(f"\n\ndef f{number}(a):\n    return a + {number}\n" for number in range(3000)))
    result = pillion("action", "comments", "shop.py", home=tmp_path, config=two_gpus)
    assert result.returncode == 1
    said = " ".join(result.stderr.split())
    assert "“the file” takes about" in said
    assert "and the endpoint reads" in said
    assert "Choose a smaller part, or raise num_ctx" in said
    assert small.log() == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a.py", Place(Path("a.py"), 0, 1)),
        ("a.py:3", Place(Path("a.py"), 3, 1)),
        ("a.py:3:7", Place(Path("a.py"), 3, 7)),
        ("a.py:3-7", Place(Path("a.py"), 3, 1, 7)),
        ("a:b.py:3-3", Place(Path("a:b.py"), 3, 1, 3)),
        ("a-1.py", Place(Path("a-1.py"), 0, 1)),
        ("a.py:x", Place(Path("a.py:x"), 0, 1)),
        *((each, None) for each in ("", "a.py:", "a.py:0", "a.py:3:0", "a.py:0-3", "a.py:3-2")),
    ],
)
def test_the_forms_of_a_place(text: str, found: Place | None) -> None:
    if found is None:
        with pytest.raises(UsageError):
            Place.parse(text)
    else:
        assert Place.parse(text) == found
