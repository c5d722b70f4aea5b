"""The models that an engine has, asked in its own dialect: their sizes, and whether they can chat.

Sources: Ollama's `/api/tags` (docs/api.md), OpenAI's `/v1/models` with what vLLM and llama.cpp add to it, and what
LM Studio answers at `/api/v0/models`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pillion.backends.backend import LISTED_MODELS_BYTES
from pillion.backends.foreign import encodable, number
from pillion.backends.http import EndpointHttp, Page
from pillion.config.schema import EndpointConfig, Protocol
from pillion.errors import EngineError, EngineProtocolError, EngineRefusedError

_OK = 200
_MOST_MODELS, _LONGEST_NAME = 500, 200
_UNITS = {"B": 1.0, "M": 1e-3, "K": 1e-6}
_SIZE = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*([BMK])\s*", re.IGNORECASE)
# LM Studio says of each model what it is for; its “vlm” are chat models that also see.
_CHATS = frozenset({"llm", "vlm"})


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One model of an engine. What the engine doesn't say is None; `parameters_b`: billions of parameters.

    `chats`: whether the engine says that it can chat. `remote`: the engine sends what it gets to another machine.
    """

    name: str
    parameters_b: float | None = None
    size_bytes: int | None = None
    context_tokens: int | None = None
    chats: bool | None = None
    remote: bool = False


async def listed_models(name: str, protocol: Protocol, url: str) -> tuple[ListedModel, ...]:
    """The models of the engine at `url` (which ends in /v1 for the OpenAI dialect). No key is sent.

    `name` is its name in errors.

    Raises:
        EngineRefusedError: it refuses; status 401 or 403: it wants a key.
        EngineError: nobody answers, or not in this dialect.
    """
    config = EndpointConfig.model_validate({"protocol": protocol, "url": url, "model": "any"})
    http = EndpointHttp(name, config, url)
    try:
        if protocol is Protocol.OLLAMA:
            return tuple(map(_of_ollama, await _entries(http, "/api/tags", "models", "name")))
        models = tuple(map(_of_openai, await _entries(http, "/models", "data", "id")))
        return _with_kinds(models, await _lm_studio(name, url))
    finally:
        await http.aclose()


async def _lm_studio(name: str, url: str) -> Mapping[str, Mapping[str, Any]]:
    """What LM Studio says of its models, by their names; nothing of any other server."""
    base = url.removesuffix("/v1")
    http = EndpointHttp(name, EndpointConfig.model_validate({"protocol": "openai", "url": base, "model": "any"}), base)
    try:
        return {each["id"]: each for each in await _entries(http, "/api/v0/models", "data", "id")}
    except EngineError:
        return {}
    finally:
        await http.aclose()


async def _entries(http: EndpointHttp, path: str, key: str, name: str) -> list[Mapping[str, Any]]:
    page = await http.get(path, LISTED_MODELS_BYTES)
    if page.status != _OK:
        raise EngineRefusedError(f"{http.failures.name} answered {page.status}.", status=page.status)
    try:
        return list(_named(page, key, name))[:_MOST_MODELS]
    except (ValueError, LookupError, TypeError, RecursionError) as exc:
        raise EngineProtocolError(f"{http.failures.name} sent no list of its models.") from exc


def _named(page: Page, key: str, name: str) -> Iterator[Mapping[str, Any]]:
    for each in json.loads(page.body)[key] or ():
        given = each.get(name) if isinstance(each, dict) else None
        if isinstance(given, str) and 0 < len(given) <= _LONGEST_NAME and given.isprintable():
            yield {**each, name: encodable(given)}


def _of_ollama(entry: Mapping[str, Any]) -> ListedModel:
    details = entry.get("details")
    said = details.get("parameter_size") if isinstance(details, dict) else None
    family = str(details.get("family") or "").lower() if isinstance(details, dict) else ""
    return ListedModel(
        entry["name"],
        parameters_b=_billions(said),
        size_bytes=int(number(entry, "size")) or None,
        chats=False if "bert" in family else None,
        remote=bool(entry.get("remote_host") or entry.get("remote_model")),
    )


def _of_openai(entry: Mapping[str, Any]) -> ListedModel:
    meta = entry.get("meta")  # llama.cpp's: n_params, n_ctx_train, size
    lengths = (number(entry, "max_model_len"), number(entry, "max_context_length"), number(meta, "n_ctx"))
    return ListedModel(
        entry["id"],
        parameters_b=number(meta, "n_params") / 1e9 or None,
        size_bytes=int(number(meta, "size")) or None,
        context_tokens=int(next(filter(None, lengths), 0)) or None,
    )


def _with_kinds(models: tuple[ListedModel, ...], kinds: Mapping[str, Mapping[str, Any]]) -> tuple[ListedModel, ...]:
    def known(model: ListedModel) -> ListedModel:
        said = kinds.get(model.name, {})
        kind = said.get("type")
        length = int(number(said, "loaded_context_length") or number(said, "max_context_length"))
        chats = kind in _CHATS if isinstance(kind, str) else model.chats
        return ListedModel(
            model.name, model.parameters_b, model.size_bytes, length or model.context_tokens, chats, model.remote
        )

    return tuple(map(known, models))


def _billions(said: object) -> float | None:
    """“7.6B”, “630.17M” → billions of parameters."""
    found = _SIZE.fullmatch(said) if isinstance(said, str) else None
    return float(found[1]) * _UNITS[found[2].upper()] if found is not None else None
