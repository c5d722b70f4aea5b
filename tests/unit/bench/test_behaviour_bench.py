"""A small fixed sample of what running old and new code side by side finds."""

from pillion.bench.behaviour_bench import behaviour_score
from pillion.bench.suite import library_functions
from pillion.sandbox.sandboxes import Sandboxes
from tests.support.plain_slicer import plain_slice


def test_seeded_bugs_are_found_and_rewrites_are_not_accused() -> None:
    sandboxes = Sandboxes()
    try:
        functions = [each for each in library_functions(["bisect", "colorsys"]) if each.name.count(".") == 1]
        score = behaviour_score(functions, 0, sandboxes, {"python": plain_slice})
    finally:
        sandboxes.close()
    assert score.ran >= 4
    assert score.false_alarms == 0
    assert score.seeded >= 20
    assert score.found / score.seeded >= 0.7
