"""Places an edit's findings in the documents that have the edit."""

import asyncio
from typing import TYPE_CHECKING

from pillion.findings.moves import edit_to
from pillion.findings.place import InDocument
from pillion.jobs.dismissal_service import DismissalService
from pillion.jobs.finding_store import FindingStore
from pillion.jobs.front import Front
from pillion.jobs.open_document import OpenDocument

if TYPE_CHECKING:
    from pillion.findings.file_findings import FileFindings
    from pillion.findings.finding import Finding
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.syntax.document import ParsedText

_ATTEMPTS = 5


async def show_findings(
    task: "Task", outcome: "Outcome", front: Front, store: FindingStore, dismissals: DismissalService
) -> None:
    """Shows the outcome's findings in the documents that have its edit. Those of a closed document are remembered."""
    document = front.open_document(task.uri)
    if document is not None:
        placed = await place_findings(task, outcome, document)
        if front.open_document(document.uri) is document:  # else it was closed meanwhile
            store.show(document, dismissals.undismissed(placed))
    for each in outcome.elsewhere:
        document = front.open_document(each.uri)
        text = document.source if document is not None else each.text
        placed = await asyncio.to_thread(_placed_elsewhere, each, text)
        now = front.open_document(each.uri)
        if now is not None and (document is None or now.source == text):
            store.show(now, dismissals.undismissed(placed))
        elif now is None:
            store.remember(each.uri, dismissals.undismissed(placed))


def _placed_elsewhere(file: "FileFindings", text: str) -> "list[Finding[InDocument]]":
    from pillion.text.replacement import smallest_replacements

    changes = smallest_replacements(file.text, text) if text != file.text else ()
    return edit_to(InDocument, text, file.findings, changes, lambda: InDocument(0, len(text)))


async def place_findings(task: "Task", outcome: "Outcome", document: OpenDocument) -> "list[Finding[InDocument]]":
    """The outcome's findings with their places in the document, which has the edit and whatever the user typed.

    A finding is left out if its text isn't there any more.
    """
    # In a thread: comparing long texts takes a while. If the user types meanwhile, it is done again.
    for _ in range(_ATTEMPTS):
        text, parsed = document.source, document.parsed()
        placed = await asyncio.to_thread(_placed, task, outcome, text, parsed)
        if document.source == text:
            return placed
    return _placed(task, outcome, document.source, document.parsed())


def _placed(task: "Task", outcome: "Outcome", text: str, parsed: "ParsedText | None") -> "list[Finding[InDocument]]":
    from pillion.text.replacement import smallest_replacements

    def symbol_now() -> InDocument | None:
        node = task.document.symbols.same_in(parsed.symbols, task.target.symbol) if parsed is not None else None
        symbol = parsed.symbols.read(node) if parsed is not None and node is not None else None
        return InDocument(symbol.start, symbol.end) if symbol is not None else None

    changes = smallest_replacements(outcome.after_text, text) if text != outcome.after_text else ()
    return edit_to(InDocument, text, outcome.findings, changes, symbol_now)
