"""Each tier goes to its endpoint, and a complex action keeps both busy at once."""

from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule, busy_overlap_s
from tests.support.editor import Editor
from tests.support.shop import SOURCE

DOCSTRING = '{"summary": "Take a percentage off a price.", "parameters": {"price": "the price"}, "returns": "the rest"}'
REFACTORED = "```python\ndef total(prices):\n    return sum(prices)\n```"
IMPLEMENTED = '''Here it is:

```python
def rate(year: int) -> float:
    """Return the tax rate of a year."""
    if year < 1968:
        return 0.0
    if year < 2007:
        return 0.16
    surcharge = 0.0
    if year == 2020:
        surcharge = -0.03
    base = 0.19
    rounded = round(base + surcharge, 2)
    return rounded
```
'''
FINDING = (
    '{"findings": [{"quote": "if year == 2020:", "severity": "warning", "category": "edge case", '
    '"message": "The cut held for half of 2020 only."}]}'
)


@pytest.fixture
def document(tmp_path: Path) -> str:
    return (tmp_path / "shop.py").as_uri()


@pytest.mark.parametrize(
    ("action", "line", "reply", "expected_line", "on_small"),
    [
        ("docstring", 4, DOCSTRING, '    """Take a percentage off a price.', True),
        ("refactor", 8, REFACTORED, "    return sum(prices)", False),
    ],
)
async def test_one_endpoint_tiers(
    action: str,
    line: int,
    reply: str,
    expected_line: str,
    on_small: bool,
    tmp_path: Path,
    document: str,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
) -> None:
    for engine in (large, small):
        engine.script(Rule(reply))
    editor = await Editor.start(tmp_path, two_gpus)
    uri = editor.open(document, SOURCE)
    final = await editor.finished(await editor.run(action, uri, line))
    assert final["state"] == "applied", editor.messages
    assert expected_line in editor.documents[uri].text.splitlines()
    busy, idle = (small, large) if on_small else (large, small)
    assert [entry.ended for entry in busy.log()] == ["done"]
    assert idle.log() == []
    assert final["endpoint"] == ("gpu1" if on_small else "gpu0")
    assert await editor.quit() == 0


async def test_a_complex_action_keeps_both_busy_and_its_findings_land_on_the_edit(
    tmp_path: Path, document: str, two_gpus: Path, large: FakeEngine, small: FakeEngine
) -> None:
    large.change(tokens_per_s=60)
    small.change(tokens_per_s=60)
    large.script(Rule(IMPLEMENTED))
    small.script(Rule(FINDING, match="if year == 2020:"), Rule('{"findings": []}'))
    editor = await Editor.start(tmp_path, two_gpus)
    uri = editor.open(document, SOURCE)
    final = await editor.finished(await editor.run("implement", uri, 15))
    assert final["state"] == "applied", editor.messages
    (draft,) = large.log()
    audits = small.log()
    assert len(audits) >= 2, "the audit must not wait for the whole draft"
    assert sum(busy_overlap_s(draft, audit) for audit in audits) > 0
    assert draft.ended_s is not None
    assert audits[0].received_s < draft.ended_s
    # Those without a schema are read ahead, for one token.
    asked = [list(audit.schema["properties"]) for audit in audits if audit.schema is not None]
    assert asked[0] == ["criteria"]
    text = editor.documents[uri].text
    assert "raise NotImplementedError" not in text
    (diagnostic,) = await editor.diagnostics(uri, 1)
    assert text.splitlines()[diagnostic.range.start.line].strip() == "if year == 2020:"
    assert diagnostic.message == "The cut held for half of 2020 only."
    assert await editor.quit() == 0
