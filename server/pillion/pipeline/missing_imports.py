"""The imports that an edit needs, that are certain, and that neither the draft nor the document has."""

from collections.abc import Sequence

from pillion.auditors.standard_imports import certain_imports
from pillion.edits.python_imports import with_imports
from pillion.edits.replacement import Replacement, apply_replacements, composed
from pillion.syntax.document import ParsedText


def with_missing_imports(replacements: Sequence[Replacement], document: ParsedText) -> tuple[Replacement, ...]:
    """The edit together with what it needs: a draft is one function, and its imports stand elsewhere."""
    if document.language.id != "python":
        return tuple(replacements)
    after = apply_replacements(document.text, replacements)
    imports = certain_imports(after, document.text)
    if not imports:
        return tuple(replacements)
    return composed(replacements, with_imports(ParsedText.of(document.language, after), imports))
