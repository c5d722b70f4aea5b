"""What a document loads or runs when somebody looks at it: images from elsewhere, scripts, frames."""

import re
from collections.abc import Iterator, Sequence

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.passage_findings import Rule, finding
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.text.fences import Fences, Place

_IMAGE = re.compile(r"!\[[^\]\n]*\]\(\s*<?(?:https?:)?//[^)\n]*\)")
_MEDIUM = re.compile(r"<(?:img|video|audio|source|link)\b[^>\n]*(?:https?:)?//[^>\n]*>", re.IGNORECASE)
_ACTIVE = re.compile(r"<(?:script|iframe|object|embed|form|base|meta)\b[^>\n]*>?", re.IGNORECASE)
_LINK = re.compile(r"\]\(\s*<?(?:javascript|command|vbscript|data):[^)\n]*\)", re.IGNORECASE)
_CONTENT = (
    (_IMAGE, "This loads an image from elsewhere when the document is shown."),
    (_MEDIUM, "This loads something from elsewhere when the document is shown."),
    (_ACTIVE, "This loads or runs something when the document is shown."),
    (_LINK, "This link runs something."),
)
_CODE = re.compile(r"`[^`\n]*`")


class RemoteContentAuditor:
    """Reports it, outside of code: a document about the code needs none of it, and a preview may load it."""

    name = "remote"
    sees = Sees.DOCUMENT
    _rule = Rule(name, "remote content", "warning")

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        found = (finding(passage, self._rule, start, end, message) for start, end, message in _places(passage.text))
        return tuple(each for each in found if each is not None)


def _places(text: str) -> Iterator[tuple[int, int, str]]:
    fences, at = Fences(), 0
    for line in text.splitlines(keepends=True):
        if fences.take(line.rstrip("\r\n")) is Place.OUTSIDE:
            bare = _CODE.sub(lambda code: " " * len(code[0]), line)
            for pattern, message in _CONTENT:
                yield from ((at + each.start(), at + each.end(), message) for each in pattern.finditer(bare))
        at += len(line)
