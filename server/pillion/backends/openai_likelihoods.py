"""Likelihoods from a server that speaks OpenAI's dialect: in llama.cpp's way, in vLLM's, or by OpenAI's old echo.

llama.cpp ignores `echo`, and other servers ignore vLLM's `prompt_logprobs`, so only an answer shows what a server can.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from pillion.backends.backend import Done
from pillion.backends.foreign import encodable, number
from pillion.backends.http import EndpointHttp, posted_object
from pillion.backends.likelihood import CHOICES_OF_OPENAI, Choice, Likelihood, LikelihoodRequest
from pillion.backends.llamacpp_likelihoods import LlamaCppLikelihoods, is_logprob
from pillion.backends.token_places import TokenPlaces
from pillion.config.schema import EndpointConfig, Location
from pillion.errors import EngineProtocolError, EngineRefusedError, RequestNotPossibleError

# A position of the prompt: the token that stands there, and the likeliest ones in its stead.
Position = tuple[str, tuple[Choice, ...]]
_Read = Callable[[LikelihoodRequest], AsyncGenerator[Likelihood | Done, None]]
# Refusals of the request itself: the server has no such page or field. Other failures may be over next time.
_CANT = frozenset({400, 404, 405, 415, 422, 501})
# A position has some tokens with their wrapping; a prompt has a few thousand positions.
_MAX_ANSWER_BYTES = 1 << 24


class OpenAILikelihoods:
    """A server at `url`; `http` speaks to it. It is asked in each way, until one works."""

    def __init__(self, name: str, config: EndpointConfig, http: EndpointHttp, url: str, api_key: str | None) -> None:
        self._config = config
        self._http = http
        self._llamacpp = LlamaCppLikelihoods(name, config, root_of(url), api_key)
        self._ways: list[_Read] = [self._llamacpp.read, self._by_prompt_logprobs, self._by_echo]
        self._works = False

    async def read(self, request: LikelihoodRequest) -> AsyncGenerator[Likelihood | Done, None]:
        """See ReadsLikelihoods.likelihoods. A cloud endpoint isn't asked: each request there costs money."""
        ways = self._ways if self._config.location is not Location.CLOUD else []
        for way in ways:
            try:
                async with aclosing(way(request)) as events:
                    async for event in events:
                        self._ways, self._works = [way], True
                        yield event
                return
            except (EngineRefusedError, EngineProtocolError, RequestNotPossibleError) as exc:
                # A way that has worked works next time, too: this text, or this moment, was the matter.
                if self._works or (isinstance(exc, EngineRefusedError) and exc.status not in _CANT):
                    raise
        self._ways = []
        raise self._http.failures.not_possible("say how likely a text is")

    async def aclose(self) -> None:
        """Closes the connections that are its own."""
        await self._llamacpp.aclose()

    async def _by_prompt_logprobs(self, request: LikelihoodRequest) -> AsyncGenerator[Likelihood | Done, None]:
        body = {
            "model": self._config.model,
            "messages": [{"role": each.role, "content": each.content} for each in request.messages],
            "max_tokens": 1,
            "temperature": 0.0,
            "prompt_logprobs": CHOICES_OF_OPENAI,
        }
        answer = await posted_object(self._http, "/chat/completions", body, _MAX_ANSWER_BYTES)
        for each in self._at_places(request, prompt_positions(answer), answer):
            yield each

    async def _by_echo(self, request: LikelihoodRequest) -> AsyncGenerator[Likelihood | Done, None]:
        """Without the model's template, which nobody can ask for here: the messages are one text."""
        body = {
            "model": self._config.model,
            "prompt": "\n\n".join(each.content for each in request.messages),
            "max_tokens": 0,
            "temperature": 0.0,
            "echo": True,
            "logprobs": CHOICES_OF_OPENAI,
        }
        answer = await posted_object(self._http, "/completions", body, _MAX_ANSWER_BYTES)
        for each in self._at_places(request, echoed_positions(answer), answer):
            yield each

    def _at_places(
        self, request: LikelihoodRequest, positions: Sequence[Position], answer: Mapping[str, Any]
    ) -> list[Likelihood | Done]:
        places = TokenPlaces([written.encode("utf-8", "replace") for written, _ in positions], request.text)
        if not places.found:
            raise self._http.failures.not_possible("show how likely the tokens of a prompt are")
        tokens = [(place, places.token_at(place)) for place in request.places]
        found = [Likelihood(place, *positions[at]) for place, at in tokens if at < len(positions) and positions[at][1]]
        return [*found, Done(prompt_tokens=int(number(answer.get("usage"), "prompt_tokens")))]


def root_of(url: str) -> str:
    """The address of a server whose OpenAI dialect is at `/v1`."""
    path, mark, query = url.partition("?")
    return path.rstrip("/").removesuffix("/v1") + mark + query


def prompt_positions(answer: Mapping[str, Any]) -> list[Position]:
    """The positions in vLLM's `prompt_logprobs`. Each is an object whose first entry is the token that stands there;
    that of the first position is null."""
    listed = answer.get("prompt_logprobs")
    found: list[Position] = []
    for each in listed if isinstance(listed, list) else ():
        entries = [entry for entry in each.values() if _is_entry(entry)] if isinstance(each, dict) else []
        choices = sorted((Choice(encodable(e["decoded_token"]), float(e["logprob"])) for e in entries), key=_by_rank)
        found.append((encodable(entries[0]["decoded_token"]) if entries else "", tuple(choices)))
    return found


def echoed_positions(answer: Mapping[str, Any]) -> list[Position]:
    """The positions in `logprobs` of OpenAI's old completions: `tokens`, and in `top_logprobs` an object for each."""
    choices = answer.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    logprobs = first.get("logprobs") if isinstance(first, dict) else None
    tokens, tops = (logprobs.get(key) for key in ("tokens", "top_logprobs")) if isinstance(logprobs, dict) else (0, 0)
    if not isinstance(tokens, list) or not isinstance(tops, list) or not all(isinstance(each, str) for each in tokens):
        return []
    found: list[Position] = []
    for token, top in zip(tokens, tops, strict=False):
        entries = top.items() if isinstance(top, dict) else ()
        likely = sorted((Choice(encodable(text), value) for text, value in entries if is_logprob(value)), key=_by_rank)
        found.append((encodable(token), tuple(likely)))
    return found


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("decoded_token"), str) and is_logprob(entry.get("logprob"))


def _by_rank(choice: Choice) -> float:
    return -choice.logprob
