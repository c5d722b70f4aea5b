"""The examples' score, on a few functions in the real sandbox."""

from pillion.auditors.running.examples import ExamplesCheck
from pillion.bench.example_score import Solved, example_score
from pillion.sandbox.sandboxes import Sandboxes
from tests.unit.auditors.running.whole_document import whole_document

RIGHT = '''def total(prices):
    """
    total([1, 2]) == 3
    total([]) == 0
    """
    result = 0
    for price in prices:
        result += price
    return result
'''
SILENT = "def double(x):\n    return 2 * x\n"


def test_right_solutions_pass_and_seeded_bugs_are_found() -> None:
    sandboxes = Sandboxes()
    stub = RIGHT[: RIGHT.index("    result = 0")]
    solved = [
        Solved("right", "total", f"{stub}    pass\n", RIGHT),
        Solved("wrong example", "total", f"{stub}    pass\n".replace("== 3", "== 4"), RIGHT),
        Solved("no example", "double", "def double(x):\n    pass\n", SILENT),
    ]
    score = example_score(ExamplesCheck(sandboxes, {"python": whole_document}), solved)
    sandboxes.close()
    assert (score.functions, score.with_examples, score.refused) == (3, 2, ("wrong example",))
    assert score.bugs >= 4
    assert score.bugs_found >= score.bugs * 0.6
    assert score.as_data()["functions"] == 3
