"""Finds the error in what a server says. Servers of one dialect write it in many forms, also under status 200."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pillion.backends.foreign import readable

_MESSAGE_CHARACTERS = 300
# Where a server puts its words, the most usual place first.
_WORDS = ("message", "detail", "error", "msg", "description", "text", "status_msg")
_CODES = ("code", "status", "status_code", "statusCode", "error_code", "type", "error_type")
# An object with words is an error only if one of these stands beside them: `message` alone may be an answer.
_MARKS = ("code", "status_code", "statusCode", "error_code", "error_type")
# Servers' own words for a status.
_STATUS_OF = {
    "authentication_error": 401,
    "invalid_api_key": 401,
    "insufficient_quota": 402,
    "model_not_found": 404,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "overloaded_error": 503,
    "unavailable_error": 503,
    "server_is_overloaded": 503,
}


@dataclass(frozen=True, slots=True)
class SaidError:
    """A server's error: its words, on one line, and the HTTP status that it stands for (0: it doesn't say)."""

    message: str
    status: int = 0


def error_in(said: object) -> SaidError | None:
    """The error in a server's object; None if the object is none. Known forms:

    `{"error": "…"}` (Ollama, TGI), `{"error": {"message": "…", "code": 429}}` (OpenAI, llama.cpp, OpenRouter),
    `[{"error": {…}}]` (Gemini), `{"object": "error", "message": "…"}` (vLLM, Mistral), `{"type": "error", "error":
    {…}}` (Anthropic), `{"detail": "…"}` and `{"detail": [{"loc": […], "msg": "…"}]}` (FastAPI), `{"errors": [{…}]}`
    (Cloudflare), `{"text": "…", "error_code": 50001}` (FastChat), and an error in a choice (OpenRouter).
    """
    if isinstance(said, list):
        return error_in(said[0]) if len(said) == 1 and isinstance(said[0], dict) else None
    if not isinstance(said, dict):
        return None
    for key in ("error", "errors"):
        if said.get(key):
            return _made(said[key], said)
    if said.get("object") == "error" or said.get("type") == "error":
        return _made(said, said)
    choices = said.get("choices")
    if choices is not None:
        first = choices[0] if isinstance(choices, list) and choices else None
        return _made(first["error"], first) if isinstance(first, dict) and first.get("error") else None
    if isinstance(said.get("detail"), str | list) and said["detail"]:
        return _made(said["detail"], said)
    marked = said.get("success") is False or any(_is_failure(said.get(key)) for key in _MARKS)
    if marked and any(isinstance(said.get(key), str) and said[key] for key in _WORDS):
        return _made(said, said)
    return None


def error_message(body: str) -> str:
    """The words in an error's body, or the plain text that it is, on one line and shortened."""
    try:
        parsed = json.loads(body)
        found = error_in(parsed)
        words = _words(parsed) if found is None else ""
    except (ValueError, RecursionError):
        return readable(body, _MESSAGE_CHARACTERS)
    return found.message if found is not None else readable(words or body, _MESSAGE_CHARACTERS)


def _made(error: object, around: Mapping[str, object]) -> SaidError:
    words = _words(error) or json.dumps(error, ensure_ascii=False)
    metadata = error.get("metadata") if isinstance(error, dict) else None
    if isinstance(metadata, dict) and isinstance(metadata.get("raw"), str):
        words = f"{words.rstrip('.')}: {metadata['raw']}"  # OpenRouter: what the server behind it says
    return SaidError(readable(words, _MESSAGE_CHARACTERS), _status(error) or _status(around))


def _words(error: object, depth: int = 4) -> str:
    """The words in an error, however deep they are."""
    if isinstance(error, str):
        return error
    if depth == 0:
        return ""
    if isinstance(error, list):
        return "; ".join(filter(None, (_words(each, depth - 1) for each in error[:3])))
    if not isinstance(error, dict):
        return ""
    words = next(filter(None, (_words(error.get(key), depth - 1) for key in _WORDS)), "")
    place = error.get("loc")
    if words and isinstance(place, list):  # FastAPI: which field of the request is meant
        return f"{'.'.join(str(each) for each in place if each != 'body')}: {words}"
    return words


def _status(error: object) -> int:
    for key in _CODES if isinstance(error, dict) else ():
        code = error[key] if isinstance(error, dict) and key in error else None
        if isinstance(code, str):
            code = int(code) if code.isascii() and code.isdigit() and len(code) == 3 else _STATUS_OF.get(code.lower())
        if type(code) is int and 400 <= code < 600:
            return code
    return 0


def _is_failure(code: object) -> bool:
    if isinstance(code, str):
        return bool(code.strip()) and code.strip() not in {"0", "200"}
    return type(code) is int and code not in {0, 200}
