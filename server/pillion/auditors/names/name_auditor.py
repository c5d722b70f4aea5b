"""Reports names that a draft uses but nothing defines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.names.names_called import undefined_calls
from pillion.auditors.names.names_python import undefined_names
from pillion.auditors.names.standard_imports import statements_for
from pillion.auditors.trees import JAVASCRIPT
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage

# C, C++ and Java take names from headers and classes elsewhere: their compilers know these, this auditor doesn't.
_READERS: Mapping[str, Callable[[Passage, str], Iterator[Finding[InPassage]]]] = MappingProxyType(
    {"python": undefined_names, **dict.fromkeys((*sorted(JAVASCRIPT), "go", "rust"), undefined_calls)}
)
_MAX_FINDINGS = 20


class NamesAuditor:
    """Reports undefined names in the new part: in Python all, in other languages only plain functions in calls."""

    name = "names"
    sees = Sees.EDIT

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        reader = _READERS.get(passage.language.id)
        if reader is None:
            return ()
        found: dict[str, Finding[InPassage]] = {}
        for finding in reader(passage, self.name):
            found.setdefault(finding.message, finding)
            if len(found) >= _MAX_FINDINGS:
                break
        if not found or passage.language.id != "python":
            return tuple(found.values())
        settling = statements_for(passage.text)
        return tuple(replace(each, imports=settling.get(each.quote, ())) for each in found.values())
