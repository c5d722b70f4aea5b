"""Places a new Go import: into the first block, in its order; else below the other imports, or below `package`."""

from collections.abc import Sequence

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.text.replacement import Replacement, newline_of


def with_packages(document: ParsedText, packages: Sequence[str]) -> tuple[Replacement, ...]:
    """The insertions that import these packages, of which the document imports none yet."""
    return with_specs(document, [f'"{package}"' for package in packages])


def with_specs(document: ParsedText, specs: Sequence[str]) -> tuple[Replacement, ...]:
    """The insertions that import `"path"` or `name "path"`, of which the document imports none yet."""
    if not specs:
        return ()
    root, newline = document.tree.root_node, newline_of(document.text)
    declarations = [node for node in root.named_children if node.type == "import_declaration"]
    inner = [each for node in declarations for each in node.named_children]
    block = next((each for each in inner if each.type == "import_spec_list"), None)
    if block is not None and block.end_point.row > block.start_point.row:
        return _in_block(document, block, specs, newline)
    lines = "".join(f"{newline}import {spec}" for spec in sorted(specs, key=_path_in))
    if declarations:
        at = document.offsets.to_char(declarations[-1].end_byte)
        return (Replacement(at, at, lines),)
    clause = next((node for node in root.named_children if node.type == "package_clause"), None)
    if clause is None:
        return ()
    at = document.offsets.to_char(clause.end_byte)
    return (Replacement(at, at, f"{newline}{lines}"),)


def _in_block(document: ParsedText, block: Node, specs: Sequence[str], newline: str) -> tuple[Replacement, ...]:
    listed = [node for node in block.named_children if node.type == "import_spec"]
    changes: dict[int, str] = {}
    for spec in sorted(specs, key=_path_in):
        path = _path_in(spec)
        alike = [node for node in listed if _is_foreign(_path(node)) == _is_foreign(path)]
        above = [node for node in alike if _path(node) < path]
        if above or (listed and not alike and _is_foreign(path)):
            at = _line_end(document.text, document.offsets.to_char((above or listed)[-1].end_byte))
            text = f"{newline}\t{spec}" if above else f"{newline}{newline}\t{spec}"
        else:
            first = alike[0] if alike and _is_foreign(path) else None
            at = document.offsets.to_char(block.start_byte) + 1
            text = f"{newline}\t{spec}" + ("" if alike or not listed else newline)
            if first is not None:
                at = document.offsets.to_char(first.start_byte)
                text = f"{spec}{newline}\t"
        changes[at] = changes.get(at, "") + text
    return tuple(Replacement(at, at, text) for at, text in changes.items())


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text[: len(text) if end < 0 else end].removesuffix("\r"))


def _path(node: Node) -> str:
    path = node.child_by_field_name("path")
    return text_of(path).strip('"`') if path is not None else ""


def _path_in(spec: str) -> str:
    return spec.partition('"')[2].rstrip('"') or spec


def _is_foreign(path: str) -> bool:
    """Whether it is no package of the standard library."""
    return "." in path.partition("/")[0]
