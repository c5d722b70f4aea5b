"""Places an edit's findings in the document that has the edit."""

import asyncio
from typing import TYPE_CHECKING

from pillion.findings.moves import edit_to
from pillion.findings.place import InDocument
from pillion.jobs.open_document import OpenDocument

if TYPE_CHECKING:
    from pillion.findings.finding import Finding
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.syntax.document import ParsedText

_ATTEMPTS = 5


async def place_findings(task: "Task", outcome: "Outcome", document: OpenDocument) -> "list[Finding[InDocument]]":
    """The outcome's findings with their places in the document, which has the edit and whatever the user typed.

    A finding is left out if its text isn't there any more.
    """
    # In a thread: comparing long texts takes a while. If the user types meanwhile, it is done again.
    for _ in range(_ATTEMPTS):
        text, parsed = document.source, await document.parsed_in_thread()
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
