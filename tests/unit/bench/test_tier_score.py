"""The classifier is good on requests that its model never saw."""

from pathlib import Path

import pytest

from pillion.bench.labelled_requests import labelled_requests
from pillion.bench.tier_score import tier_scores
from pillion.bench.tier_training import hasty
from pillion.cli.fixtures import fixture
from pillion.tiers import Tier

REQUESTS = labelled_requests(fixture("classify"))
FLOOR = 0.80


def test_on_the_unseen_half_it_is_right_and_better_than_the_baselines() -> None:
    score, *baselines = tier_scores([each for each in REQUESTS if each.unseen])
    assert score.accuracy >= FLOOR
    assert score.cost < min(each.cost for each in baselines) / 2
    assert score.accuracy > max(each.accuracy for each in baselines) + 0.15


def test_the_halves_are_as_large_and_have_all_tiers() -> None:
    assert len(REQUESTS) >= 1000
    assert len({each.text for each in REQUESTS}) == len(REQUESTS)
    for half in (True, False):
        tiers = [each.tier for each in REQUESTS if each.unseen is half]
        assert all(tiers.count(tier) > 0.25 * len(tiers) for tier in Tier)


def test_a_line_without_a_label_is_named(tmp_path: Path) -> None:
    (tmp_path / "chat.en.txt").write_text("S what is it\nX build\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"chat\.en\.txt, line 2"):
        labelled_requests(tmp_path)


def test_haste_leaves_out_case_and_marks() -> None:
    assert hasty("What's this, please?") == "what's this please"
