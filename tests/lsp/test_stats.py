"""`pillion.stats`, and the figures of a job in its events and in the log."""

from pathlib import Path

from pillion.fake_engine.process import FakeEngine
from tests.lsp.conftest import StartEditor
from tests.support.rates import implement
from tests.support.shop import SOURCE


async def test_a_job_is_measured(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    before = await editor.command("pillion.stats")
    assert before["jobs"] == []
    assert before["dual_gpu"]["audited_jobs"] == 0
    large.change(tokens_per_s=60)
    small.change(tokens_per_s=60)
    final = await implement(editor, shop_uri, large, small)
    measured = next(event for event in reversed(editor.events) if event.get("event") == "JobMeasured")
    assert 0 < measured["overlap_ratio"] <= 1
    assert measured["audit_lag_tokens"] >= 0
    assert measured["audit_tail_s"] >= 0
    assert final["overlap_ratio"] == measured["overlap_ratio"]
    assert any("beside it, on gpu1: overlap" in line for line in editor.logged), editor.logged
    after = await editor.command("pillion.stats")
    assert after["jobs"] == [{"tier": "COMPLEX", "action": "implement", "result": "edit", "count": 1}]
    assert sum(each["count"] for each in after["findings"]) == final["findings"] == 2
    text = await editor.command("pillion.stats", {"format": "prometheus"})
    assert 'pillion_jobs_total{action="implement",result="edit",tier="COMPLEX"} 1.0' in text
    assert "pillion_audit_tail_seconds_count 1.0" in text
    dual_gpu = after["dual_gpu"]
    assert (dual_gpu["audited_jobs"], dual_gpu["last"]["audit_endpoint"]) == (1, "gpu1")
    assert dual_gpu["overlap_ratio"] == measured["overlap_ratio"]


async def test_what_an_invented_import_is_compared_with(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, tmp_path: Path
) -> None:
    """The document's own folder tells which modules there are."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nname = "shop"\ndependencies = ["httpx"]\n')
    (folder / "prices.py").write_text("BASE = 0.19\n")
    uri = (folder / "shop.py").as_uri()
    editor = await start_editor(two_gpus, root=folder)
    draft = """```python
import httpx
import prices
import taxoracle


def rate(year: int) -> float:
    \"\"\"Return the tax rate of a year.\"\"\"
    return taxoracle.rate(year) if httpx else prices.BASE
```"""
    await implement(editor, uri, large, small, draft=draft)
    (found,) = await editor.diagnostics(uri, 1)
    assert (found.code, found.severity) == ("check/import", 1), found
    assert "taxoracle" in found.message
    assert editor.documents[uri].text != SOURCE
