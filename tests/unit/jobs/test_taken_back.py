"""What taking an edit back leaves, where something came into its lines since."""

import pytest

from pillion.jobs.edit_plans import taken_back
from pillion.jobs.front import Written
from pillion.text.replacement import apply_replacements

BEFORE = '"""A shop."""\n'
BROUGHT = "import re\nfrom pathlib import Path\n\n\n"
SINCE = {
    "nothing": (BROUGHT, ""),
    "an import between": ("import re\nimport sys\nfrom pathlib import Path\n\n\n", "import sys\n\n\n"),
    "one above": ("import os\n" + BROUGHT, "import os\n\n\n"),
    "several": (
        "import os\nimport re\nfrom pathlib import Path\nfrom time import sleep\n\n\n",
        "import os\nfrom time import sleep\n\n\n",
    ),
    "another name": ("import re\nfrom pathlib import Path, PurePath\n\n\n", None),
    "code": ("import re\nfrom pathlib import Path\nROOT = 1\n\n\n", None),
    "a comment": ("import re\n# from here\nfrom pathlib import Path\n\n\n", None),
    "an import of many lines": ("import re\nfrom pathlib import Path\nfrom os import (\n    sep,\n)\n\n\n", None),
    "one that is gone": ("import re\n\n\n", None),
}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(("now", "left"), SINCE.values(), ids=SINCE)
def test_imports_that_came_since_stay_and_all_else_is_a_change(now: str, left: str | None, ends: str) -> None:
    start = len(BEFORE)
    text = (BEFORE + now + "CODE\n").replace("\n", ends)
    start = len(BEFORE.replace("\n", ends))
    written = [Written(start, start + len(BROUGHT), BROUGHT.replace("\n", ends), "")]
    found = taken_back(written, [(start, start + len(now.replace("\n", ends)))], text)
    if left is None:
        assert isinstance(found, str)
        assert found.startswith("its lines were changed")
    else:
        assert not isinstance(found, str)
        assert apply_replacements(text, list(found)) == (BEFORE + left + "CODE\n").replace("\n", ends)


def test_in_place_of_other_code_nothing_may_come() -> None:
    written = [Written(0, 10, "import re\n", "import os\n")]
    assert isinstance(taken_back(written, [(0, 21)], "import re\nimport sys\n"), str)
