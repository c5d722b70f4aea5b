"""The part of an import statement that binds certain names, as a statement of its own or in one of the document's."""

import re

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scopes_rust import use_bindings
from pillion.text.replacement import Replacement


def without_others(statement: Node, names: set[str]) -> str:
    """The statement, with only those of its parts that bind one of the names."""
    match statement.type:
        case "import_from_statement":
            return _python_from(statement, names)
        case "import_statement" if statement.child_by_field_name("source") is not None:
            return _javascript(statement, names)
        case "import_statement":
            listed = [each for each in statement.children_by_field_name("name") if _python_name(each) & names]
            return "import " + ", ".join(map(text_of, listed)) if listed else text_of(statement).rstrip()
        case "use_declaration":
            return _rust(statement, names)
        case _:
            return text_of(statement).rstrip()


def _python_name(name: Node) -> set[str]:
    alias = name.child_by_field_name("alias")
    return {text_of(alias)} if alias is not None else {text_of(name).partition(".")[0], text_of(name)}


def _python_from(statement: Node, names: set[str]) -> str:
    listed = statement.children_by_field_name("name")
    wanted = [each for each in listed if _python_name(each) & names]
    if len(wanted) == len(listed) or not wanted:
        return text_of(statement).rstrip()
    module = statement.child_by_field_name("module_name")
    source = text_of(module) if module is not None else ""
    return f"from {source} import " + ", ".join(map(text_of, wanted))


def _specifiers(statement: Node) -> list[Node]:
    stack, found = [statement], []
    while stack:
        node = stack.pop()
        if node.type == "import_specifier":
            found.append(node)
        else:
            stack += reversed(node.named_children)
    return found


def _specified(specifier: Node) -> str:
    name = specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")
    return text_of(name) if name is not None else ""


def _javascript(statement: Node, names: set[str]) -> str:
    clause = next((each for each in statement.named_children if each.type == "import_clause"), None)
    text = text_of(statement).rstrip()
    specifiers = _specifiers(statement)
    wanted = [each for each in specifiers if _specified(each) in names]
    plain = [each for each in (clause.named_children if clause is not None else []) if each.type != "named_imports"]
    kept = [text_of(each) for each in plain if (re.findall(r"\w+|\$", text_of(each)) or [""])[-1] in names]
    if clause is None or (len(wanted) == len(specifiers) and len(kept) == len(plain)):
        return text
    if wanted:
        kept.append("{ " + ", ".join(map(text_of, wanted)) + " }")
    start, end = clause.start_byte - statement.start_byte, clause.end_byte - statement.start_byte
    data = text.encode("utf-8", "surrogatepass")
    return (data[:start] + ", ".join(kept).encode("utf-8", "surrogatepass") + data[end:]).decode(
        "utf-8", "surrogatepass"
    )


def _rust(statement: Node, names: set[str]) -> str:
    argument = statement.child_by_field_name("argument")
    bound = [(node, name) for node, name in use_bindings(argument) if name != "*"]
    wanted = [(node, name) for node, name in bound if name in names]
    if len(wanted) == len(bound) or not wanted:
        return text_of(statement).rstrip()
    text = text_of(statement)
    head = text[: text.index("use ")]
    paths: dict[str, list[str]] = {}
    for node, _ in wanted:
        prefix, leaf = _rust_path(node, argument)
        paths.setdefault(prefix, []).append(leaf)
    lines = []
    for prefix, leaves in paths.items():
        path = f"{prefix}::" if prefix else ""
        lines.append(
            f"{head}use {path}{leaves[0]};" if len(leaves) == 1 else f"{head}use {path}{{{', '.join(leaves)}}};"
        )
    return "\n".join(lines)


def _rust_path(node: Node, argument: Node | None) -> tuple[str, str]:
    """The path in front of a leaf of a `use`, and the leaf."""
    leaf = node
    while leaf.parent is not None and leaf.parent.type in {"use_as_clause", "scoped_identifier"}:
        leaf = leaf.parent
    own = text_of(leaf)
    prefix, _, last = own.partition(" as ")[0].rpartition("::")
    alias = own.partition(" as ")[2]
    parts = [prefix] if prefix else []
    current = leaf.parent
    while current is not None and current.type in {"use_list", "scoped_use_list"}:
        path = current.child_by_field_name("path") if current.type == "scoped_use_list" else None
        if path is not None:
            parts.insert(0, text_of(path))
        current = current.parent
    if last == "self" and parts:
        whole, _, last = "::".join(parts).rpartition("::")
        parts = [whole] if whole else []
    return "::".join(parts), f"{last} as {alias}" if alias else last


def merged_javascript(document: ParsedText, statement: str, imports: list[Node]) -> Replacement | None:
    """The names of `statement` in an import that the document has from the same module; None if it has none."""
    new = ParsedText.of(document.language, statement).tree.root_node.named_children[0]
    source = new.child_by_field_name("source")
    clause = next((each for each in new.named_children if each.type == "import_clause"), None)
    if source is None or clause is None or [each.type for each in clause.named_children] != ["named_imports"]:
        return None
    for old in imports:
        own = old.child_by_field_name("source")
        if own is None or text_of(own)[1:-1] != text_of(source)[1:-1] or _of_types(old) != _of_types(new):
            continue
        listed = _specifiers(old)
        added = list(map(text_of, _specifiers(new)))
        if listed:
            last = listed[-1]
            at = document.offsets.to_char(last.end_byte)
            alone = len(listed) > 0 and last.start_point.row > old.start_point.row
            line = document.text.rfind("\n", 0, document.offsets.to_char(last.start_byte)) + 1
            indent = document.text[line : document.offsets.to_char(last.start_byte)]
            gap = f",\n{indent}" if alone and not indent.strip() else ", "
            return Replacement(at, at, "".join(gap + each for each in added))
        clauses = [each for each in old.named_children if each.type == "import_clause"]
        if clauses and [each.type for each in clauses[0].named_children] == ["identifier"]:
            at = document.offsets.to_char(clauses[0].end_byte)
            return Replacement(at, at, ", { " + ", ".join(added) + " }")
    return None


def _of_types(statement: Node) -> bool:
    return any(child.type == "type" for child in statement.children)
