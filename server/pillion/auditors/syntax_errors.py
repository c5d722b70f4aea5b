"""Does the edited document still parse?"""

import re
from collections.abc import Sequence

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.passage_findings import Rule, finding, first_new_line, line_starts
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.syntax.check import first_error
from pillion.syntax.document import ParsedText

_LINE = re.compile(r"line (\d+): ")


class SyntaxAuditor:
    """Says where the edited document doesn't parse, if it did before."""

    name = "syntax"
    sees = Sees.EDIT
    _rule = Rule(name, "syntax", "error")

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        error = first_error(passage.parsed)
        if error is None or first_error(ParsedText.of(passage.language, passage.before)) is not None:
            return ()
        message = f"The edited document doesn't parse: {error}."
        found = finding(passage, self._rule, *_place(passage.text, error), message)
        # What broke the document is the new part, wherever the parser noticed.
        found = found or finding(passage, self._rule, *first_new_line(passage), message)
        return () if found is None else (found,)


def _place(text: str, error: str) -> tuple[int, int]:
    starts = line_starts(text)
    said = _LINE.match(error)
    line = min(int(said[1]) if said is not None else 1, len(starts)) - 1
    return starts[line], starts[line + 1] if line + 1 < len(starts) else len(text)
