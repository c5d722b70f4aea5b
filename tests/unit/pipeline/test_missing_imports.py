"""Imports that a draft needs and forgot: which are certain, and where they go."""

import ast
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.auditors.names.standard_imports import statements_for
from pillion.pipeline.missing_imports import with_missing_imports
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.text.replacement import Replacement, apply_replacements, composed

STUB = "def f(a):\n    pass\n"


def drafted(before: str, body: str) -> str:
    """The document once its `pass` was replaced by `body`, with what that needs."""
    language = language_by_id("python")
    assert language is not None
    document = ParsedText.of(language, before)
    at = before.index("pass")
    edit = [Replacement(at, at + len("pass"), body)]
    return apply_replacements(before, with_missing_imports(edit, document))


BROUGHT = {
    "a module": (STUB, "return re.sub('a', '', a)", "import re\n\n\n"),
    "a module in a module": (STUB, "return os.path.join(a)", "import os\n\n\n"),
    "a submodule": (STUB, "return concurrent.futures.wait(a)", "import concurrent.futures\n\n\n"),
    "two": (STUB, "return json.dumps(re.escape(a))", "import json\nimport re\n\n\n"),
    "a class": (STUB, "return Path(a)", "from pathlib import Path\n\n\n"),
    "a class's own": (STUB, "return Path.cwd()", "from pathlib import Path\n\n\n"),
    "a function": (STUB, "return defaultdict(list)", "from collections import defaultdict\n\n\n"),
    "two of one module": (STUB, "return defaultdict(list), Counter(a)", "from collections import Counter, defaultdict\n\n\n"),
    "an annotation": (STUB, "b: Any = a\n    return b", "from typing import Any\n\n\n"),
    "of collections.abc": (STUB, "b: Iterable[int] = a\n    return b", "from collections.abc import Iterable\n\n\n"),
    "the module datetime": (STUB, "return datetime.timedelta(a)", "import datetime\n\n\n"),
    "the class datetime": (STUB, "return datetime.now()", "from datetime import datetime\n\n\n"),
    "below a docstring": (f'"""A."""\n\n\n{STUB}', "return math.pi", '"""A."""\n\nimport math\n\n\ndef'),
    "a line below a docstring": (f'"""A."""\n\n{STUB}', "return math.pi", '"""A."""\n\nimport math\n\n\ndef'),
    "right below a docstring": (f'"""A."""\n{STUB}', "return math.pi", '"""A."""\nimport math\n\n\ndef'),
    "far below a docstring": (f'"""A."""\n\n\n\n{STUB}', "return math.pi", '"""A."""\n\nimport math\n\n\ndef'),
    "below it and before a value": (
        f'"""A."""\n\n\nX = 1\n\n\n{STUB}',
        "return math.pi",
        '"""A."""\n\nimport math\n\nX = 1',
    ),
    "below a comment": (f"# Mine.\n\n\n{STUB}", "return math.pi", "# Mine.\n\nimport math\n\n\ndef"),
    "below the future": (
        f"from __future__ import annotations\n\n\n{STUB}",
        "return math.pi",
        "from __future__ import annotations\n\nimport math\n\n\n",
    ),
    "among the others": (f"import json\nimport sys\n\n\n{STUB}", "return math.pi", "import json\nimport math\nimport sys\n\n\n"),
    "first of the others": (f"import json\nimport sys\n\n\n{STUB}", "return ast.parse(a)", "import ast\nimport json\nimport sys\n\n\n"),
    "before a from": (
        f"import os\nfrom enum import Enum\n\n\n{STUB}", "return re.escape(a)", "import os\nimport re\nfrom enum import Enum\n\n\n",
    ),
    "others in no order": (f"import sys\nimport json\n\n\n{STUB}", "return math.pi", "import sys\nimport json\nimport math\n\n\n"),
    "above those of others": (f"import numpy as np\n\n\n{STUB}", "return math.pi", "import math\n\nimport numpy as np\n\n\n"),
    "beside those of others": (
        f"import os\n\nimport numpy as np\n\n\n{STUB}", "return math.pi", "import math\nimport os\n\nimport numpy as np\n\n\n",
    ),
    "into a statement": (
        f"from dataclasses import dataclass\n\n\n@dataclass\nclass A:\n    b: int\n\n\n{STUB}",
        "return field(default=a)",
        "from dataclasses import dataclass, field\n\n\n@dataclass\n",
    ),
    "into its order": (
        f"from typing import Any, Union\n\n\n{STUB}", "b: Optional[int] = a\n    return b", "from typing import Any, Optional, Union\n\n\n",
    ),
    "into many lines": (
        f"from typing import (\n    Any,\n    Union,\n)\n\n\n{STUB}",
        "b: Optional[int] = a\n    return b",
        "from typing import (\n    Any,\n    Optional,\n    Union,\n)\n\n\n",
    ),
    "windows' line ends": (f"import os\n\n\n{STUB}".replace("\n", "\r\n"), "return re.escape(a)", "import os\r\nimport re\r\n\r\n"),
    "of two, the one the file uses": (f"from queue import Empty\n\n\n{STUB}", "return Queue()", "from queue import Empty, Queue\n\n\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROUGHT)
def test_what_is_certain_comes_along(case: str) -> None:
    before, body, head = BROUGHT[case]
    after = drafted(before, body)
    assert after.startswith(head), after
    assert body in after
    compile(after, "f.py", "exec")
    assert statements_for(after) == {}, "and it is settled"


UNCERTAIN = {
    "a name of several modules": ("return Queue()", {"Queue": 2}),
    "a module's name that isn't used as one": ("return json", {"json": 0}),
    "what the module doesn't have": ("return re.nothing(a)", {"re": 0}),
    "a variable that was forgotten": ("return token.strip()", {"token": 0}),
    "a noun": ("return queue.Queue()", {"queue": 1}),
    "a word": ("return field.strip()", {"field": 0}),
    "a word as a value": ("return a + count", {"count": 0}),
    "nobody's": ("return frobnicate(a)", {"frobnicate": 0}),
    "of others": ("return numpy.array(a)", {"numpy": 0}),
    "a game": ("return antigravity.fly()", {"antigravity": 0}),
    "a private module": ("return _thread.get_ident()", {"_thread": 0}),
    "likely, and not certain": ("return sqrt(a)", {"sqrt": 1}),
}


@pytest.mark.parametrize("case", UNCERTAIN)
def test_what_is_not_certain_is_never_brought_and_perhaps_offered(case: str) -> None:
    body, offered = UNCERTAIN[case]
    after = drafted(STUB, body)
    assert after == STUB.replace("pass", body)
    assert {name: len(ways) for name, ways in statements_for(after).items()} == offered


@pytest.mark.parametrize(
    ("before", "body"),
    [
        pytest.param(f"import re\n\n\n{STUB}", "return re.escape(a)", id="imported"),
        pytest.param("def f(a, re):\n    pass\n", "return re.escape(a)", id="a-parameter"),
        pytest.param(f"re = 1\n\n\n{STUB}", "return re.escape(a)", id="a-variable"),
        pytest.param(f"from x import *\n\n\n{STUB}", "return re.escape(a)", id="from-anywhere"),
        pytest.param(f"{STUB}\n\ndef g():\n    return re.escape('')\n", "return re.escape(a)", id="missing-before"),
        pytest.param(STUB, "import re\n    return re.escape(a)", id="its-own"),
        pytest.param(STUB, "return (", id="broken"),
    ],
)
def test_nothing_comes_along_that_is_there_or_was_missing_before(before: str, body: str) -> None:
    assert drafted(before, body) == before.replace("pass", body)


def test_a_workspaces_module_of_the_same_name_is_never_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "graphlib.py").write_text("raise SystemExit('run')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "graphlib", raising=False)
    assert drafted(STUB, "return graphlib.TopologicalSorter()") == STUB.replace(
        "pass", "return graphlib.TopologicalSorter()"
    )


@pytest.mark.parametrize(
    ("first", "then", "text"),
    [
        ([(0, 0, "ab")], [(1, 1, "X")], "aXbcdef"),
        ([(0, 0, "ab")], [(4, 4, "X")], "abcdXef"),
        ([(2, 3, "12345")], [(0, 1, "X")], "Xd12345f"),
        ([(2, 3, "12345")], [(8, 8, "X")], "cd12345fX"),
        ([(0, 1, ""), (3, 3, "123")], [(0, 0, "X"), (3, 4, "Y")], None),
    ],
)
def test_two_edits_are_one(
    first: list[tuple[int, int, str]], then: list[tuple[int, int, str]], text: str | None
) -> None:
    one, two = ([Replacement(*each) for each in edits] for edits in (first, then))
    expected = apply_replacements(apply_replacements("cdef", one), two)
    assert text in (None, expected)
    assert apply_replacements("cdef", composed(one, two)) == expected


@st.composite
def edits(draw: st.DrawFn, length: int) -> list[Replacement]:
    """Replacements of a text that don't overlap; they may touch."""
    places = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    pairs = zip(places[::2], places[1::2], strict=False)
    made = [Replacement(start, end, draw(st.text("xyz", max_size=3))) for start, end in pairs]
    unlike = {(each.start, each.end): each for each in made}  # of two insertions in one place the order is nobody's
    return sorted(unlike.values())


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_two_edits_are_one(data: st.DataObject) -> None:
    text = "abcdefghij"
    first = data.draw(edits(len(text)))
    middle = apply_replacements(text, first)
    then = data.draw(edits(len(middle)))
    assert apply_replacements(text, composed(first, then)) == apply_replacements(middle, then)


BESIDE = "from collections import deque\n\n\ndef count(self, name):\n    pass\n"
BESIDE_MORE = "import json\nimport os\nfrom collections import deque\nfrom datetime import date\n\n\ndef count(self, name):\n    pass\n"


@pytest.mark.parametrize("before", [BESIDE, BESIDE_MORE], ids=["alone", "among others"])
@pytest.mark.parametrize("body", ["return Counter(dataclass)", "return OrderedDict(dataclass, Counter)"])
def test_a_name_joins_an_import_that_another_one_follows(before: str, body: str) -> None:
    after = drafted(before, body)
    ast.parse(after)
    assert "from dataclasses import dataclass\n" in after
    assert "Counter" in next(line for line in after.splitlines() if line.startswith("from collections"))


# What the file begins with, the function that lacks a name, and what is offered for it, in this order.
OFFERED = {
    "no async function": ("", "def f(a):\n    sleep(a)\n", ["time"]),
    "a module that the file imports": ("import time\n", "def f(a):\n    sleep(a)\n", ["time"]),
    "asyncio's in an async one": ("import time\n", "async def f(a):\n    await sleep(a)\n", ["asyncio", "time"]),
    "nothing to await": ("import asyncio\n", "def f(a):\n    return Lock()\n", ["asyncio", "threading"]),
    "what would be awaited": ("from asyncio import gather\n", "def f(a):\n    sleep(a)\n", ["time"]),
    "the module that is there": ("import queue\n", "def f(a):\n    return Queue()\n", ["queue", "multiprocessing"]),
    "in a function inside": ("", "async def f(a):\n    def g():\n        sleep(a)\n    return g\n", ["time"]),
    "the only one there is": ("", "def f(a):\n    return gather(a)\n", ["asyncio"]),
}


@pytest.mark.parametrize("case", OFFERED)
def test_the_likeliest_import_is_offered_first(case: str) -> None:
    first, code, modules = OFFERED[case]
    ((name, statements),) = statements_for(f"{first}\n\n{code}").items()
    assert list(statements) == [f"from {each} import {name}" for each in modules]
