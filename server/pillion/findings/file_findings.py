"""What the auditors found in the new text of a file besides the job's own document."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pillion.findings.finding import Finding
from pillion.findings.finding_list import merged
from pillion.findings.place import InEdit
from pillion.findings.relocation import identified


@dataclass(frozen=True, slots=True)
class FileFindings:
    """The findings in a file's new `text`, of which the `regions` are new.

    `only_words`: no check reads the file's language, so only its characters and its words were looked at.
    """

    uri: str
    text: str
    regions: tuple[InEdit, ...]
    findings: tuple[Finding[InEdit], ...] = ()
    only_words: bool = False

    def with_findings(self, more: Iterable[Finding[InEdit]]) -> "FileFindings":
        """The same with more findings."""
        return replace(self, findings=merged([*self.findings, *(identified(each, self.text) for each in more)]))
