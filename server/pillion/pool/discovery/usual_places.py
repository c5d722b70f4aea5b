"""Where engines usually listen on this machine."""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pillion.config.schema import Protocol

_OLLAMA_PORT = 11434
_LOCALHOST = "localhost"


@dataclass(frozen=True, slots=True)
class UsualPlace:
    """A port of this machine, and the engine that usually listens there. `name`: an endpoint's name for it."""

    name: str
    title: str
    protocol: Protocol
    port: int
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """The endpoint's url in a configuration."""
        return f"http://{self.host}:{self.port}{'' if self.protocol is Protocol.OLLAMA else '/v1'}"


# The defaults in each engine's own documentation. In order: of engines that are as good, the first is chosen.
USUAL_PLACES = (
    UsualPlace("ollama", "Ollama", Protocol.OLLAMA, _OLLAMA_PORT),
    UsualPlace("ollama2", "Ollama", Protocol.OLLAMA, 11435),
    UsualPlace("llamacpp", "llama.cpp", Protocol.OPENAI, 8080),
    UsualPlace("llamacpp2", "llama.cpp", Protocol.OPENAI, 8081),
    UsualPlace("lmstudio", "LM Studio", Protocol.OPENAI, 1234),
    UsualPlace("vllm", "vLLM", Protocol.OPENAI, 8000),
    UsualPlace("vllm2", "vLLM", Protocol.OPENAI, 8001),
    UsualPlace("jan", "Jan", Protocol.OPENAI, 1337),
    UsualPlace("sglang", "SGLang", Protocol.OPENAI, 30000),
    UsualPlace("koboldcpp", "KoboldCpp", Protocol.OPENAI, 5001),
    UsualPlace("tabbyapi", "TabbyAPI", Protocol.OPENAI, 5000),
    UsualPlace("gpt4all", "GPT4All", Protocol.OPENAI, 4891),
)


def places_to_ask(environ: Mapping[str, str]) -> tuple[UsualPlace, ...]:
    """The usual places, and the one that `OLLAMA_HOST` names if it is on this machine: it comes first."""
    own = _ollama_host(environ.get("OLLAMA_HOST", ""))
    if own is None:
        return USUAL_PLACES
    others = tuple(each for each in USUAL_PLACES if each.port != own.port)
    return (own, *_named_apart(others))


def _named_apart(places: tuple[UsualPlace, ...]) -> Iterator[UsualPlace]:
    """Ollama's place has its name from OLLAMA_HOST already."""
    for each in places:
        name = f"ollama{each.port}" if each.name == "ollama" else each.name
        yield UsualPlace(name, each.title, each.protocol, each.port, each.host)


def _ollama_host(given: str) -> UsualPlace | None:
    """“127.0.0.1:5000”, “http://localhost”, “:11500”, “0.0.0.0” → the place on this machine; None if it is none.

    Source: envconfig.Host in Ollama's source. A server that listens on all addresses is asked on the loopback one."""
    text = given.strip().strip("\"'").strip()
    if not text:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname or "127.0.0.1", parts.port or _OLLAMA_PORT
    except ValueError:
        return None
    if parts.scheme != "http":
        return None
    if host == _LOCALHOST:
        host = "127.0.0.1"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == 4 else "::1"
    elif not address.is_loopback:
        return None
    return UsualPlace("ollama", "Ollama", Protocol.OLLAMA, port, f"[{host}]" if ":" in host else host)
