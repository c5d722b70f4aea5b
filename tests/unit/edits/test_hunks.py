"""An edit in hunks: what is decided together, what comes along, and what an id says."""

import re

import pytest

from pillion.edits.hunks import Hunk, hunks_of
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import LANGUAGES
from pillion.text.replacement import Replacement, apply_replacements, smallest_replacements


def parsed(language: str, text: str) -> ParsedText:
    return ParsedText.of(next(each for each in LANGUAGES if each.id == language), text)


def cut(document: ParsedText, after: str) -> list[Hunk]:
    return hunks_of(document, smallest_replacements(document.text, after))


def made(hunk: Hunk, before: str) -> str:
    return apply_replacements(before, [each.replacement for each in hunk.changes])


TWO = "def a():\n    return 1\n\n\ndef b():\n    return 2\n"
USES_PATH = 'import os\n\n\ndef a(p):\n    return os.path.join(p, "x")\n\n\ndef b(p):\n    return p\n'
BRINGS_PATH = (
    "import os\nfrom pathlib import Path\n\n\ndef a(p):\n    return Path(p)\n\n\ndef b(p):\n    return p.strip()\n"
)
NESTED = "def a(x):\n    if x:\n        one()\n        keep()\n        two()\n    return x\n"
FLAT = "def a(x):\n    with x:\n        one()\n        keep()\n        three()\n    return x\n"


@pytest.mark.parametrize(
    ("language", "before", "after", "expected"),
    [
        pytest.param("python", TWO, TWO, [], id="nothing"),
        pytest.param("python", TWO, TWO.replace("1", "3"), [(1, 0)], id="one"),
        pytest.param("python", TWO, TWO.replace("1", "3").replace("2", "4"), [(1, 0), (1, 0)], id="two"),
        pytest.param("python", USES_PATH, BRINGS_PATH, [(1, 1), (1, 0)], id="an-import-comes-along"),
        pytest.param(
            "python",
            "def a():\n    return 1\n\n\ndef b():\n    return 2\n",
            "LIMIT = 1\n\n\ndef a():\n    return LIMIT\n\n\ndef b():\n    return LIMIT + 1\n",
            [(1, 1), (1, 1)],
            id="what-two-of-them-need",
        ),
        pytest.param(
            "python",
            TWO,
            "import math\n\n" + TWO.replace("return 1", "return 3"),
            [(1, 0), (1, 0)],
            id="an-import-that-nobody-needs",
        ),
        pytest.param(
            "python",
            "from x import a\n\n\ndef f():\n    return a\n\n\ndef g():\n    return 1\n",
            "from x import a, b\n\n\ndef f():\n    return a\n\n\ndef g():\n    return b\n",
            [(1, 1)],
            id="an-import-that-grows",
        ),
        pytest.param(
            "python",
            "def a():\n    return 1\n\n\ndef b():\n    pass\n",
            "import m\n\n\ndef a():\n    return _h()\n\n\ndef b():\n    pass\n\n\ndef _h():\n    return m.x\n",
            [(1, 2)],
            id="what-a-helper-needs-comes-along-too",
        ),
        pytest.param(
            "python",
            "def a():\n    x = [\n        1,\n        2,\n        3,\n    ]\n    return x\n",
            "def a():\n    x = (\n        1,\n        2,\n        3,\n    )\n    return x\n",
            [(2, 0)],
            id="brackets",
        ),
        pytest.param(
            "go",
            'package p\n\nimport "fmt"\n\nfunc A() {\n\tfmt.Println(1)\n}\n\nfunc B() {\n\tfmt.Println(2)\n}\n',
            'package p\n\nimport "fmt"\nimport "strings"\n\nfunc A() {\n\tfmt.Println(strings.ToUpper("a"))\n}\n\n'
            "func B() {\n\tfmt.Println(3)\n}\n",
            [(1, 1), (1, 0)],
            id="go",
        ),
        pytest.param(
            "typescript",
            "function a(): number {\n  return 1;\n}\n\nfunction b(): number {\n  return 2;\n}\n",
            "import { x } from './x';\n\nfunction a(): number {\n  return x;\n}\n\nfunction b(): number {\n  return 3;\n}\n",
            [(1, 1), (1, 0)],
            id="typescript",
        ),
        pytest.param(
            "c",
            "int a(void) {\n    return 1;\n}\n\nint b(void) {\n    return 2;\n}\n",
            "#include <math.h>\n\nint a(void) {\n    return sqrt(4);\n}\n\nint b(void) {\n    return 3;\n}\n",
            [(1, 1), (1, 1)],
            id="a-header-brings-names-that-nobody-knows",
        ),
        pytest.param(
            "rust",
            "fn a() {\n    if x {\n        one();\n        two();\n    }\n    three();\n}\n",
            "fn a() {\n    loop {\n        one();\n        two();\n        four();\n    }\n    five();\n}\n",
            [(1, 0), (1, 0), (1, 0)],
            id="rust",
        ),
    ],
)
def test_hunks(language: str, before: str, after: str, expected: list[tuple[int, int]]) -> None:
    document = parsed(language, before)
    hunks = cut(document, after)
    assert [(len(each.own), len(each.brings)) for each in hunks] == expected
    assert len({each.id for each in hunks}) == len(hunks)
    every = {change.replacement for each in hunks for change in each.changes}
    assert apply_replacements(before, every) == after, "together they are the edit"
    for hunk in hunks:
        for change in hunk.changes:
            assert after[change.start : change.end] == change.replacement.new_text
        alone = parsed(language, made(hunk, before))
        assert not alone.tree.root_node.has_error, "each of them can be accepted alone"


def test_accepting_one_after_the_other_gives_the_edit() -> None:
    text, after = USES_PATH, BRINGS_PATH
    ids = [each.id for each in cut(parsed("python", text), after)]
    for expected in ids:
        first = cut(parsed("python", text), after)[0]
        assert first.id == expected, "an id stays when others are accepted"
        text = made(first, text)
    assert text == after


def test_equal_changes_have_ids_of_their_own() -> None:
    before = "def a():\n    pass\n\n\ndef b():\n    pass\n"
    hunks = cut(parsed("python", before), before.replace("pass", "return"))
    assert len({each.id for each in hunks}) == 2


def test_an_id_stays_while_the_user_types_elsewhere() -> None:
    before, after = TWO, TWO.replace("1", "3").replace("2", "4")
    more = "# typed\n"
    ids = [each.id for each in cut(parsed("python", before), after)]
    assert ids == [each.id for each in cut(parsed("python", more + before), more + after)]


def test_a_rewrite_around_a_blank_line_is_one_hunk() -> None:
    before = "def a():\n    one()\n\n    two()\n    keep()\n"
    after = "def a():\n    three()\n\n    four()\n    keep()\n"
    (hunk,) = cut(parsed("python", before), after)
    assert len(hunk.own) == 1


def test_a_file_that_was_broken_before_is_still_cut() -> None:
    before = "def broken(:\n    pass\n\n\n" + TWO
    hunks = cut(parsed("python", before), before.replace("1", "3").replace("2", "4"))
    assert len(hunks) == 2


def test_changes_within_lines_are_shown_as_whole_lines() -> None:
    at = TWO.index("1")
    end = len(TWO) - 1
    (first, second) = hunks_of(
        parsed("python", TWO), [Replacement(at, at + 1, "3"), Replacement(end, end, "\n\n\nc = 1")]
    )
    assert first.own[0].replacement.new_text == "    return 3\n"
    assert second.own[0].replacement == Replacement(len(TWO), len(TWO), "\n\nc = 1\n")


def test_many_changes_take_no_time() -> None:
    before = "".join(f"def f{n}():\n    return {n}\n" for n in range(500))
    places = [match.start() for match in re.finditer("return", before)]
    hunks = hunks_of(parsed("python", before), [Replacement(at, at + 6, "yield") for at in places])
    assert len(hunks) == 500
