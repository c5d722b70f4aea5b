"""Brings the imports of a draft that its code needs, each to where the document's imports are."""

import re
from collections.abc import Mapping

from tree_sitter import Node

from pillion.edits.imports.go_imports import with_specs
from pillion.edits.imports.import_places import import_place, top_level_imports
from pillion.edits.imports.import_subsets import merged_javascript, without_others
from pillion.edits.imports.python_imports import extended, one_more_line
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scopes_go import import_names
from pillion.text.replacement import Replacement, newline_of

_IMPORT = re.compile(
    r"import\s+(?P<names>\{[^}]*\}|\*\s+as\s+[\w$]+|[\w$]+)\s+from\s+(?P<module>[\"'][^\"']+[\"'])(?P<end>;?)"
)
_JAVASCRIPT = frozenset({"javascript", "typescript", "typescriptreact"})


def import_replacements(
    draft: ParsedText, needed: Mapping[int, tuple[Node, set[str]]], document: ParsedText
) -> tuple[Replacement, ...]:
    """Insertions of the draft's imports, of each only the names that are needed."""
    if document.language.id == "go":
        return with_specs(document, [spec for node, names in needed.values() for spec in _go_specs(node, names)])
    own = top_level_imports(document)
    changes: list[Replacement] = []
    lines: list[str] = []
    for node, names in needed.values():
        statement = without_others(node, names)
        if _requires(document, own):
            statement = _as_require(statement)
        merged = _merged(document, node, statement, names, own)
        if merged is not None:
            changes.append(merged)
        else:
            lines.append(_in_style(statement, own, document))
    if lines:
        newline = newline_of(document.text)
        at, after_import = import_place(document)
        lines = list(dict.fromkeys(lines))
        block = newline.join(line.replace("\r\n", "\n").replace("\n", newline) for line in lines)
        below = newline * 2 + (one_more_line(document, at) if document.language.id == "python" else "")
        changes.append(Replacement(at, at, f"{newline}{block}" if after_import else f"{block}{below}"))
    return tuple(changes)


def _merged(document: ParsedText, node: Node, statement: str, names: set[str], own: list[Node]) -> Replacement | None:
    if node.type == "import_from_statement":
        module = node.child_by_field_name("module_name")
        listed = [text_of(each) for each in node.children_by_field_name("name")]
        wanted = [each for each in listed if each.rpartition(" as ")[2].strip() in names]
        return extended(document, text_of(module), wanted) if module is not None and wanted else None
    if node.type == "import_statement" and document.language.id in _JAVASCRIPT:
        return merged_javascript(document, statement, own)
    return None


def _requires(document: ParsedText, own: list[Node]) -> bool:
    """Whether the document is one of CommonJS, where an `import` would be a mistake."""
    return (
        document.language.id == "javascript" and bool(own) and not any(each.type == "import_statement" for each in own)
    )


def _as_require(statement: str) -> str:
    """JavaScript: an import of one kind as a `require`; others stay as they are."""
    found = _IMPORT.fullmatch(statement)
    if found is None:
        return statement
    names, module, end = found["names"].strip(), found["module"], found["end"]
    bound = names.removeprefix("*").strip().removeprefix("as ").strip() if names.startswith("*") else names
    if names.startswith("{"):
        bound = re.sub(r"\s+as\s+", ": ", names)
    return f"const {bound} = require({module}){end}"


def _in_style(statement: str, own: list[Node], document: ParsedText) -> str:
    """JavaScript: with the quotes and the semicolon of the document's imports."""
    if document.language.id not in _JAVASCRIPT or not own:
        return statement
    like = text_of(own[-1]).rstrip()
    if "'" in like and '"' not in like and "'" not in statement:
        statement = statement.replace('"', "'")
    elif '"' in like and "'" not in like and '"' not in statement:
        statement = statement.replace("'", '"')
    if like.endswith(";") and not statement.endswith(";"):
        return f"{statement};"
    return statement.removesuffix(";") if not like.endswith(";") else statement


def _go_specs(declaration: Node, names: set[str]) -> list[str]:
    specs: list[str] = []
    for child in declaration.named_children:
        listed = child.named_children if child.type == "import_spec_list" else [child]
        specs += [text_of(spec) for spec in listed if spec.type == "import_spec" and import_names(spec) & names]
    return specs
