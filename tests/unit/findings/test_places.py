"""A quoted text is found again where it most likely went."""

import pytest
from pygls.workspace import PositionCodec

from pillion.actions.action_registry import action_by_id
from pillion.edits.file_change import FileEdit
from pillion.findings.finding import Finding
from pillion.findings.moves import moved
from pillion.findings.place import InEdit
from pillion.findings.quotes import nearest
from pillion.jobs.placed_findings import place_findings
from pillion.lsp.documents import Document
from pillion.pipeline.draft import Draft
from pillion.pipeline.outcome import Outcome, Task
from pillion.syntax.target import Target
from pillion.text.replacement import Replacement, apply_replacements, smallest_replacements
from tests.support.texts import parsed

BEFORE = "import os\n\n\ndef f():\n    pass\n\n\ndef g():\n    return 1\n"
AFTER = "import os\nimport re\n\n\ndef f():\n    x = 0\n    return 1\n\n\ndef g():\n    return 1\n"


@pytest.mark.parametrize(
    ("text", "quote", "offset", "bounds", "expected"),
    [
        pytest.param("a; b; a", "a", 6, (), 6, id="same-offset"),
        pytest.param("a; b; a", "a", 0, (), 0, id="same-offset-first-one"),
        pytest.param("a; b; a", "a", 4, (), 6, id="nearest-behind"),
        pytest.param("a; b; a", "a", 2, (), 0, id="nearest-before"),
        pytest.param("a; b; a", "a", 99, (), 6, id="past-the-end"),
        pytest.param("a; b; a", "a", 6, (0, 5), 0, id="within-bounds"),
        pytest.param("a; b; a", "a", 0, (1, 5), None, id="none-within-bounds"),
        pytest.param("a; b; a", "c", 0, (), None, id="gone"),
        pytest.param("max = 1", "x = 1", 2, (), None, id="word-that-began-before"),
        pytest.param("x = 10; x = 1", "x = 1", 0, (), 8, id="word-that-went-on"),
        pytest.param("f(.*)", "(.*)", 0, (), 1, id="no-pattern"),
        pytest.param("a\n  b", "a\n  b", 0, (), 0, id="two-lines"),
        pytest.param("abc", "", 1, (), None, id="nothing-quoted"),
        pytest.param("😋 é", "é", 0, (), 2, id="code-points"),
    ],
)
def test_the_nearest_occurrence(
    text: str, quote: str, offset: int, bounds: tuple[int, ...], expected: int | None
) -> None:
    assert nearest(text, quote, offset, *bounds) == expected


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(0, 3), (4, 7), (9, 9), (12, 9), (13, 10), (20, 17)],
)
def test_an_offset_moves_with_the_changes(offset: int, expected: int) -> None:
    text = "0123456789abcdefghijk"
    changes = [Replacement(6, 13, "x"), Replacement(0, 0, "new")]
    after = apply_replacements(text, changes)
    assert moved(offset, changes) == expected
    if not 6 <= offset < 13:
        assert after[expected] == text[offset]


def test_what_the_user_typed_elsewhere_moves_an_offset_to_the_same_text() -> None:
    before = "import os\n\n\ndef f():\n    return 1\n\n\ndef g():\n    return 1\n"
    after = "# on top\n" + before.replace("    return 1", "    # why\n    return 1", 1)
    offset = before.rindex("return 1")
    assert after[moved(offset, smallest_replacements(before, after)) :] == "return 1\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(AFTER, [("import re", 1), ("return 1", 6)], id="as-drafted"),
        pytest.param(f"# {AFTER}", [("import re", 1), ("return 1", 6)], id="typed-before-it"),
        pytest.param(f"return 1\n{AFTER}", [("import re", 2), ("return 1", 7)], id="typed-on-top"),
        pytest.param(AFTER.replace("x = 0", "x = 2\n    y = 3"), [("import re", 1), ("return 1", 7)], id="typed-in-it"),
        pytest.param(AFTER.replace("import re\n", ""), [("return 1", 5)], id="import-gone"),
        pytest.param(AFTER.replace("return 1", "return x", 1), [("import re", 1)], id="only-in-another-function"),
        pytest.param(AFTER[AFTER.index("def g") :], [], id="function-gone"),
    ],
)
async def test_findings_land_on_the_edit_wherever_it_went(text: str, expected: list[tuple[str, int]]) -> None:
    before = parsed("python", BEFORE)
    symbol = before.symbols.named("f")
    assert symbol is not None
    places = [(quote, AFTER.index(quote)) for quote in ("import re", "return 1")]
    findings = tuple(
        Finding(quote, "error", "bug", "No.", InEdit(at, at + len(quote)), "calls") for quote, at in places
    )
    task = Task("file:///a.py", action_by_id("implement"), Target.of(symbol), before)
    edit = FileEdit(task.uri, (), BEFORE, AFTER)
    outcome = Outcome(Draft("", "gpu0", 1, 0.0, 1.0, cut_off=False), task.uri, (edit,), findings=findings)
    placed = await place_findings(task, outcome, Document("file:///a.py", text, 2, "python", PositionCodec(), None))
    assert [(text[each.start : each.end], text.count("\n", 0, each.start)) for each in placed] == expected
