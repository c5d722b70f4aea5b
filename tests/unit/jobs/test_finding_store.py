"""The store of findings: what an edit does to one, and what is remembered of closed documents."""

import pytest
from lsprotocol import types
from pygls.workspace import PositionCodec

from pillion.findings.finding import Finding
from pillion.findings.place import InDocument
from pillion.jobs.finding_store import FindingStore
from pillion.lsp.documents import Document

TEXT = "a = 1\nb = [2]\nc = 3\n"
URI = "file:///a.py"


@pytest.fixture
def store() -> FindingStore:
    """A store without a client: what it publishes goes nowhere."""
    return FindingStore(lambda uri, findings: None)


def opened(store: FindingStore, uri: str = URI, text: str = TEXT) -> Document:
    """An open document that reports its edits to the store."""
    return Document(uri, text, 1, "python", PositionCodec(), store.edited)


def finding(quote: str = "b = [2]", message: str = "It is three.", source: str = "model") -> Finding[InDocument]:
    """A finding in TEXT."""
    at = TEXT.index(quote)
    return Finding(quote, "warning", "bug", message, InDocument(at, at + len(quote)), source)


def quotes(store: FindingStore, document: Document) -> list[str]:
    """The texts that the document's findings stand on now."""
    return [document.source[each.start : each.end] for each in store.of(document.uri)]


@pytest.mark.parametrize(
    ("start", "end", "new", "left"),
    [
        pytest.param(0, 0, "x = 0\n", ["b = [2]"], id="before"),
        pytest.param(6, 6, "x", ["b = [2]"], id="at-its-start"),
        pytest.param(13, 13, "  # why", ["b = [2]"], id="at-its-end"),
        pytest.param(8, 8, "x", [], id="inside"),
        pytest.param(5, 7, "", [], id="over-its-start"),
        pytest.param(12, 14, "", [], id="over-its-end"),
        pytest.param(6, 13, "b = [2]", [], id="typed-anew"),
        pytest.param(0, 6, "", ["b = [2]"], id="deleted-before"),
        pytest.param(0, 20, f"x\n{TEXT}", ["b = [2]"], id="all-sent-anew"),
        pytest.param(0, 20, "b = [3]\n", [], id="all-sent-anew-without-it"),
    ],
)
def test_an_edit(start: int, end: int, new: str, left: list[str], store: FindingStore) -> None:
    document = opened(store)
    store.show(document, [finding()])
    place = document.positions.range(start, end)
    document.apply_change(types.TextDocumentContentChangePartial(place, new))
    assert quotes(store, document) == left


@pytest.mark.parametrize(
    ("again", "count"),
    [
        pytest.param(finding(), 1, id="identical"),
        pytest.param(finding(message="It is four."), 2, id="other-message"),
        pytest.param(finding(source="calls"), 2, id="other-source"),
        pytest.param(finding("[2]"), 2, id="other-place"),
    ],
)
def test_what_counts_as_the_same(again: Finding[InDocument], count: int, store: FindingStore) -> None:
    document = opened(store)
    store.show(document, [finding()])
    store.show(document, [again])
    assert len(store.of(URI)) == count


def test_a_uri_may_be_escaped_or_not(store: FindingStore) -> None:
    document = opened(store, "file:///a%20b/%25.py")
    store.show(document, [finding()])
    assert len(store.of("file:///a b/%25.py")) == 1
    store.closed("file:///a b/%.py")
    store.opened(document)
    assert quotes(store, document) == ["b = [2]"]


def test_the_last_two_hundred_closed_documents_are_remembered(store: FindingStore) -> None:
    uris = [f"file:///{number}.py" for number in range(202)]
    for uri in uris:
        store.show(opened(store, uri), [finding()])
    for uri in uris[1:]:
        store.closed(uri)
    assert [bool(store.of(uri)) for uri in uris[:4]] == [True, False, True, True], "0 is open, 1 was closed first"


def test_a_dismissed_finding_goes_from_every_document(store: FindingStore) -> None:
    documents = [opened(store, f"file:///{number}.py") for number in range(3)]
    for document in documents:
        store.show(document, [finding(), finding("c = 3")])
    store.closed(documents[2].uri)
    store.remove([store.of(documents[0].uri)[0].id])
    assert [quotes(store, document) for document in documents] == [["c = 3"]] * 3
    store.remove([store.of(documents[0].uri)[0].id], documents[0].uri)
    assert [quotes(store, document) for document in documents] == [[], ["c = 3"], ["c = 3"]]
