"""`pillion action rename`: three names, of which a command takes the first."""

import json
from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.cli.test_commands import pillion
from tests.support.shop import SOURCE

NAMES = Rule('{"names": ["amounts", "items", "allPrices"]}')
RESULT, TOTAL = "shop.py:9:5", "shop.py:8:5"


@pytest.fixture
def shop(tmp_path: Path, small: FakeEngine) -> Path:
    small.script(NAMES)
    path = tmp_path / "shop.py"
    path.write_text(SOURCE)
    return path


def renamed(new: str) -> str:
    head, _, body = SOURCE.partition("def total")
    return f"{head}def total{body.replace('result', new)}"


def test_the_names_are_printed(tmp_path: Path, shop: Path, two_gpus: Path) -> None:
    result = pillion("action", "rename", RESULT, home=tmp_path, config=two_gpus)
    assert result.returncode == 0, result.stderr
    assert "+    amounts = 0" in result.stdout
    assert "Names: amounts, items, all_prices. This is the first" in " ".join(result.stderr.split())
    assert shop.read_text() == SOURCE


def test_the_first_is_written(tmp_path: Path, shop: Path, two_gpus: Path) -> None:
    result = pillion("action", "rename", RESULT, "--write", "--json", home=tmp_path, config=two_gpus)
    said = json.loads(result.stdout)
    assert (said["names"], said["written"]) == (["amounts", "items", "all_prices"], True)
    assert shop.read_text() == renamed("amounts")


def test_the_users_own_name_is_written(tmp_path: Path, shop: Path, two_gpus: Path) -> None:
    words = ("--instruction", "to grand_total")
    result = pillion("action", "rename", RESULT, *words, "--write", home=tmp_path, config=two_gpus)
    assert result.returncode == 0, result.stderr
    assert shop.read_text() == renamed("grand_total")


@pytest.mark.parametrize("more", [[], ["--write"]])
def test_what_others_use_is_left_to_an_editor(more: list[str], tmp_path: Path, shop: Path, two_gpus: Path) -> None:
    result = pillion("action", "rename", TOTAL, *more, home=tmp_path, config=two_gpus)
    assert result.returncode == 0, result.stderr
    said = " ".join(result.stdout.split())
    assert "amounts, items, all_prices. “total” is seen outside of one function" in said
    assert "your editor's own rename" in said
    assert shop.read_text() == SOURCE


def test_a_place_without_a_name(tmp_path: Path, shop: Path, two_gpus: Path) -> None:
    result = pillion("action", "rename", "shop.py:9", home=tmp_path, config=two_gpus)
    assert result.returncode == 2
    assert "There is no name that this file declares at shop.py:9" in " ".join(result.stderr.split())
