"""Finds a wheel's address in the indexes that pip is configured for.

pip itself tells an address only after it has downloaded the wheel, where the index doesn't serve metadata by itself.
"""

import ast
import logging
import re
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from pillion.config.schema import without_secrets
from pillion.errors import ModelError
from pillion.text.file_uris import path_in

log = logging.getLogger(__name__)

_DEFAULT_INDEX = "https://pypi.org/simple"
# `:env:.index-url='https://…'`, as `pip config list` prints it.
_SETTING = re.compile(r"(global|install|download|:env:)\.([a-z-]+)=(.+)")
# Later ones win.
_PRECEDENCE = ("global", "install", "download", ":env:")
_TIMEOUT = httpx.Timeout(15.0, connect=8.0)
_ACCEPT = "application/vnd.pypi.simple.v1+html, text/html;q=0.2"
_LARGEST_PAGE_BYTES = 8 << 20


def pip_settings(listed: Iterable[str]) -> dict[str, str]:
    """The settings in the lines of `pip config list`, as `pip download` takes them."""
    found: dict[str, dict[str, str]] = {section: {} for section in _PRECEDENCE}
    for line in listed:
        if match := _SETTING.fullmatch(line.strip()):
            try:
                value = ast.literal_eval(match[3])
            except (ValueError, SyntaxError):
                continue
            found[match[1]][match[2]] = str(value)
    return {key: value for section in _PRECEDENCE for key, value in found[section].items()}


class PackageIndex:
    """The indexes and folders of pip's settings. Enter it to ask them."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._links = settings.get("find-links", "").split()
        self._indexes: list[str] = []
        if settings.get("no-index", "").lower() not in {"1", "true", "yes", "on", "y", "t"}:
            index = settings.get("index-url", _DEFAULT_INDEX)
            self._indexes = [index, *settings.get("extra-index-url", "").split()]
        self._client = httpx.Client(timeout=_TIMEOUT, follow_redirects=True, headers={"Accept": _ACCEPT})

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, trace)

    def place_of(self, package: str, wheel_name: str) -> Path | str:
        """The wheel's file, or its address.

        Raises:
            ModelError: none of the indexes has it, as far as they can be asked without pip.
        """
        for link in self._links:
            folder = Path(path_in(link) or link).expanduser()
            if (folder / wheel_name).is_file():
                return folder / wheel_name
            if folder.name == wheel_name and folder.is_file():
                return folder
        pages = [link for link in self._links if link.startswith(("https://", "http://"))]
        pages += [f"{index.rstrip('/')}/{package}/" for index in self._indexes]
        for page in pages:
            for address in self._addresses_on(page):
                if unquote(urlsplit(address).path.rpartition("/")[2]) == wheel_name:
                    return Path(path) if (path := path_in(address)) else address
        raise ModelError(f"No index that can be read directly has {wheel_name}.")

    def _addresses_on(self, page: str) -> Sequence[str]:
        try:
            if (path := path_in(page)) is not None:
                text, base = (Path(path) / "index.html").read_text("utf-8", errors="replace"), page
            else:
                with self._client.stream("GET", page) as response:
                    response.raise_for_status()
                    text, base = _text_of(response), str(response.url)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as exc:
            log.info("the page %s can't be read: %s", without_secrets(page), type(exc).__name__)
            return []
        links = _Links()
        links.feed(text)
        return [_joined(base, each) for each in links.found]


def _text_of(response: httpx.Response) -> str:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _LARGEST_PAGE_BYTES:
            break
    return body.decode("utf-8", "replace")


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


class _Links(HTMLParser):
    """The targets of a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]
