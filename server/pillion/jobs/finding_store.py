"""The findings in the user's documents. A finding stands on the edit's lines, moves with its text, and goes with it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pillion.findings.moves import after_typing, found_again
from pillion.jobs.dismissals import finding_id
from pillion.jobs.open_document import OpenDocument

if TYPE_CHECKING:
    from pillion.findings.finding import Finding
    from pillion.findings.place import InDocument

# The number of closed documents whose findings are remembered until the documents are opened again.
_CLOSED_DOCUMENTS = 200


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding in a document, where its quote stands now."""

    finding: "Finding[InDocument]"
    id: str

    @property
    def start(self) -> int:
        """The first code point of its place."""
        return self.finding.start

    @property
    def end(self) -> int:
        """The code point after its place."""
        return self.finding.end

    def touches(self, start: int, end: int) -> bool:
        """Whether [start, end), which may be empty, overlaps the finding or lies at its edge."""
        return self.start <= end and start <= self.end

    def now(self, finding: "Finding[InDocument] | None") -> "Placed | None":
        """The same with its finding at another place; None if the finding is gone."""
        return replace(self, finding=finding) if finding is not None else None


@dataclass(slots=True)
class _Page:
    """One document's findings, by their source."""

    uri: str
    open: bool = True
    moved: bool = False
    """A finding has moved or gone, and that isn't published yet."""
    by_source: dict[str, list[Placed]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Placed]:
        return iter(sorted(chain(*self.by_source.values()), key=lambda each: (each.start, each.end)))

    def add(self, placed: Placed) -> bool:
        """Adds a finding; False if it is there already."""
        same_source = self.by_source.setdefault(placed.finding.source, [])
        new = all((each.finding.place, each.id) != (placed.finding.place, placed.id) for each in same_source)
        if new:
            same_source.append(placed)
        return new

    def change(self, new_place: Callable[[Placed], Placed | None]) -> bool:
        """Moves each finding to its `new_place` (None: removes it); returns whether anything changed."""
        before, self.by_source = list(self), {}
        for each in before:
            placed = new_place(each)
            if placed is not None:
                self.add(placed)
        return list(self) != before


class FindingStore:
    """All findings of a front's user, by document and source. A closed document's findings are remembered, not shown.

    `publish` is called with a document's URI and all findings to show in it.
    """

    def __init__(self, publish: Callable[[str, Sequence[Placed]], None]) -> None:
        self._publish_all = publish
        self._pages: dict[str, _Page] = {}
        self._hidden: frozenset[str] = frozenset()

    def show(self, document: OpenDocument, findings: Sequence["Finding[InDocument]"]) -> None:
        """Adds findings."""
        if not findings:
            return
        page = self._pages.setdefault(_key(document.uri), _Page(document.uri))
        added = [page.add(Placed(each, finding_id(each))) for each in findings]
        if any(added):
            self._publish(page)

    def remember(self, uri: str, findings: Sequence["Finding[InDocument]"]) -> None:
        """Adds findings of a document that isn't open. They are shown once it is opened."""
        if findings:
            page = self._pages.setdefault(_key(uri), _Page(uri, open=False))
            for each in findings:
                page.add(Placed(each, finding_id(each)))

    def find(self, uri: str, finding_id: str, near: int) -> Placed | None:
        """The finding with this id that stands nearest to `near` in the document; None if it is gone."""
        found = [each for each in self.of(uri) if each.id == finding_id]
        return min(found, key=lambda each: abs(each.start - near), default=None)

    def of(self, uri: str) -> list[Placed]:
        """A document's findings except the hidden ones, in the order of the text."""
        page = self._pages.get(_key(uri))
        return self._shown(page) if page is not None else []

    def edited(self, document: OpenDocument, start: int, end: int, new_length: int) -> None:
        """Follows an edit: findings after it move; findings whose text it changes are removed."""
        page = self._pages.get(_key(document.uri))
        if page is None:
            return
        grown = new_length - (end - start)
        if start == 0 and end == len(document.source) - grown:
            # The editor sent the whole text anew, as after reloading the file; much of it may be the same.
            changed = page.change(lambda each: each.now(found_again(each.finding, document.source)))
        else:
            changed = page.change(lambda each: each.now(after_typing(each.finding, start, end, new_length)))
        if changed:
            page.moved = True

    def flush(self, uri: str) -> None:
        """Publishes the changes that `edited` made. Called once the document has all its edits and its new version."""
        page = self._pages.get(_key(uri))
        if page is not None and page.moved:
            self._publish(page)

    def closed(self, uri: str) -> None:
        """The document was closed: its findings disappear from the screen, and are remembered for a while."""
        key = _key(uri)
        page = self._pages.pop(key, None)
        if page is None:
            return
        page.moved = False
        self._publish_all(page.uri, [])
        if any(page):
            page.open = False
            self._pages[key] = page  # at the end: the oldest is forgotten first
        for old in [each for each, other in self._pages.items() if not other.open][:-_CLOSED_DOCUMENTS]:
            del self._pages[old]

    def opened(self, document: OpenDocument) -> None:
        """The document was opened, perhaps again. Its text may differ from the text that it was closed with."""
        page = self._pages.get(_key(document.uri))
        if page is not None:
            page.uri, page.open = document.uri, True
            page.change(lambda each: each.now(found_again(each.finding, document.source)))
            self._publish(page)

    def remove(self, ids: Iterable[str], uri: str | None = None) -> None:
        """Removes findings from one document, or from all."""
        unwanted = frozenset(ids)
        keys = list(self._pages) if uri is None else [_key(uri)]
        for key in keys:
            page = self._pages.get(key)
            if page is not None and page.change(lambda each: None if each.id in unwanted else each) and page.open:
                self._publish(page)

    def hide(self, ids: Collection[str]) -> int:
        """Hides the findings with these ids, and no others. Hidden findings still follow the text.

        Returns how many are shown again.
        """
        changed = self._hidden ^ frozenset(ids)
        self._hidden = frozenset(ids)
        again = 0
        for page in self._pages.values() if changed else ():
            touched = [each for each in page if each.id in changed]
            if touched and page.open:
                again += sum(each.id not in self._hidden for each in touched)
                self._publish(page)
        return again

    def _publish(self, page: _Page) -> None:
        page.moved = False
        self._publish_all(page.uri, self._shown(page))

    def _shown(self, page: _Page) -> list[Placed]:
        return [each for each in page if each.id not in self._hidden]


def _key(uri: str) -> str:
    """Clients write the same URI with and without escapes."""
    return unquote(uri)
