"""How likely a text is, over the wire: which servers can say it, and what is asked of them."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from pillion.backends.backend import Backend, Done
from pillion.backends.chat_request import Message
from pillion.backends.likelihood import Choice, Likelihood, LikelihoodRequest, ReadsLikelihoods
from pillion.errors import EngineRefusedError, RequestNotPossibleError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.support.pools import backend, open_backend
from tests.support.raw_server import serving

TEXT = "if a < b:\n    return ☃ <= c"
REQUEST = LikelihoodRequest((Message("system", "be brief"), Message("user", TEXT)), (TEXT.find("<"), TEXT.rfind("<")))


async def read(endpoint: Backend, request: LikelihoodRequest = REQUEST) -> list[Likelihood | Done]:
    assert isinstance(endpoint, ReadsLikelihoods)
    return [event async for event in endpoint.likelihoods(request)]


async def test_llamacpp_is_asked_at_each_place_for_the_token_there(engine: FakeEngine) -> None:
    engine.script(Rule(match_end="if a", choices=[(" <=", -0.5), (" <", -2)]), Rule(choices=[(" is", -1)]))
    async with open_backend("openai", engine.url) as endpoint:
        first, second, done = await read(endpoint)
    assert first == Likelihood(5, " <", (Choice(" <=", -0.5), Choice(" <", -2.0)))
    assert second == Likelihood(TEXT.rfind("<"), " <=", (Choice(" is", -1.0),))
    log = engine.log()
    assert [entry.path for entry in log] == ["/completion"] * 2
    assert [entry.prompt.rpartition("\n")[2] for entry in log] == ["if a", "    return ☃"]
    assert log[0].options == {"n_predict": 1, "n_probs": 20, "cache_prompt": True, "temperature": 0.0}
    assert log[1].cached_tokens == log[0].prompt_tokens
    assert isinstance(done, Done)
    assert done.completion_tokens == 0
    assert done.prompt_tokens > 0


async def test_who_wants_a_key_gets_it(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.change(api_key="secret")
    monkeypatch.setenv("KEY", "secret")
    async with open_backend("openai", engine.url, api_key_env="KEY") as endpoint:
        assert len(await read(endpoint)) == 3
    monkeypatch.setenv("KEY", "wrong")
    async with open_backend("openai", engine.url, api_key_env="KEY") as endpoint:
        with pytest.raises(EngineRefusedError, match="401"):
            await read(endpoint)


def page(body: Mapping[str, Any]) -> list[bytes]:
    return [json.dumps(body).encode()]


def entry(text: str, logprob: float = -3.0) -> dict[str, Any]:
    return {"logprob": logprob, "rank": 1, "decoded_token": text}


PIECES = ["if", " a", " <", " b", ":\n   ", " return", " ☃", " <=", " c"]
VLLM = {
    "choices": [{"message": {"content": "x"}}],
    "prompt_logprobs": [None, {"1": entry("<|user|>\n")}]
    + [{"1": entry(piece), "2": entry(" >", -0.5)} for piece in PIECES]
    + [{"1": entry("<|end|>")}],
    "usage": {"prompt_tokens": 12},
}
ECHO = {
    "choices": [
        {
            "text": "be brief\n\n" + TEXT,
            "logprobs": {
                "tokens": ["be brief\n\n", *PIECES],
                "top_logprobs": [None, *({piece: -3.0, " >": -0.5} for piece in PIECES)],
            },
        }
    ],
    "usage": {"prompt_tokens": 12},
}


@pytest.mark.parametrize("body", [VLLM, ECHO], ids=["vLLM", "echo"])
async def test_other_servers_say_it_in_their_own_ways(body: Mapping[str, Any]) -> None:
    async with serving(page(body)) as url, open_backend("openai", url) as endpoint:
        for _ in range(2):  # the second time it is known how
            assert await read(endpoint) == [
                Likelihood(5, " <", (Choice(" >", -0.5), Choice(" <", -3.0))),
                Likelihood(TEXT.rfind("<"), " <=", (Choice(" >", -0.5), Choice(" <=", -3.0))),
                Done(prompt_tokens=12),
            ]


CANT = {
    "no such fields": page({"choices": [{"message": {"content": "x"}}]}),
    "a web page": [b"<html></html>"],
    "a list": [b"[]"],
    "other tokens": page({"prompt_logprobs": [{"1": entry("something else")}]}),
}


@pytest.mark.parametrize("pieces", CANT.values(), ids=CANT)
async def test_servers_that_dont_say_it(pieces: list[bytes]) -> None:
    async with serving(pieces) as url, open_backend("openai", url) as endpoint:
        with pytest.raises(RequestNotPossibleError, match="can't say how likely a text is"):
            await read(endpoint)


async def test_a_server_that_cant_isnt_asked_again(engine: FakeEngine) -> None:
    engine.change(likelihoods="none")
    async with open_backend("openai", engine.url) as endpoint:
        for _ in range(2):
            with pytest.raises(RequestNotPossibleError):
                await read(endpoint)
    assert [each.path for each in engine.log()] == ["/v1/chat/completions", "/v1/completions"]


async def test_a_failure_is_a_failure(engine: FakeEngine) -> None:
    """It may be over next time, so the server's way stays known."""
    engine.script(Rule(choices=[("x", -1)], fault=Fault("status", status=503), times=1))
    async with open_backend("openai", engine.url) as endpoint:
        with pytest.raises(EngineRefusedError, match="503"):
            await read(endpoint)
        assert len(await read(endpoint)) == 3


async def test_a_text_that_it_shows_otherwise_says_nothing_of_the_next(engine: FakeEngine) -> None:
    async with open_backend("openai", engine.url) as endpoint:
        assert len(await read(endpoint)) == 3
        with pytest.raises(RequestNotPossibleError):  # there is no token in it
            await read(endpoint, LikelihoodRequest((Message("user", ""),), ()))
        assert len(await read(endpoint)) == 3


async def test_a_cloud_endpoint_isnt_asked(engine: FakeEngine) -> None:
    async with open_backend("openai", engine.url, location="cloud") as endpoint:
        with pytest.raises(RequestNotPossibleError):
            await read(endpoint)
    assert engine.log() == []


def test_ollama_has_none_of_a_text(engine: FakeEngine) -> None:
    """It has them only of tokens that it generates, and says nothing of a prompt's tokens."""
    assert not isinstance(backend("ollama", engine.url), ReadsLikelihoods)
