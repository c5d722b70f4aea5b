"""What is wrong with an endpoint's url, if it looks wrong for its protocol: the most usual mistakes."""

import re
from urllib.parse import urlsplit, urlunsplit

from pillion.config.schema import EndpointConfig, Protocol, without_secrets

# Pages that people paste with the address, and Ollama's own folder.
_PAGES = ("/chat/completions", "/completions", "/models", "/chat", "/generate", "/tags")
_VERSION = re.compile(r"/v\d[^/]*(?:/|$)")


def right_address(config: EndpointConfig) -> str:
    """The address that the url is probably meant to be, without secrets; empty if nothing looks wrong."""
    if config.url is None:
        return ""
    parts = urlsplit(str(config.url))
    path = _mended(config.protocol, parts.path.rstrip("/"))
    if path == parts.path.rstrip("/"):
        return ""
    return without_secrets(urlunsplit(parts._replace(path=path)))


def address_hint(config: EndpointConfig) -> str:
    """What to do about the url, with the address that is probably right; empty if nothing looks wrong."""
    if not (right := right_address(config)):
        return ""
    path = urlsplit(str(config.url)).path.rstrip("/")
    if config.protocol is Protocol.OLLAMA:
        return f"Its url ends in {path}, and Ollama's own protocol begins without it: try {right}"
    if "/v1/v1" in path:
        return f"Its url has /v1 twice: try {right}"
    if any(path.endswith(page) for page in _PAGES):
        return f"Its url names a page of the server, and should end before it: try {right}"
    return f"Its url lacks /v1 at the end: try {right}"


def _mended(protocol: Protocol, path: str) -> str:
    page = next((each for each in _PAGES if path.endswith(each)), "")
    path = path.removesuffix(page)
    if protocol is Protocol.OLLAMA:
        return path.removesuffix("/v1").removesuffix("/api")
    while path.endswith("/v1/v1"):
        path = path.removesuffix("/v1")
    path = path.removesuffix("/api") if not _VERSION.search(path) and page else path
    if path == "/api":
        path = ""
    return path if _VERSION.search(path) else f"{path}/v1"
