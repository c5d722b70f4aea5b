"""One file of JavaScript or TypeScript: its top level's statements, what they bind, use and import."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language, language_by_id
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_rules import SCOPE_RULES
from pillion.syntax.scopes.scope_tree import ScopeTree, scope_tree

_ERASED = frozenset({"interface_declaration", "type_alias_declaration", "ambient_declaration", "function_signature"})
_REQUIRED = re.compile(r"require\(\s*(['\"])([^'\"]+)\1\s*\)")
_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that an import binds: `name` is the other module's word for it, empty for the whole module."""

    module: str
    name: str


@dataclass(eq=False)
class JavaScriptModule:
    """A parsed file. `file` is where it is, if that is known."""

    parsed: ParsedText
    file: Path | None
    scopes: ScopeTree
    statements: list[Node]
    binds: Mapping[str, list[int]] = field(default_factory=dict)
    imports: Mapping[str, Imported] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)
    passed_on: Mapping[str, Imported] = field(default_factory=dict)
    passed_on_whole: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str, language: Language, file: Path | None) -> "JavaScriptModule":
        """Reads a text."""
        parsed = ParsedText.of(language, text)
        root = parsed.tree.root_node
        scopes = scope_tree(root, SCOPE_RULES[language.id])
        written = [each for each in root.named_children if each.type != "comment"]
        statements = [part for each in written for part in _parts(each)]
        binds: dict[str, list[int]] = {}
        imports: dict[str, Imported] = {}
        exports: dict[str, str] = {}
        passed_on: dict[str, Imported] = {}
        whole: list[str] = []
        for each in written:
            imports |= dict(_imported(each))
        for number, each in enumerate(statements):
            if (nameless := _nameless(each)) is not None:
                binds[f"_export_{number}"] = [number]
                exports[nameless[0]] = f"_export_{number}"
            for name in scopes.bound_in(each.start_byte, each.end_byte) - imports.keys():
                binds.setdefault(name, []).append(number)
        for each in written:
            source = each.child_by_field_name("source") if each.type == "export_statement" else None
            for name, given in _exported(each, scopes):
                if source is not None:
                    passed_on[name] = Imported(_string(source), given)
                else:
                    exports[name] = given
            if source is not None and not any(child.type == "export_clause" for child in each.named_children):
                whole.append(_string(source))
        return cls(parsed, file, scopes, statements, binds, imports, exports, passed_on, tuple(whole))

    def uses(self, number: int) -> set[str]:
        """The names that a statement of the top level needs from elsewhere: types too, but no name that is only asked
        for (`typeof window`)."""
        node = self.statements[number]
        found: set[str] = set()
        for use in self.scopes.uses:
            if not node.start_byte <= use.node.start_byte < node.end_byte or use.kind == "asked":
                continue
            if not any(use.name in each.names for each in use.scope.around() if each is not self.scopes.top):
                found.add(use.name)
        return found

    def is_erased(self, number: int) -> bool:
        """Whether a statement is only there for the types."""
        return _declared(self.statements[number]).type in _ERASED

    def code(self, number: int) -> str:
        """A statement as it can stand in a script: without `export`, with the comment above it."""
        node = self.statements[number]
        if (nameless := _nameless(node)) is not None:
            return f"const _export_{number} = {text_of(nameless[1])};"
        if node.type == "variable_declarator" and node.parent is not None:
            return f"{text_of(node.parent.children[0])} {text_of(node)};"
        above = node.prev_sibling
        comment = f"{text_of(above)}\n" if above is not None and above.type == "comment" else ""
        return comment + text_of(_declared(node))

    def members(self, name: str) -> set[str] | None:
        """The members of a name that the text uses; None if it uses the whole, too."""
        found: set[str] = set()
        for use in self.scopes.uses:
            if use.name != name or use.kind == "type":
                continue
            around = use.node.parent
            member = around.child_by_field_name("property") if around is not None else None
            if around is None or around.type != "member_expression" or member is None or member.id == use.node.id:
                return None
            found.add(text_of(member))
        return found

    def extending(self, names: set[str]) -> Iterator[int]:
        """The statements that add to things of these names: `Stack.prototype.size = …`."""
        for number, each in enumerate(self.statements):
            inner = each.named_children[0] if each.type == "expression_statement" and each.named_children else None
            left = inner.child_by_field_name("left") if inner is not None else None
            if left is None or left.type != "member_expression":
                continue
            while left is not None and left.type == "member_expression":
                left = left.child_by_field_name("object")
            if left is not None and text_of(left) in names:
                yield number


def language_of(file: Path) -> Language | None:
    """The language of a module's file, if it is one that the sandbox reads."""
    endings = {".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "typescriptreact"}
    endings |= dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), "javascript")
    return language_by_id(endings.get(file.suffix.lower(), ""))


def _declared(statement: Node) -> Node:
    return (statement.child_by_field_name("declaration") or statement) if _is_export(statement) else statement


def _parts(statement: Node) -> list[Node]:
    """A statement, or the variables that it declares, if there are several."""
    declared = _declared(statement)
    if declared.type not in {"lexical_declaration", "variable_declaration"}:
        return [statement]
    variables = [each for each in declared.named_children if each.type == "variable_declarator"]
    return variables if len(variables) > 1 else [statement]


def _is_export(statement: Node) -> bool:
    return statement.type == "export_statement"


def _string(node: Node) -> str:
    return text_of(node)[1:-1]


def _imported(statement: Node) -> Iterator[tuple[str, Imported]]:
    source = statement.child_by_field_name("source") if statement.type == "import_statement" else None
    if source is not None:
        stack = list(statement.named_children)
        while stack:
            node = stack.pop()
            if node.type == "identifier":
                yield text_of(node), Imported(_string(source), _DEFAULT)
            elif node.type == "namespace_import":
                yield text_of(node.named_children[0]), Imported(_string(source), "")
            elif node.type == "import_specifier":
                name = node.child_by_field_name("name")
                alias = node.child_by_field_name("alias") or name
                if name is not None and alias is not None:
                    yield text_of(alias), Imported(_string(source), text_of(name))
            elif node.type in {"import_clause", "named_imports"}:
                stack += node.named_children
    if statement.type in {"lexical_declaration", "variable_declaration"}:
        for declarator in statement.named_children:
            yield from _required(declarator)


def _required(declarator: Node) -> Iterator[tuple[str, Imported]]:
    name, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
    found = _REQUIRED.fullmatch(text_of(value)) if value is not None else None
    if name is None or found is None:
        return
    if name.type == "identifier":
        yield text_of(name), Imported(found[2], "")
    for each in name.named_children:
        if each.type == "shorthand_property_identifier_pattern":
            yield text_of(each), Imported(found[2], text_of(each))
        elif each.type == "pair_pattern":
            key, bound = each.child_by_field_name("key"), each.child_by_field_name("value")
            if key is not None and bound is not None:
                yield text_of(bound), Imported(found[2], text_of(key))


def _exported(statement: Node, scopes: ScopeTree) -> Iterator[tuple[str, str]]:
    """Pairs of the name that other modules know, and the one in this module."""
    if _is_export(statement):
        declaration, value = (statement.child_by_field_name(each) for each in ("declaration", "value"))
        is_default = any(child.type == _DEFAULT for child in statement.children)
        if declaration is not None:
            for name in scopes.bound_in(declaration.start_byte, declaration.end_byte):
                yield (_DEFAULT if is_default else name), name
        elif value is not None and value.type == "identifier":
            yield _DEFAULT, text_of(value)
        for clause in statement.named_children:
            for each in clause.named_children if clause.type == "export_clause" else ():
                name_node, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
                if name_node is not None:
                    yield text_of(alias or name_node), text_of(name_node)
    elif statement.type == "expression_statement":
        yield from _common(statement)


def _nameless(statement: Node) -> tuple[str, Node] | None:
    """What a statement exports that has no name of its own: `export default () => 1`, `exports.rate = 1`."""
    if _is_export(statement):
        value = statement.child_by_field_name("value")
        return (_DEFAULT, value) if value is not None and value.type != "identifier" else None
    inner = (
        statement.named_children[0] if statement.type == "expression_statement" and statement.named_children else None
    )
    if inner is None or inner.type != "assignment_expression":
        return None
    left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
    to = text_of(left).removeprefix("module.") if left is not None and left.type == "member_expression" else ""
    if right is None or right.type in {"identifier", "assignment_expression"}:
        return None
    if to == "exports" and right.type != "object":
        return _DEFAULT, right
    return (to.removeprefix("exports."), right) if to.startswith("exports.") and to.count(".") == 1 else None


def _common(statement: Node) -> Iterator[tuple[str, str]]:
    """`module.exports = { a, b }`, `module.exports = a`, `exports.a = a`."""
    inner = statement.named_children[0] if statement.named_children else None
    if inner is None or inner.type != "assignment_expression":
        return
    left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
    if left is None or right is None:
        return
    to = text_of(left).removeprefix("module.")
    if to == "exports" and right.type == "object":
        for each in right.named_children:
            key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
            if each.type == "shorthand_property_identifier":
                yield text_of(each), text_of(each)
            elif key is not None and value is not None and value.type == "identifier":
                yield text_of(key), text_of(value)
    elif to == "exports" and right.type == "identifier":
        yield _DEFAULT, text_of(right)
    elif to.startswith("exports.") and right.type == "identifier":
        yield to.removeprefix("exports."), text_of(right)
