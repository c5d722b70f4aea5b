"""In the editor: what was found is said once, and does the work."""

from pathlib import Path
from urllib.parse import urlsplit

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import plain
from tests.support.shop import SOURCE

REFACTORED = "```python\ndef total(prices):\n    return sum(prices)\n```"


async def test_an_engine_of_this_machine_is_used_and_named_once(
    start_editor: StartEditor, large: FakeEngine, shop_uri: str, tmp_path: Path
) -> None:
    large.change(models=["qwen2.5-coder:7b", "qwen2.5-coder:1.5b"])
    large.script(Rule(REFACTORED))
    there = {"OLLAMA_HOST": urlsplit(large.url).netloc, "PILLION_DISCOVERY__ENABLED": "true"}
    editor = await start_editor(environment=there)
    editor.open(shop_uri, SOURCE)
    told = plain(await editor.command("pillion.endpoints"))
    assert [each["model"] for each in told["endpoints"]] == ["qwen2.5-coder:7b", "qwen2.5-coder:1.5b"]
    assert told["found"].startswith("Found Ollama on port ")
    await editor.command("pillion.reload")
    said = [message for message in editor.messages if "Found Ollama" in message]
    assert len(said) == 1
    assert "pillion config init" in said[0]
