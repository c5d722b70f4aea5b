"""Reports names that a draft uses but nothing defines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.names.names_python import undefined_names
from pillion.auditors.names.standard_imports import statements_for
from pillion.auditors.names.unbound_names import JUDGED, unbound_names
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage

_READERS: Mapping[str, Callable[[Passage, str], Iterator[Finding[InPassage]]]] = MappingProxyType(
    {"python": undefined_names, **dict.fromkeys(sorted(JUDGED), unbound_names)}
)
_MAX_FINDINGS = 20


class NamesAuditor:
    """Reports undefined names in the new part: those of which it is certain."""

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
