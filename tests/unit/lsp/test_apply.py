"""An edit is made for the document as it is, and never on the event loop."""

import asyncio
import threading
from collections.abc import Sequence

import pytest
from lsprotocol import types
from pygls.workspace import PositionCodec

from pillion.jobs.front import EditStep
from pillion.jobs.open_document import TextNow
from pillion.lsp.apply import deliver
from pillion.lsp.documents import Document
from pillion.lsp.protocol import PillionProtocol
from pillion.lsp.server import build_server
from pillion.lsp.session import Session
from pillion.text.rebase import Rebase
from pillion.text.replacement import Replacement, smallest_replacements

URI = "file:///a.py"


@pytest.fixture
def document() -> Document:
    return Document(URI, "a = 1\n", 1, "python", PositionCodec(types.PositionEncodingKind.Utf32), None)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, document: Document) -> list[types.WorkspaceEdit]:
    """What a client would be asked to apply; it refuses all of it."""
    edits: list[types.WorkspaceEdit] = []

    async def ask(self: PillionProtocol, method: str, params: types.ApplyWorkspaceEditParams) -> object:
        edits.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    monkeypatch.setattr(PillionProtocol, "ask", ask)
    monkeypatch.setattr(PillionProtocol, "open_document", lambda self, uri: document if uri == URI else None)
    monkeypatch.setattr(PillionProtocol, "client_takes_versioned_edits", lambda self: True)
    return edits


def session() -> Session:
    protocol = build_server(lambda workspace, settings: pytest.fail("no engines here")).protocol
    return Session(protocol, lambda workspace, settings: pytest.fail("no engines here"))


async def test_an_edit_is_made_off_the_event_loop_and_anew_for_what_was_typed_meanwhile(
    document: Document, sent: list[types.WorkspaceEdit]
) -> None:
    loop, threads, texts = asyncio.get_running_loop(), [], []
    top = types.Range(types.Position(0, 0), types.Position(0, 0))

    def typed() -> None:
        document.apply_change(types.TextDocumentContentChangePartial(top, "#\n"))
        document.version = 2

    def make(moment: TextNow) -> Sequence[Replacement]:
        threads.append(threading.current_thread())
        texts.append(moment.text)
        if len(texts) == 1:  # the user types while it is made
            asyncio.run_coroutine_threadsafe(_called(typed), loop).result(5)
        return [Replacement(len(moment.text), len(moment.text), "b = 2\n")]

    delivering = asyncio.create_task(deliver(session(), [EditStep(URI, make)], "edit"))
    while not sent:
        assert not delivering.done(), delivering.exception()
        await asyncio.sleep(0.01)
    delivering.cancel()
    assert threading.main_thread() not in threads
    assert texts == ["a = 1\n", "#\na = 1\n"]
    (edit,) = sent
    (change,) = edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert (change.text_document.version, change.edits[0].range.start.line) == (2, 2)


async def _called(function: object) -> None:
    assert callable(function)
    function()


def test_a_long_text_is_compared_once_for_all_replacements(monkeypatch: pytest.MonkeyPatch) -> None:
    from pillion.text import rebase

    compared: list[str] = []

    def compare(before: str, after: str) -> tuple[Replacement, ...]:
        compared.append(before)
        return smallest_replacements(before, after)

    monkeypatch.setattr(rebase, "smallest_replacements", compare)
    way = Rebase("a\nb\nc\n", "new\na\nb\nc\n")
    assert [way.of([Replacement(at, at + 1, "x")]).replacements[0].start for at in (2, 4)] == [6, 8]
    assert len(compared) == 1
