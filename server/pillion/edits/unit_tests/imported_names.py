"""What drafted tests import. Pillion itself makes the imports of what they test, whatever a model calls its module."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pillion.edits.imports.import_places import is_import, top_level_imports
from pillion.edits.imports.import_subsets import without_others
from pillion.edits.unit_tests.go_suite import is_outside
from pillion.edits.unit_tests.javascript_suite import runner_imports
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.edits.unit_tests.suite_items import Item, Kind
from pillion.edits.unit_tests.uses import Uses
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of

_JAVASCRIPT = frozenset({"javascript", "typescript", "typescriptreact"})
# What models call a module whose name they don't know.
_ANY_NAME = re.compile(
    r"(?:(?:your|my|the)_?)?(?:module|file|package|code|solution|main|script|app|src|crate|project)(?:_?name)?", re.I
)
_UNKNOWN = re.compile(r"(?:your|my)_?(?:module|file|package|code|script|app|project)(?:_?name)?", re.I)
_PATCH = re.compile(r"\b(?:patch|patch\.dict|setattr)\(\s*[\"'](\w+(?:\.\w+)+)[\"']")
_RUNNERS = re.compile(r"[\"'](?:vitest|@jest/globals|node:test|test|mocha)[\"']")
_STATIC = re.compile(r"import\s+static\s+(?P<path>[\w.]+)\.(?P<type>\w+)\.(?P<name>\w+|\*)\s*;")
_RUNNER_NAMES = frozenset(
    ["describe", "it", "test", "suite", "expect", "vi", "before", "after", "mock", "assertType", "expectTypeOf"]
    + [f"{when}{which}" for when in ("before", "after") for which in ("Each", "All")]
)


@dataclass(frozen=True, slots=True)
class DraftedImports:
    """`statements` bind what the tests use. `unqualified` are bytes of the draft to leave out: `shop.` before a name
    of the package that the tests are in. `requalified` are bytes with what stands there instead: the tested module's
    name in what a test patches."""

    statements: tuple[str, ...]
    unqualified: tuple[tuple[int, int], ...] = ()
    requalified: tuple[tuple[int, int, str], ...] = ()


def drafted_imports(
    parsed: ParsedText, items: Sequence[Item], uses: Uses, tested: UnderTest, suite: Suite
) -> DraftedImports:
    """The statements for a draft's tests.

    Raises:
        DraftRejectedError: they stand in another package than the tested code, and are written as if in it.
    """
    language = tested.document.language.id
    code = [each for each in items if each.kind is not Kind.IMPORT]
    copies = {name for each in code if each.kind is Kind.HELPER for name in uses.bound_by(each)} - tested.names
    used = {name for each in code for name in uses.scopes.free_in(each.start, each.end)} - copies
    statements: list[str] = []
    unqualified: list[tuple[int, int]] = []
    bound: set[str] = set()
    for item in items:
        if item.kind is not Kind.IMPORT:
            continue
        names = uses.bound_by(item)
        if language == "go":
            specs, ranges = _go_specs(parsed, item, used, tested, suite)
            statements += specs
            unqualified += ranges
            bound |= names
            continue
        if language == "java":
            statements += _java_import(item, used, tested, suite)
            bound |= names
            continue
        if language in _JAVASCRIPT and _RUNNERS.search(text_of(item.node)):
            continue
        if names & tested.names or _is_star_of(item, tested):
            continue
        alias = next((each for each in names & used if _is_module(item, each, parsed, tested)), "")
        if alias:
            statements.append(suite.whole(alias))
            bound.add(alias)
        elif wanted := names & used:
            statements.append(without_others(item.node, wanted))
            bound |= wanted
        elif _imports_for_effect(item):
            statements.append(text_of(item.node).rstrip())
    there = [*statements, suite.text or ""]
    dotted = any(re.search(r"(?:^|import)\s+\. [\"`]", each, re.MULTILINE) for each in there)
    helpers = set(re.findall(r"^func (\w+)", there[-1], re.MULTILINE))
    inside = (used & tested.names) - bound - helpers
    if language == "go" and inside and is_outside(suite) and not dotted:
        reason = f"{suite.name} is outside of the package, and the model's tests name “{min(inside)}” without it"
        raise DraftRejectedError(reason, code="names")
    own = sorted((used & tested.names) - bound, key=lambda name: (not name[:1].isupper(), name))
    statements += _of_the_document(used - bound - tested.names, tested)
    if language == "python":
        statements += [f"import {name}" for name in ("pytest", "unittest") if name in used - bound]
    if language in _JAVASCRIPT:
        like = "".join(suite.imports(own))
        own_names = sorted(used & _RUNNER_NAMES)
        statements[:0] = runner_imports(suite, own_names, requires="require(" in like, like=like)
    patched = tuple(_patched_modules(parsed, items, uses, tested, suite)) if language == "python" else ()
    taken = tuple(dict.fromkeys([*filter(None, statements), *suite.imports(own)]))
    return DraftedImports(taken, tuple(unqualified), patched)


def _patched_modules(
    parsed: ParsedText, items: Sequence[Item], uses: Uses, tested: UnderTest, suite: Suite
) -> Iterator[tuple[int, int, str]]:
    """Python: where a test patches something in the tested module, by another name than the module has."""
    wrong = {
        found[1]
        for each in items
        if each.kind is Kind.IMPORT and uses.bound_by(each) & tested.names
        if (found := re.match(r"from\s+(\w[\w.]*)\s+import\b", text_of(each.node))) is not None
    }
    for found in _PATCH.finditer(parsed.text):
        name = next((each for each in wrong if found[1].startswith(f"{each}.")), found[1].partition(".")[0])
        if f"{found[1]}.".startswith(f"{suite.module}.") or suite.module.startswith(f"{name}."):
            continue
        if name in wrong or _UNKNOWN.fullmatch(name):
            start = parsed.offsets.to_byte(found.start(1))
            yield start, start + len(name.encode()), suite.module


def _is_star_of(item: Item, tested: UnderTest) -> bool:
    text = text_of(item.node)
    if "*" not in text or " as " in text:
        return False
    last = re.findall(r"\w+", text.partition(" import ")[0])[-1:]
    return "super" in text or "crate" in text or any(_names_tested(each, tested) for each in last)


def _names_tested(name: str, tested: UnderTest) -> bool:
    return name == tested.path.stem or name == tested.path.parent.name or _ANY_NAME.fullmatch(name) is not None


def _is_module(item: Item, name: str, parsed: ParsedText, tested: UnderTest) -> bool:
    """Whether an import binds the tested module under this name: the tests call what is in it by that."""
    text = text_of(item.node)
    members = set(re.findall(rf"\b{re.escape(name)}\.(\w+)", parsed.text))
    if not members & tested.names:
        return False
    source = re.search(r"[\"']([^\"']+)[\"']", text)
    last = source[1].rpartition("/")[2].partition(".")[0] if source else name
    modules = re.findall(r"[\w.]+", text.partition(" as ")[0])
    return any(_names_tested(each.rpartition(".")[2], tested) for each in (last, *modules[-1:]))


def _imports_for_effect(item: Item) -> bool:
    """`import "./setup"`, which binds nothing."""
    return re.fullmatch(r"import\s*[\"'][^.\"'][^\"']*[\"'];?", text_of(item.node).strip()) is not None


def _of_the_document(missing: set[str], tested: UnderTest) -> list[str]:
    """The tested document's own imports of these names, where they mean the same in another file."""
    document = tested.document
    if document.language.id == "rust":
        return []
    if document.language.id == "go":
        return [*_go_specs_of(document, missing), *(['import "testing"'] if "testing" in missing else [])]
    found: list[str] = []
    for node in top_level_imports(document):
        text = text_of(node)
        if re.search(r"from\s+\.|[\"']\.", text) or not is_import(node, document):
            continue
        bound = Uses.of(document).scopes.bound_in(node.start_byte, node.end_byte) & missing
        if bound:
            found.append(without_others(node, bound))
            missing = missing - bound
    return found


def _go_specs(
    parsed: ParsedText, item: Item, used: set[str], tested: UnderTest, suite: Suite
) -> tuple[list[str], list[tuple[int, int]]]:
    """Go: each package in a statement of its own. The tested package isn't imported by tests that are in it."""
    from pillion.syntax.scopes.scopes_go import import_names

    statements: list[str] = []
    unqualified: list[tuple[int, int]] = []
    stack = [item.node]
    while stack:
        node = stack.pop()
        if node.type != "import_spec":
            stack += reversed(node.named_children)
            continue
        names = import_names(node)
        path = text_of(node.child_by_field_name("path") or node).strip('"`')
        last = path.rpartition("/")[2]
        name = next(iter(names), last)
        if last == suite.module and _selects(parsed, name, tested.names):
            statement = suite.whole(name)
            if statement:
                statements.append(statement)
            else:
                unqualified += _qualifiers(parsed, name)
        elif names & used or name in {"_", "."}:
            statements.append(f"import {text_of(node)}")
    return statements, unqualified


def _go_specs_of(document: ParsedText, missing: set[str]) -> list[str]:
    """The document's imports of these packages."""
    from pillion.syntax.scopes.scopes_go import import_names

    found: list[str] = []
    stack = [*top_level_imports(document)]
    while stack:
        node = stack.pop()
        if node.type == "import_spec" and import_names(node) & missing:
            found.append(f"import {text_of(node)}")
        stack += reversed(node.named_children)
    return found


def _selects(parsed: ParsedText, name: str, members: frozenset[str]) -> bool:
    return bool(set(re.findall(rf"\b{re.escape(name)}\.(\w+)", parsed.text)) & members)


def _qualifiers(parsed: ParsedText, name: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    stack = [parsed.tree.root_node]
    while stack:
        node = stack.pop()
        operand = node.child_by_field_name("operand") or node.child_by_field_name("package")
        field = node.child_by_field_name("field") or node.child_by_field_name("name")
        known = node.type in {"selector_expression", "qualified_type"}
        if known and operand is not None and field is not None and text_of(operand) == name:
            found.append((operand.start_byte, field.start_byte))
        stack += reversed(node.children)
    return found


def _java_import(item: Item, used: set[str], tested: UnderTest, suite: Suite) -> list[str]:
    """Java: the tested class is in the same package; a static import of its members gets the right package."""
    text = text_of(item.node).strip()
    found = _STATIC.fullmatch(text)
    if found is not None and found["type"] in tested.names:
        package = suite.head.removeprefix("package ").strip().rstrip(";")
        path = f"{package}.{found['type']}" if package else found["type"]
        return [f"import static {path}.{found['name']};"]
    name = text.rstrip("; \n").rpartition(".")[2]
    if found is None and name in tested.names:
        return []
    if found is not None or name == "*":
        return [text]
    return [text] if name in used or re.search(rf"\b{re.escape(name)}\b", suite.text or "") or name in used else []
