"""An engine that floods the server: the editor's other requests are answered meanwhile, and the answer stays small."""

import asyncio
import gzip
import json
import time
from collections.abc import Callable, Iterable
from functools import cache
from itertools import repeat
from pathlib import Path

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from tests.conftest import two_gpus_toml, write_config
from tests.lsp.conftest import StartEditor
from tests.support.flood_server import UNTIL_CLOSED, flooding
from tests.support.raw_server import delta, sse
from tests.support.shop import SOURCE

WORDS = sse(delta(content="words and words and "))
GZIP = UNTIL_CLOSED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")


@cache
def bomb() -> list[bytes]:
    """200 MB of line ends; made when it is first sent."""
    return [gzip.compress(b"\n" * (200 << 20), 1)]


@pytest.mark.parametrize(
    ("pieces", "head"),
    [
        pytest.param(lambda: repeat(sse(delta(content="x" * 100_000)) * 10), UNTIL_CLOSED, id="megabytes of words"),
        pytest.param(lambda: repeat(WORDS * 500), UNTIL_CLOSED, id="words without end"),
        pytest.param(bomb, GZIP, id="a bomb"),
        pytest.param(lambda: repeat(b"\n" * 65536), UNTIL_CLOSED, id="line ends"),
    ],
)
async def test_a_hover_of_a_flooding_engine(
    pieces: Callable[[], Iterable[bytes]],
    head: bytes,
    start_editor: StartEditor,
    tmp_path: Path,
    large: FakeEngine,
    shop_uri: str,
) -> None:
    pieces()  # a bomb is made now, not while the menu is watched
    with flooding(pieces, head) as url:
        editor = await start_editor(write_config(tmp_path, two_gpus_toml(large.url, url)))
        editor.open(shop_uri, SOURCE)
        began_s = time.monotonic()
        hovering = asyncio.ensure_future(editor.hover(shop_uri, 0, 5))
        slowest_s = 0.0
        while not hovering.done():
            asked_s = time.monotonic()
            await editor.client.text_document_code_action_async(
                types.CodeActionParams(
                    types.TextDocumentIdentifier(shop_uri),
                    types.Range(types.Position(0, 5), types.Position(0, 5)),
                    types.CodeActionContext([]),
                )
            )
            slowest_s = max(slowest_s, time.monotonic() - asked_s)
            await asyncio.sleep(0.01)
        assert time.monotonic() - began_s < 20
        assert slowest_s < 2, "measured: some 20 ms on an idle machine"
        assert len(json.dumps(str(await hovering))) < 20_000
