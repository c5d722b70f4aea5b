"""The imports that new tests need in a file that is there."""

import re
import sys
from collections.abc import Sequence

from tree_sitter import Node

from pillion.edits.imports.import_companions import import_replacements
from pillion.edits.imports.import_places import top_level_imports
from pillion.edits.imports.python_imports import with_imports
from pillion.edits.unit_tests.drafted_tests import DraftedTests
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.edits.unit_tests.uses import Uses
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.python_import import Import
from pillion.text.replacement import Replacement, apply_replacements, composed

_PYTHON_IMPORT = re.compile(r"(?:from\s+(?P<module>[\w.]+)\s+import\s+(?P<names>[\w, ]+)|import\s+(?P<whole>[\w.]+))")


def suite_imports(drafted: DraftedTests, tested: UnderTest, suite: Suite, there: ParsedText) -> tuple[Replacement, ...]:
    """The insertions of the imports that the suite lacks.

    Raises:
        DraftRejectedError: the suite has another meaning for a tested name.
    """
    if there.language.id == "rust":
        return ()  # they are in the module of tests
    known = Uses.of(there).scopes.top.names
    _refuse_another_meaning(tested, suite, there, drafted)
    written = {_compact(text_of(each)) for each in there.tree.root_node.named_children}
    statements = [each for each in drafted.imports.statements if _compact(each) not in written]
    if there.language.id == "java":
        return _java_imports(statements, there)
    if there.language.id == "python":
        return _python_imports(statements, known, there)
    return _needed_imports(statements, known, there)


def _compact(statement: str) -> str:
    return "".join(statement.split()).rstrip(";")


def _python_imports(statements: Sequence[str], known: set[str], there: ParsedText) -> tuple[Replacement, ...]:
    """Those of the standard library stand first."""
    standard, others = list[Import](), list[str]()
    for each in statements:
        found = _PYTHON_IMPORT.fullmatch(each)
        module = (found["module"] or found["whole"]) if found is not None else ""
        top = module.partition(".")[0]
        if found is None or top not in sys.stdlib_module_names:
            others.append(each)
        elif found["names"] is None:
            standard += [Import(module, "")] if top not in known else []
        else:
            names = (name.strip() for name in found["names"].split(","))
            standard += [Import(module, name) for name in names if name and name not in known]
    first = with_imports(there, standard) if standard else ()
    if not others:
        return first
    after = ParsedText.of(there.language, apply_replacements(there.text, first))
    return composed(first, _needed_imports(others, known, after))


def _needed_imports(statements: Sequence[str], known: set[str], there: ParsedText) -> tuple[Replacement, ...]:
    draft = ParsedText.of(there.language, "\n".join(statements) + "\n")
    scopes = Uses.of(draft).scopes
    needed: dict[int, tuple[Node, set[str]]] = {}
    for node in top_level_imports(draft):
        names = scopes.bound_in(node.start_byte, node.end_byte)
        if names - known or not names:
            needed[node.id] = (node, names - known)
    return import_replacements(draft, needed, there) if needed else ()


def _refuse_another_meaning(tested: UnderTest, suite: Suite, there: ParsedText, drafted: DraftedTests) -> None:
    if there.language.id in {"java", "go"}:
        return
    scopes = Uses.of(there).scopes
    needed = Uses.of(ParsedText.of(there.language, "\n".join(drafted.imports.statements) + "\n")).scopes.top.names
    last = re.findall(r"\w+", suite.module)[-1:]
    for node in there.tree.root_node.named_children:
        taken = scopes.bound_in(node.start_byte, node.end_byte) & needed & tested.names
        if taken and not set(last) & set(re.findall(r"\w+", text_of(node))):
            raise DraftRejectedError(f"“{sorted(taken)[0]}” is another one in {suite.name}", code="names")


def _java_imports(statements: Sequence[str], there: ParsedText) -> tuple[Replacement, ...]:
    stars = set(re.findall(r"import\s+((?:static\s+)?[\w.]+)\.\*\s*;", there.text))
    missing = [each for each in statements if re.sub(r"\s*import\s+(.*)\.[\w*]+\s*;", r"\1", each) not in stars]
    if not missing:
        return ()
    imports = top_level_imports(there)
    if imports:
        at = behind_line(there, imports[-1])
        return (Replacement(at, at, "".join(f"\n{each}" for each in missing)),)
    package = next((each for each in there.tree.root_node.named_children if each.type == "package_declaration"), None)
    if package is not None:
        at = behind_line(there, package)
        return (Replacement(at, at, "\n\n" + "\n".join(missing)),)
    return (Replacement(0, 0, "\n".join(missing) + "\n\n"),)


def behind_line(parsed: ParsedText, node: Node) -> int:
    """The end of a node's last line, if nothing else is on it; else the node's end."""
    end = parsed.offsets.to_char(node.end_byte)
    line_end = parsed.text.find("\n", end)
    line_end = len(parsed.text) if line_end < 0 else line_end
    rest = parsed.text[end:line_end]
    is_whole = not rest.strip() or rest.strip() in {";", ","} or rest.lstrip().startswith(("#", "//"))
    return len(parsed.text[:line_end].removesuffix("\r")) if is_whole else end
