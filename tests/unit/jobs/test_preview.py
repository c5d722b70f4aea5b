"""What the preview of a draft shows before there is an edit."""

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.events import DraftEnded, DraftProgress, FindingRaised
from pillion.findings.finding import Finding
from pillion.findings.place import InDraft, InEdit
from pillion.jobs.preview import DraftView
from pillion.pipeline.outcome import Task
from pillion.syntax.target import Target
from tests.support.texts import parsed

BEFORE = "import os\n\n\ndef f(a):\n    pass\n"
CODE = "def f(a):\n    if a:\n        return 1\n    a += 1\n    return 1\n"
EDITED = f"import os\nimport re\n\n\n{CODE}"
QUOTE = "return 1"


@pytest.mark.parametrize("at", [CODE.index(QUOTE), CODE.rindex(QUOTE)], ids=["first", "second"])
@pytest.mark.parametrize("edited", ["", EDITED], ids=["in-the-draft", "in-the-edit"])
def test_of_equal_lines_the_one_that_was_meant_is_marked(at: int, edited: str) -> None:
    by = EDITED.index(CODE)
    place = InEdit(at + by, at + by + len(QUOTE)) if edited else InDraft(at, at + len(QUOTE))
    view, document = DraftView(), parsed("python", BEFORE)
    symbol = document.symbols.named("f")
    assert symbol is not None
    view.event(DraftProgress("gpu0", f"```python\n{CODE}```", 20, 10.0, 1.0))
    view.event(DraftEnded("gpu0", 20, 10.0, 1.0))
    view.event(FindingRaised(Finding(QUOTE, "warning", "bug", "No.", place), 1.0, edited))
    preview = view.so_far(Task("file:///a.py", action_by_id("implement"), Target.of(symbol), document))
    assert preview is not None
    shift = preview.text.index(CODE.strip())
    assert [(each.start, each.end) for each in preview.findings] == [(at + shift, at + shift + len(QUOTE))]
