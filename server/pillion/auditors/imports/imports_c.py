"""C and C++: finds `#include "…"` of a header that the workspace lacks. System headers are left to the compiler."""

from collections.abc import Iterator

from pillion.auditors.imports.missing_import import Missing
from pillion.auditors.trees import Tree, walk
from pillion.auditors.workspace import exists, folders_above, folders_below
from pillion.syntax.nodes import text_of


def missing_includes(tree: Tree) -> Iterator[Missing]:
    """Headers that no folder has. Never certain: a build may make headers, and add folders to search."""
    passage = tree.passage
    if passage.path is None or passage.workspace is None:
        return
    for node in walk(tree.root):
        if node.type != "string_literal" or node.parent is None or node.parent.type != "preproc_include":
            continue
        name = text_of(node).strip('"')
        if not name or name.startswith(("/", "\\")) or ":" in name or f'"{name}"' in passage.before:
            continue
        if any(exists(folder / name) for folder in folders_above(passage)):
            continue
        if not any(exists(folder / name) for folder in folders_below(passage.workspace)):
            yield Missing.file(node, name, certain=False)
