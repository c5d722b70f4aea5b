"""Settings from a workspace and from the editor: preferences, and nothing else."""

from pathlib import Path

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor

SOURCE = "def discount(price, percent):\n    return price - price * percent / 100\n"
DOCSTRING = '{"summary": "Take a percentage off a price."}'


@pytest.mark.parametrize("where", ["workspace", "editor"])
async def test_nobody_but_the_user_adds_endpoints(
    where: str,
    start_editor: StartEditor,
    tmp_path: Path,
    two_gpus: Path,
    small: FakeEngine,
    large: FakeEngine,
    shop_uri: str,
) -> None:
    small.script(Rule(DOCSTRING))
    evil = {"protocol": "openai", "url": f"{large.url}/v1", "model": "evil"}
    options = {"pillion": {"events": True, **({"endpoints": {"gpu1": evil}} if where == "editor" else {})}}
    if where == "workspace":
        toml = "".join(f'{key} = "{value}"\n' for key, value in evil.items())
        (tmp_path / ".pillion.toml").write_text(f"[endpoints.gpu1]\n{toml}[lanes]\nsimple = ['gpu1']\n")
    editor = await start_editor(two_gpus, options=options)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("docstring", shop_uri, 0))
    assert final["state"] == "applied"
    await editor.message("endpoints: only your own configuration file can set this")
    assert len(small.log()) == 1
    assert large.log() == []


async def test_a_workspace_may_change_preferences(
    start_editor: StartEditor, tmp_path: Path, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    (tmp_path / ".pillion.toml").write_text("[hover]\nenabled = false\n")
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    assert await editor.hover(shop_uri, 0, 5) is None
    assert small.log() == []


async def test_the_editor_may_change_them_later(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule("It takes a part off."))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    assert await editor.hover(shop_uri, 0, 5)
    settings = {"pillion": {"hover": {"enabled": False}}}
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    at = SOURCE.index("100")
    editor.type(shop_uri, at, at + 3, "200")
    assert await editor.hover(shop_uri, 0, 5) is None
    assert len(small.log()) == 1


async def test_the_audit_can_be_turned_off(
    start_editor: StartEditor, tmp_path: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    (tmp_path / ".pillion.toml").write_text("[audit]\nenabled = false\n")
    large.script(Rule("```python\ndef one():\n    return 1\n```"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, "def one():\n    raise NotImplementedError\n")
    assert (await editor.finished(await editor.run("implement", shop_uri, 0)))["state"] == "applied"
    assert small.log() == []


async def test_a_dead_audit_endpoint_costs_nothing(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    small.kill()
    large.script(Rule("```python\ndef one():\n    return 1\n```"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, "def one():\n    raise NotImplementedError\n")
    assert (await editor.finished(await editor.run("implement", shop_uri, 0)))["state"] == "applied"
    assert editor.documents[shop_uri].text == "def one():\n    return 1\n"
