"""Reports imports that exist nowhere: models invent packages, and somebody may have registered the name since."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.imports.imports_c import missing_includes
from pillion.auditors.imports.imports_go import missing_go_packages
from pillion.auditors.imports.imports_javascript import missing_javascript_modules
from pillion.auditors.imports.imports_python import missing_python_modules
from pillion.auditors.imports.imports_rust import missing_crates
from pillion.auditors.imports.missing_import import Missing
from pillion.auditors.passage_findings import Rule
from pillion.auditors.trees import Tree
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage

# Java's packages don't say which artifact they come from, so there is nothing to compare them with.
READERS: Mapping[str, Callable[[Tree], Iterator[Missing]]] = MappingProxyType(
    {
        "python": missing_python_modules,
        "javascript": missing_javascript_modules,
        "typescript": missing_javascript_modules,
        "typescriptreact": missing_javascript_modules,
        "go": missing_go_packages,
        "rust": missing_crates,
        "c": missing_includes,
        "cpp": missing_includes,
    }
)


class ImportsAuditor:
    """Reports a unit's imports that are unknown to the language, the workspace, its environment and its manifest."""

    name = "imports"
    sees = Sees.UNIT

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        reader = READERS.get(passage.language.id)
        tree = Tree.of(passage) if reader is not None else None
        if reader is None or tree is None:
            return ()
        found: dict[str, Finding[InPassage]] = {}
        for missing in reader(tree):
            rule = Rule(self.name, "import", "error" if missing.certain else "warning")
            said = tree.finding(rule, missing.node, missing.message)
            if said is not None:
                found.setdefault(missing.message, said)
        return tuple(found.values())
