"""Adds the imports that an edit certainly needs, and that neither the draft nor the document has."""

from collections.abc import Sequence
from pathlib import Path

from pillion.auditors.names.go_selectors import certain_packages
from pillion.auditors.names.standard_imports import certain_imports
from pillion.edits.imports.go_imports import with_packages
from pillion.edits.imports.python_imports import with_imports
from pillion.syntax.document import ParsedText
from pillion.text.replacement import Replacement, apply_replacements, composed


def with_missing_imports(
    replacements: Sequence[Replacement], document: ParsedText, *, draft: str = "", path: Path | None = None
) -> tuple[Replacement, ...]:
    """The edit, with the imports that it needs: a draft is one function, and its imports belong elsewhere."""
    language = document.language
    if language.id not in {"python", "go"}:
        return tuple(replacements)
    after = ParsedText.of(language, apply_replacements(document.text, replacements))
    if language.id == "go":
        more = with_packages(after, packages) if (packages := certain_packages(after, document, draft, path)) else ()
    else:
        more = with_imports(after, imports) if (imports := certain_imports(after.text, document.text)) else ()
    return composed(replacements, more)
