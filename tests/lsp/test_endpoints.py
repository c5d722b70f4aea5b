"""The client knows how its engines are: at work, down, and back."""

import asyncio
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lsprotocol import types

from pillion.config.schema import DEFAULT_MODEL
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import plain
from tests.support.shop import SOURCE

REFACTORED = "```python\ndef total(prices):\n    return sum(prices)\n```"


async def test_all_are_listed_before_any_is_used(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine
) -> None:
    editor = await start_editor(two_gpus)
    gpu0, gpu1 = plain(await editor.command("pillion.endpoints"))["endpoints"]
    assert gpu0 == {
        "name": "gpu0",
        "protocol": "ollama",
        "model": "large",
        "location": "local",
        "url": f"{large.url}/",
        "api_key_env": None,
        "lanes": ["moderate", "complex"],
        "first_in": ["moderate", "complex"],
        "state": "idle",
        "reason": None,
        "tokens_per_s": None,
    }
    assert (gpu1["url"], gpu1["lanes"]) == (f"{small.url}/v1", ["simple", "audit", "hover"])


async def test_models_that_are_still_to_be_fetched_are_named(
    start_editor: StartEditor, two_gpus: Path, tmp_path: Path, model_folder: Path
) -> None:
    """However one came, and whether one is needed at all: the right file in the folder of models counts."""
    models = tmp_path / "models"
    editor = await start_editor(two_gpus, environment={"PILLION_MODEL_DIR": str(models)})
    assert plain(await editor.command("pillion.endpoints"))["missing_models"] == []
    two_gpus.write_text('[endpoints.own]\nprotocol = "embedded"\n')
    assert plain(await editor.command("pillion.reload"))["missing_models"] == [DEFAULT_MODEL]
    shutil.copytree(model_folder, models)
    assert plain(await editor.command("pillion.endpoints"))["missing_models"] == []


@pytest.mark.parametrize("command", ["pillion.reload", "pillion.endpoints", ""])
async def test_a_changed_configuration_is_read_again(
    command: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=30.0)
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 8)
    await editor.endpoint("gpu0", "working")
    two_gpus.write_text(two_gpus.read_text().replace("gpu0", "big"))
    if command:
        reloaded = plain(await editor.command(command))["endpoints"]
        assert [each["name"] for each in reloaded] == ["big", "gpu1"]
    else:
        await editor.endpoint("big", "idle")  # by itself, after a moment
    assert (await editor.finished(job))["state"] == "applied", "a job that runs keeps its engines"


@pytest.mark.parametrize(
    ("lanes", "first_in"),
    [
        pytest.param("", {"gpu0": ["moderate", "complex"], "gpu1": ["simple", "audit", "hover"]}, id="no-lanes"),
        pytest.param(
            '[lanes]\nsimple = [["gpu0", "gpu1"]]\naudit = ["gpu0", "gpu1"]\n',
            {"gpu0": ["simple", "moderate", "complex", "audit"], "gpu1": ["simple", "hover"]},
            id="a-pool",
        ),
    ],
)
async def test_who_goes_first_in_each_lane_is_said(
    lanes: str, first_in: dict[str, list[str]], start_editor: StartEditor, two_gpus: Path
) -> None:
    config = two_gpus.read_text()
    two_gpus.write_text(config[: config.index("[lanes]")] + lanes)
    editor = await start_editor(two_gpus)
    endpoints = plain(await editor.command("pillion.endpoints"))["endpoints"]
    assert {each["name"]: each["first_in"] for each in endpoints} == first_in
    assert all(set(each["lanes"]) == {"simple", "moderate", "complex", "audit", "hover"} for each in endpoints)


async def test_work_is_seen(start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str) -> None:
    large.change(tokens_per_s=30.0)
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 8)
    await editor.endpoint("gpu0", "working")
    await editor.finished(job)
    idle = await editor.endpoint("gpu0", "idle")
    assert 20 < idle["tokens_per_s"] < 40


async def test_a_few_tokens_are_no_speed(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule("no"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    await editor.finished(await editor.run("refactor", shop_uri, 8))
    gpu0 = plain(await editor.command("pillion.endpoints"))["endpoints"][0]
    assert (gpu0["name"], gpu0["tokens_per_s"]) == ("gpu0", None)


async def test_mistakes_in_the_configuration_are_told(start_editor: StartEditor, two_gpus: Path) -> None:
    editor = await start_editor(two_gpus)
    assert plain(await editor.command("pillion.endpoints"))["problems"] == []
    two_gpus.write_text(two_gpus.read_text() + "\n[hover]\nbudgt_s = 3\n")
    (problem,) = plain(await editor.command("pillion.endpoints"))["problems"]
    assert problem.startswith("config.toml: hover.budgt_s: ")


@pytest.mark.parametrize("number", [0, 1])
async def test_an_engine_that_dies_and_comes_back(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str, number: int
) -> None:
    """In either dialect; nobody has to ask it anything."""
    engine, name, action, line = [(large, "gpu0", "refactor", 8), (small, "gpu1", "explain", 3)][number]
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    engine.kill()
    assert (await editor.finished(await editor.run(action, shop_uri, line)))["state"] == "failed"
    down = await editor.endpoint(name, "down")
    assert "Nobody answers at" in down["reason"]
    with FakeEngine.start(model="again", port=urlsplit(engine.url).port) as again:
        await editor.endpoint(name, "idle", timeout_s=20)
        assert again.log() == [], "a sign of life costs the engine nothing"


async def test_a_password_in_a_url_is_sent_to_its_engine_and_shown_to_nobody(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    two_gpus.write_text(two_gpus.read_text().replace(large.url, large.url.replace("//", "//me:pa%40ss@")))
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    await editor.finished(await editor.run("refactor", shop_uri, 8))
    assert [entry.authorization for entry in large.log()] == [True]
    large.kill()
    await editor.finished(await editor.run("refactor", shop_uri, 8))
    await editor.endpoint("gpu0", "down")
    told = str((editor.endpoints, editor.messages, editor.logged, editor.events))
    assert f"Nobody answers at {large.url}" in told
    assert [spelt for spelt in ("pa%40ss", "pa@ss") if spelt in told] == []


async def test_a_sign_of_life_proves_nothing_about_a_model_that_is_missing(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule("", fault=Fault("status", status=404, body='{"error": "model large not found"}')))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    assert (await editor.finished(await editor.run("refactor", shop_uri, 8)))["state"] == "failed"
    down = await editor.endpoint("gpu0", "down")
    assert "doesn't have the model" in down["reason"]
    await asyncio.sleep(3)  # it is looked at after 2 s, and rests for 5
    assert await editor.endpoint("gpu0", "down") == down
    await editor.endpoint("gpu0", "idle", timeout_s=15)


async def test_after_a_change_of_settings_the_new_engines_are_followed(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    large.kill()
    for _ in range(2):
        assert (await editor.finished(await editor.run("refactor", shop_uri, 8)))["state"] == "failed"
        await editor.endpoint("gpu0", "down")
        seen = len(editor.endpoints)
        editor.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"pillion": {"hover": {"max_tokens": 50 + seen}}})
        )
    assert (await editor.finished(await editor.run("refactor", shop_uri, 8)))["state"] == "failed"
    editor.endpoints.clear()
    with FakeEngine.start(model="large", port=urlsplit(large.url).port):
        await editor.endpoint("gpu0", "idle", timeout_s=20)


async def test_a_client_that_asks_for_no_events_hears_nothing(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus, options={"pillion": {}})
    editor.open(shop_uri, SOURCE)
    await editor.run("refactor", shop_uri, 8)
    async with asyncio.timeout(10):
        while "return sum(prices)" not in editor.documents[shop_uri].text:
            await asyncio.sleep(0.02)
    assert (editor.endpoints, editor.events) == ([], [])


async def test_each_endpoint_is_tried_before_anybody_needs_it(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine
) -> None:
    config = two_gpus.read_text()
    two_gpus.write_text(config.replace('model = "large"', 'model = "nosuch"'))
    small.close()
    editor = await start_editor(two_gpus)
    told = plain(await editor.command("pillion.endpoints"))["endpoints"]
    assert [each["state"] for each in told] == ["idle", "idle"], "nobody has asked them anything yet"
    gpu0, gpu1 = plain(await editor.command("pillion.endpoints", {"live": True}))["endpoints"]
    assert (gpu0["state"], gpu1["state"]) == ("down", "down")
    assert "nosuch" in gpu0["reason"]
    assert small.url.split("//")[1] in gpu1["reason"]
    assert large.log() == [], "no tokens are spent"


async def test_a_model_file_that_does_not_exist_is_said_before_the_first_job(
    start_editor: StartEditor, two_gpus: Path, tmp_path: Path
) -> None:
    two_gpus.write_text(f'[endpoints.own]\nprotocol = "embedded"\nmodel = "{tmp_path}/nosuch.gguf"\n')
    editor = await start_editor(two_gpus)
    (problem,) = plain(await editor.command("pillion.endpoints"))["problems"]
    assert "endpoints.own.model" in problem
    assert "nosuch.gguf" in problem
