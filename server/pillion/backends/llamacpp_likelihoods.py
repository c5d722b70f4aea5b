"""Likelihoods from llama.cpp's own API: its tokens of a prompt, and one request for the token after each part of it.

Each prompt is the beginning of the next, so that the engine reads only what is new.
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

from pillion.backends.backend import Done
from pillion.backends.foreign import encodable, number
from pillion.backends.http import EndpointHttp, posted_object
from pillion.backends.likelihood import CHOICES, Choice, Likelihood, LikelihoodRequest
from pillion.backends.token_places import TokenPlaces
from pillion.config.schema import EndpointConfig

_MS = 1e-3
_MAX_PROMPT_BYTES = 1 << 23


class LlamaCppLikelihoods:
    """A server of llama.cpp. `url` is its address without `/v1`."""

    def __init__(self, name: str, config: EndpointConfig, url: str, api_key: str | None = None) -> None:
        self._http = EndpointHttp(name, config, url, api_key)

    async def read(self, request: LikelihoodRequest) -> AsyncGenerator[Likelihood | Done, None]:
        """See ReadsLikelihoods.likelihoods."""
        ids, places = await self._tokens(request)
        at, new_tokens, prompt_s = 0, 0, 0.0
        for place in request.places:
            at = places.token_at(place)
            body = {"prompt": ids[:at], "n_predict": 1, "n_probs": CHOICES, "cache_prompt": True, "temperature": 0.0}
            answer = await posted_object(self._http, "/completion", body)
            timings = answer.get("timings")
            new_tokens += at - int(number(timings, "cache_n"))
            prompt_s += number(timings, "prompt_ms") * _MS
            choices = completion_choices(answer)
            if not choices:
                raise self._http.failures.not_possible("say how likely its tokens are")
            yield Likelihood(place, places.written(at), choices)
        yield Done(prompt_tokens=at, cached_tokens=max(0, at - new_tokens), prompt_s=prompt_s)

    async def _tokens(self, request: LikelihoodRequest) -> tuple[list[int], TokenPlaces]:
        messages = [{"role": each.role, "content": each.content} for each in request.messages]
        rendered = await posted_object(self._http, "/apply-template", {"messages": messages})
        body = {
            "content": str(rendered.get("prompt", "")),
            "with_pieces": True,
            "add_special": True,
            "parse_special": True,
        }
        answer = await posted_object(self._http, "/tokenize", body, _MAX_PROMPT_BYTES)
        tokens = prompt_tokens(answer)
        places = TokenPlaces([piece for _, piece in tokens], request.text)
        if not places.found:
            raise self._http.failures.not_possible("show which tokens a text has")
        return [token for token, _ in tokens], places

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.aclose()


def prompt_tokens(answer: Mapping[str, Any]) -> list[tuple[int, bytes]]:
    """The tokens in an answer of /tokenize, each with its bytes; none if it isn't such an answer."""
    listed = answer.get("tokens")
    found: list[tuple[int, bytes]] = []
    for each in listed if isinstance(listed, list) else ():
        token, piece = (each.get("id"), each.get("piece")) if isinstance(each, dict) else (None, None)
        if isinstance(piece, list) and all(type(byte) is int and 0 <= byte < 256 for byte in piece):
            piece = bytes(piece)  # not whole characters
        elif isinstance(piece, str):
            piece = piece.encode("utf-8", "replace")
        if type(token) is not int or not isinstance(piece, bytes):
            return []
        found.append((token, piece))
    return found


def completion_choices(answer: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The likeliest next tokens in an answer of /completion, the likeliest first; none if it isn't such an answer."""
    positions = answer.get("completion_probabilities")
    first = positions[0] if isinstance(positions, list) and positions else None
    return listed_choices(first.get("top_logprobs") if isinstance(first, dict) else None)


def listed_choices(listed: object) -> tuple[Choice, ...]:
    """A list of `{"token": …, "logprob": …}`, the likeliest first. Whatever else is in it is left out."""
    found = [
        Choice(encodable(each["token"]), float(each["logprob"]))
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict) and isinstance(each.get("token"), str) and is_logprob(each.get("logprob"))
    ]
    return tuple(sorted(found, key=lambda each: -each.logprob))


def is_logprob(value: object) -> bool:
    """Whether an engine's value can be the logarithm of a probability. JSON may also contain NaN and Infinity."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e6 < value < 1e-3
