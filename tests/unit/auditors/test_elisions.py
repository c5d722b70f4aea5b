"""A comment or dots in the place of code are found by structure, and a comment that explains isn't one of them."""

from typing import NamedTuple

import pytest

from pillion.auditors.elisions import ElisionsAuditor
from tests.unit.auditors.cases import Case, check

OLD = (
    "def load(path):\n    with open(path) as file:\n        rows = [line.split() for line in file]\n"
    "    checked = []\n    for row in rows:\n        if len(row) != 3:\n            raise ValueError(row)\n"
    "        checked.append(row)\n    return checked\n"
)
HEAD = "def load(path):\n    with open(path) as file:\n        rows = [line.split() for line in file]\n"


class Told(NamedTuple):
    """New code in the place of `OLD`, and what is quoted of it; nothing if it is all right."""

    code: str
    quote: str = ""
    part: str = "of code"


PYTHON = {
    "the rest": Told(HEAD + "    # the rest is unchanged\n    return checked\n", "# the rest is unchanged"),
    "in Chinese": Told(HEAD + "    # 其余不变\n    return checked\n", "# 其余不变"),
    "in Greek, at the end": Told(HEAD + "    # τα υπόλοιπα ως έχουν\n", "# τα υπόλοιπα ως έχουν"),
    "dots": Told(HEAD + "    ...\n    return checked\n", "..."),
    "one character": Told(HEAD + "    …\n    return checked\n", "…"),
    "pass": Told(HEAD + "    pass  # as before\n    return checked\n", "pass  # as before"),
    "dots before other code": Told(HEAD + "    # ... check them\n    return tuple(checked)\n", "# ... check them"),
    "in a branch": Told(
        OLD.replace("            raise ValueError(row)\n", "            # …\n            pass\n"), "# …"
    ),
    "behind a changed line": Told(
        HEAD.replace("split()", "split(',')") + "    # (checks)\n    return checked\n", "# (checks)"
    ),
    "all of it": Told("def load(path):\n    pass\n", "load", "had code"),
    "shorter, with a comment": Told(
        HEAD
        + "    # A row has three fields.\n    if any(len(row) != 3 for row in rows):\n        raise ValueError(rows)\n"
        "    return rows\n",
    ),
    "shorter, with a comment below": Told(
        "def load(path):\n    with open(path) as file:\n        checked = [row for line in file if len(row := line.split()) == 3]\n"
        "    # in the file's order\n    return checked\n",
    ),
    "why a line is gone": Told(
        OLD.replace(
            "        checked.append(row)\n", "        # It isn't kept: nobody reads it, and it may be large.\n"
        ),
    ),
    "more comments": Told(OLD.replace("    for row", "    # each has three\n    for row")),
    "unchanged": Told(OLD),
    "a list of dots": Told(OLD.replace("checked = []", "checked: list[tuple[str, ...]] = []")),
    "behind a comment with dots": Told(
        HEAD + "    # Check that each row has three fields ...\n    bad = [row for row in rows if len(row) != 3]\n"
        "    if bad:\n        raise ValueError(bad)\n    return rows\n",
    ),
}


@pytest.mark.parametrize("told", PYTHON.values(), ids=PYTHON)
def test_python(told: Told) -> None:
    found = {f"error {told.quote}": told.part} if told.quote else {}
    check(ElisionsAuditor(), Case("python", told.code, found, OLD))


JS = "function load(rows) {\n  const checked = [];\n  for (const row of rows) {\n    if (row.length !== 3) throw row;\n    checked.push(row);\n  }\n  return checked;\n}\n"
LONG = "\n".join(f"def f{n}():\n    return {n}\n" for n in range(3000))
OTHERS = {
    "JavaScript": Case("javascript", "function load(rows) {\n  // …\n  return checked;\n}\n", {"error // …": "line 2"}, JS),
    "a block": Case(
        "typescript", "function load(rows) {\n  /* same */\n  return checked;\n}\n", {"error /* same */": "line 2"}, JS,
    ),
    "shorter": Case(
        "javascript", "function load(rows) {\n  // all have three\n  return rows.filter((row) => row.length === 3);\n}\n", {}, JS,
    ),
    "an empty body": Case("javascript", "function load(rows) {}\n", {"error load": "had code"}, JS),
    "a stub that is written": Case(
        "rust", "fn f() -> i32 {\n    // one\n    1\n}\n", {}, "fn f() -> i32 {\n    todo!()\n}\n",
    ),
    "the old comment": Case("go", "package a\n\nfunc f() {\n\t// ...\n\tg()\n}\n", {}, "package a\n\nfunc f() {\n\t// ...\n\tg()\n\th()\n}\n"),
    "nothing before": Case("go", "package a\n\n// ...\nfunc f() {\n\tg()\n}\n", {}, ""),
    "a large file": Case("python", LONG.replace("return 7\n", "return 7 + 1\n    # so\n"), {}, LONG),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS.values(), ids=OTHERS)
def test_other_languages(case: Case) -> None:
    check(ElisionsAuditor(), case)
