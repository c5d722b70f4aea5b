"""Places a new Go import: into the first block, in its order; else below the other imports, or below `package`."""

from collections.abc import Sequence

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.text.replacement import Replacement, newline_of


def with_packages(document: ParsedText, packages: Sequence[str]) -> tuple[Replacement, ...]:
    """The insertions that import these packages of the standard library, of which the document imports none yet."""
    root, newline = document.tree.root_node, newline_of(document.text)
    declarations = [node for node in root.named_children if node.type == "import_declaration"]
    inner = [each for node in declarations for each in node.named_children]
    block = next((each for each in inner if each.type == "import_spec_list"), None)
    if block is not None and block.end_point.row > block.start_point.row:
        return _in_block(document, block, packages, newline)
    lines = "".join(f'{newline}import "{package}"' for package in sorted(packages))
    if declarations:
        at = document.offsets.to_char(declarations[-1].end_byte)
        return (Replacement(at, at, lines),)
    clause = next((node for node in root.named_children if node.type == "package_clause"), None)
    if clause is None:
        return ()
    at = document.offsets.to_char(clause.end_byte)
    return (Replacement(at, at, f"{newline}{lines}"),)


def _in_block(document: ParsedText, block: Node, packages: Sequence[str], newline: str) -> tuple[Replacement, ...]:
    standard = [node for node in block.named_children if node.type == "import_spec" and "." not in _first_part(node)]
    changes: dict[int, str] = {}
    for package in sorted(packages):
        above = [node for node in standard if _path(node) < package]
        if above:
            at, text = document.offsets.to_char(above[-1].end_byte), f'{newline}\t"{package}"'
            at = _line_end(document.text, at)
        else:
            at = document.offsets.to_char(block.start_byte) + 1
            text = f'{newline}\t"{package}"' + ("" if standard or not block.named_children else newline)
        changes[at] = changes.get(at, "") + text
    return tuple(Replacement(at, at, text) for at, text in changes.items())


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text[: len(text) if end < 0 else end].removesuffix("\r"))


def _path(node: Node) -> str:
    path = node.child_by_field_name("path")
    return text_of(path).strip('"`') if path is not None else ""


def _first_part(node: Node) -> str:
    return _path(node).partition("/")[0]
