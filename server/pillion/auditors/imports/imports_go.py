"""Go: compares imports with the standard library, the module's own packages and the requirements in go.mod."""

import re
from collections.abc import Iterator
from pathlib import Path

from tree_sitter import Node

from pillion.auditors.imports.go_packages import STANDARD_PACKAGES
from pillion.auditors.imports.missing_import import Missing
from pillion.auditors.trees import Tree, field_text, walk
from pillion.auditors.workspace import exists, folders_above, is_folder, read

# Spaces and tabs, not \s: with \s, each line of a run of empty lines would start a new attempt.
_MODULE = re.compile(r"^[ \t]*module[ \t]+(\S+)", re.MULTILINE)
_PATH = re.compile(r"[\w.~-]+(?:/[\w.~-]+)*")
_USE = re.compile(r"^[ \t]*(?:use[ \t]+)?(\.\.?(?:/[^\s()]*)?)[ \t]*\r?$", re.MULTILINE)


def missing_go_packages(tree: Tree) -> Iterator[Missing]:
    """Packages that belong neither to Go, nor to the module, nor to a module that go.mod names."""
    passage = tree.passage
    folders = folders_above(passage)
    root = next((folder for folder in folders if exists(folder / "go.mod")), None)
    modules = [root] if root is not None else []
    for folder in folders:
        modules += [folder / used for used in _USE.findall(read(folder / "go.work"))]
    for node in walk(tree.root):
        path = field_text(node, "path").strip('"`') if node.type == "import_spec" else ""
        if not path or path in STANDARD_PACKAGES or path in {"C", "unsafe"} or f'"{path}"' in passage.before:
            continue
        yield from _judge(node, path, modules)


def _judge(node: Node, path: str, modules: list[Path]) -> Iterator[Missing]:
    if path.startswith("."):
        return  # only old source trees allow relative imports
    first = path.partition("/")[0]
    for folder in modules:
        manifest = read(folder / "go.mod")
        own = _MODULE.search(manifest)
        name = own[1].strip('"') if own is not None else ""
        if name and (path == name or path.startswith(name + "/")):
            inside = path[len(name) :].strip("/")
            if not is_folder(folder / inside):
                yield Missing.file(node, path)
            return
        named = set(_PATH.findall(manifest))
        if any("/".join(path.split("/")[:length]) in named for length in range(1, path.count("/") + 2)):
            return
    if "." in first:
        yield Missing.package(node, path, "The package", "go.mod" if modules else "")
    elif not modules:
        yield Missing.package(node, path, "The package", "")
    else:
        yield Missing.package(node, path, "The package", "Go’s standard library or this module")
