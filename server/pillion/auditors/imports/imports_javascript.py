"""JavaScript and TypeScript: compares imports with Node's modules, package.json, node_modules and nearby files."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from tree_sitter import Node

from pillion.auditors.auditor import Passage
from pillion.auditors.imports.missing_import import Missing
from pillion.auditors.imports.well_known import JAVASCRIPT_PACKAGES, NODE_MODULES
from pillion.auditors.trees import Tree
from pillion.auditors.workspace import entries, exists, folders_above, folders_below, is_folder, read, read_json
from pillion.syntax.nodes import text_of

_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_CONFIGURED = ("tsconfig.json", "tsconfig.base.json", "jsconfig.json")
_IMPORT_MAPS = ("deno.json", "deno.jsonc", "import_map.json")
_LOADS = frozenset({"identifier", "import"})
_IMPORTS = frozenset({"import_statement", "export_statement"})


class _Surroundings:
    """The manifests, packages and folders around one document, looked up on first use."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._folders = folders_above(passage)

    @cached_property
    def declared(self) -> set[str]:
        """The packages that the manifests above name, their own names included."""
        names: set[str] = set()
        for folder in self._folders:
            manifest = read_json(folder / "package.json")
            for key in _DEPENDENCIES:
                listed = manifest.get(key)
                names.update(listed if isinstance(listed, dict) else ())
            if isinstance(manifest.get("name"), str):
                names.add(manifest["name"])
        return names

    @cached_property
    def comparable(self) -> bool:
        """Whether there is a manifest or an installation."""
        return any(exists(folder / name) for folder in self._folders for name in ("package.json", "node_modules"))

    @cached_property
    def mapped(self) -> bool:
        """Whether a configuration gives names to paths: then any name may be a path."""
        texts = [read(folder / name) for folder in self._folders for name in _CONFIGURED]
        maps = any(exists(folder / name) for folder in self._folders for name in _IMPORT_MAPS)
        return maps or any('"paths"' in text or '"baseUrl"' in text or '"extends"' in text for text in texts)

    def installed(self, package: str) -> bool:
        """Whether node_modules has it, or its types."""
        types = "@types/" + package.removeprefix("@").replace("/", "__")
        return any(is_folder(above / "node_modules" / name) for above in self._folders for name in (package, types))

    def is_own(self, package: str) -> bool:
        """Whether it is another package of this repository, or a folder that a bundler may use as a root."""
        first = package.partition("/")[0]
        if any(exists(folder / place / first) for folder in self._folders for place in ("", "src")):
            return True
        return package in self._packages_below

    @cached_property
    def _packages_below(self) -> set[str]:
        root = self._passage.workspace
        below = folders_below(root) if root is not None else ()
        return {str(read_json(folder / "package.json").get("name")) for folder in below}


def missing_javascript_modules(tree: Tree) -> Iterator[Missing]:
    """Packages that nothing declares, Node modules that Node doesn't have, files that don't exist."""
    around = _Surroundings(tree.passage)
    for node, name in _imported(tree.root):
        if f'"{name}"' in tree.passage.before or f"'{name}'" in tree.passage.before:
            continue
        if name.startswith("."):
            if tree.passage.path is not None and not _file_exists(tree.passage.path.parent, name):
                yield Missing.file(node, name)
        elif name.startswith("node:"):
            if name[5:].partition("/")[0] not in NODE_MODULES:
                yield Missing.package(node, name, "The module", "Node’s modules")
        elif _is_package(name):
            yield from _judge(node, name, around)


def _judge(node: Node, name: str, around: _Surroundings) -> Iterator[Missing]:
    package = "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
    if package in NODE_MODULES or package in around.declared or around.installed(package) or around.mapped:
        return
    if around.is_own(package) or (not around.comparable and package in JAVASCRIPT_PACKAGES):
        return
    yield Missing.package(node, package, "The package", "package.json or node_modules" if around.comparable else "")


def _is_package(name: str) -> bool:
    """Whether it is no URL, no absolute path, no `#` of package.json and no bundler's `~` or `@/`."""
    return bool(name) and ":" not in name and name[0] not in "/#~$\\" and not name.startswith("@/") and "!" not in name


def _imported(root: Node) -> Iterator[tuple[Node, str]]:
    """The imported names and the nodes that hold them. An import inside `try` is left out: it may fail."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "try_statement":
            continue
        source = _source(node)
        if source is not None and source.type == "string":
            yield source, text_of(source)[1:-1]
        stack.extend(reversed(node.children))


def _source(node: Node) -> Node | None:
    if node.type in _IMPORTS:
        return node.child_by_field_name("source")
    function = node.child_by_field_name("function") if node.type == "call_expression" else None
    # The type is checked first: the callee's text may be a long chain.
    if function is None or function.type not in _LOADS or text_of(function) not in {"require", "import"}:
        return None
    arguments = node.child_by_field_name("arguments")
    return arguments.named_children[0] if arguments is not None and arguments.named_child_count == 1 else None


def _file_exists(folder: Path, name: str) -> bool:
    """Whether a relative import finds anything: any ending counts, since bundlers know many."""
    target = folder / name.partition("?")[0]
    if exists(target):
        return True
    stem = target.name.rsplit(".", 1)[0] if target.suffix in {".js", ".mjs", ".cjs", ".jsx"} else target.name
    return not is_folder(folder) or any(each.startswith(f"{stem}.") for each in entries(target.parent))
