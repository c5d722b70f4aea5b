"""A job that leads to findings: a function to write, what the engines say of it, and how to run it."""

from typing import Any

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.support.editor import Editor
from tests.support.shop import SOURCE

LINE = 15
CUT, BASE = "if year == 2020:", "base = 0.19"
IMPLEMENTED = '''```python
def rate(year: int) -> float:
    """Return the tax rate of a year."""
    base = 0.19
    if year == 2020:
        base = 0.16
    return base
```'''
CUT_MESSAGE, BASE_MESSAGE = "The cut held for half of 2020 only.", "A tax rate should be a decimal."
FINDINGS = f"""{{"findings": [
    {{"quote": "{CUT}", "severity": "warning", "category": "edge case", "message": "{CUT_MESSAGE}"}},
    {{"quote": "{BASE}", "severity": "information", "category": "naming", "message": "{BASE_MESSAGE}"}}
]}}"""


# What the deterministic auditors are sure of: the edit is not applied without a word.
DANGEROUS = """```python
def rate(year: int) -> float:
    \"\"\"Return the tax rate of a year.\"\"\"
    base = eval("0.19")
    if year == 2007:
        exec("base = 0.16")
    return base
```"""
EVAL_MESSAGE, EXEC_MESSAGE = (
    f"“{name}” executes code that comes as data: check it before you keep it." for name in ("eval", "exec")
)


async def implement(
    editor: Editor, uri: str, large: FakeEngine, small: FakeEngine, *, draft: str = IMPLEMENTED
) -> dict[str, Any]:
    """Opens the document and has `rate` written; two findings come with it. The job's last notification."""
    large.script(Rule(draft, match="Implement this"), Rule(draft.replace("2020", "2021")))
    small.script(Rule(FINDINGS, match=CUT), Rule('{"findings": []}'))
    editor.open(uri, SOURCE)
    return await editor.finished(await editor.run("implement", uri, LINE))
