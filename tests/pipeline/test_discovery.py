"""Engines that already run on this machine are found, and their models get the lanes."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from pillion.config.schema import Config, Protocol
from pillion.fake_engine.process import FakeEngine
from pillion.pool.discovery.discovery import Discovery, discover, is_wanted
from pillion.pool.discovery.usual_places import UsualPlace
from pillion.tiers import Lane
from tests.support.file_server import FileServer


def nobody(_: int) -> bool:
    """No port is a stranger's."""
    return False


def at(url: str, protocol: Protocol, name: str = "one") -> UsualPlace:
    """A place where something listens."""
    return UsualPlace(name, name.title(), protocol, urlsplit(url).port or 0)


async def found(*places: UsualPlace, stranger: Callable[[int], bool] = nobody) -> Discovery:
    """What is found there."""
    return await discover(places, None, stranger=stranger, within_s=5.0)


async def test_two_engines_get_a_seat_each(large: FakeEngine, small: FakeEngine) -> None:
    large.change(models=["nomic-embed-text", "qwen2.5-coder:7b"])
    small.change(models=["qwen2.5-coder:1.5b"])
    discovery = await found(at(large.url, Protocol.OLLAMA, "ollama"), at(small.url, Protocol.OPENAI, "vllm"))
    assert discovery.endpoints == {
        "ollama": {"protocol": "ollama", "url": large.url, "model": "qwen2.5-coder:7b"},
        "vllm": {"protocol": "openai", "url": f"{small.url}/v1", "model": "qwen2.5-coder:1.5b"},
    }
    config = discovery.added_to(Config())
    assert config.names_endpoints
    assert [config.lanes.of(lane)[0][0] for lane in Lane] == ["vllm", "ollama", "ollama", "vllm", "vllm"]
    words = discovery.chosen_in_words
    assert "qwen2.5-coder:7b drafts" in words
    assert "qwen2.5-coder:1.5b (on Vllm on port" in words


async def test_two_models_of_one_engine(large: FakeEngine) -> None:
    large.change(models=["qwen2.5-coder:7b", "qwen2.5-coder:1.5b"])
    discovery = await found(at(large.url, Protocol.OLLAMA, "ollama"))
    assert {name: each["model"] for name, each in discovery.endpoints.items()} == {
        "ollama": "qwen2.5-coder:7b",
        "ollama-small": "qwen2.5-coder:1.5b",
    }


async def test_one_model_does_all(large: FakeEngine) -> None:
    large.change(models=["qwen2.5-coder:7b"])
    discovery = await found(at(large.url, Protocol.OLLAMA, "ollama"))
    assert list(discovery.endpoints) == ["ollama"]
    assert set(map(tuple, discovery.lanes.values())) == {("ollama",)}
    assert "does all the work" in discovery.chosen_in_words


@pytest.mark.parametrize(
    ("pages", "remark"),
    [
        ({"/v1/models": "<html>a web site</html>"}, None),
        ({"/v1/models": "[]"}, None),
        ({"/v1/models": '{"data": 3}'}, None),
        ({"/v1/models": '{"data": [{"name": "no id"}, 7, {"id": ""}, {"id": "a\\u0007b"}]}'}, "no model that chats"),
        ({"/v1/models": '{"data": []}'}, "no model that chats"),
        ({"/v1/models": '{"data": [{"id": "text-embedding-3"}]}'}, "no model that chats"),
        ({"/v1/models": "[" * 100_000}, None),
    ],
)
async def test_what_is_no_engine_is_left_alone(pages: dict[str, str], remark: str | None) -> None:
    """Many ports of a developer's machine are somebody's own web server."""
    with FileServer(files={path: page.encode() for path, page in pages.items()}) as server:
        discovery = await found(at(server.url, Protocol.OPENAI))
    assert discovery.endpoints == {}
    assert [remark in each for each in discovery.remarks if remark] == ([True] if remark else [])


async def test_lm_studio_says_what_its_models_are_for() -> None:
    listed = {"data": [{"id": name} for name in ("one-7b", "two-7b", "three-3b")]}
    kinds = {
        "data": [
            {"id": "one-7b", "type": "embeddings"},
            {"id": "two-7b", "type": "llm", "loaded_context_length": 4096, "max_context_length": 131072},
            {"id": "three-3b", "type": "vlm"},
        ]
    }
    files = {"/v1/models": json.dumps(listed).encode(), "/api/v0/models": json.dumps(kinds).encode()}
    with FileServer(files=files) as server:
        discovery = await found(at(server.url, Protocol.OPENAI, "lmstudio"))
    assert {name: (each["model"], each.get("num_ctx")) for name, each in discovery.endpoints.items()} == {
        "lmstudio": ("two-7b", 4096),
        "lmstudio-small": ("three-3b", None),
    }


async def test_another_persons_engine_gets_nothing(large: FakeEngine) -> None:
    large.change(models=["qwen2.5-coder:7b"])
    discovery = await found(at(large.url, Protocol.OLLAMA, "ollama"), stranger=lambda port: True)
    assert discovery.endpoints == {}
    assert "another user" in discovery.said


async def test_an_engine_that_wants_a_key_is_named_and_not_used(large: FakeEngine) -> None:
    large.change(models=["qwen2.5-coder:7b"], api_key="secret")
    discovery = await found(at(large.url, Protocol.OPENAI, "vllm"))
    assert discovery.endpoints == {}
    assert "wants a key" in discovery.said


async def test_nobody_there() -> None:
    assert await found(UsualPlace("x", "X", Protocol.OLLAMA, 9)) == Discovery()


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, True),
        ({"hover": {"enabled": False}}, True),
        ({"discovery": {"enabled": False}}, False),
        ({"models": "good"}, False),
        ({"endpoints": {"a": {"protocol": "embedded"}}}, False),
        ({"lanes": {"simple": ["driver"]}}, False),
    ],
)
def test_when_engines_are_looked_for(settings: dict[str, Any], wanted: bool) -> None:
    assert is_wanted(Config.model_validate(settings)) is wanted
