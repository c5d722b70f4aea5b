"""Python: compares imports with the standard library, the workspace, its environment and its manifests."""

import re
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from tree_sitter import Node

from pillion.auditors.auditor import Passage
from pillion.auditors.imports.missing_import import Missing
from pillion.auditors.imports.python_packages import Environment, declared_modules
from pillion.auditors.imports.well_known import PYTHON_PACKAGES
from pillion.auditors.trees import Tree, field_text
from pillion.auditors.workspace import entries, exists, folders_above, folders_below, is_folder, read
from pillion.syntax.nodes import text_of

# Also modules that newer Pythons lack but the user's may have, and modules that only type checkers have.
_STANDARD = sys.stdlib_module_names | {
    "__main__",
    "_typeshed",
    "asynchat",
    "asyncore",
    "distutils",
    "imp",
    "smtpd",
    "test",
}
# It runs the tests, and few projects say so in a manifest of theirs.
_RUNNER = "pytest"
_TEST_FILE = re.compile(r"test_\w+\.py|\w+_test\.py|conftest\.py")
_IMPORT_LINE = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import|import[ \t]+([\w., \t]+))", re.MULTILINE)
_ERRORS = re.compile(r"ImportError|ModuleNotFoundError|\bException\b|BaseException|\bexcept\s*:")
_CONDITIONS = re.compile(r"TYPE_CHECKING|version|platform|os\.name|PY2|PY3|implementation|find_spec|False")
_GENERATED = re.compile(r"(?:_pb2|_pb2_grpc|version|generated|_build|_parser|_lexer)$|^_|^extern$")
_EXPORTS_ANYTHING = ("__getattr__", "import *", "globals()")
_ENDINGS = (".py", ".pyi", ".so", ".pyd", ".pyx")


class _Surroundings:
    """The folders, environment and manifests around one document, looked up on first use."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._folders = folders_above(passage)

    @cached_property
    def roots(self) -> list[Path]:
        """The folders that may be roots of the workspace's own modules: not folders inside a package."""
        outside = [folder for folder in self._folders if not exists(folder / "__init__.py")]
        places = [place for folder in outside for place in (folder, folder / "src", folder / "lib")]
        return [*places, *self.environment.roots]

    @cached_property
    def environment(self) -> Environment:
        """What is installed."""
        return Environment(self._folders)

    @cached_property
    def manifests(self) -> tuple[set[str], set[str]]:
        """The manifests' names, and the modules that their declarations may provide (lower case)."""
        return declared_modules(self._folders)

    def is_own(self, name: str) -> bool:
        """Whether some folder of the workspace has a module of this name."""
        return name in self._names_below or any(_has_module(root, name) for root in self.roots)

    @property
    def is_test(self) -> bool:
        """Whether the document is one of tests."""
        name = self._passage.path.name if self._passage.path is not None else ""
        return _TEST_FILE.fullmatch(name) is not None

    @cached_property
    def _names_below(self) -> set[str]:
        workspace = self._passage.workspace
        below = folders_below(workspace) if workspace is not None else ()
        return {entry.partition(".")[0] for folder in below for entry in entries(folder)}


def missing_python_modules(tree: Tree) -> Iterator[Missing]:
    """Modules that are unknown everywhere, and submodules that the workspace's packages don't have."""
    passage = tree.passage
    before = _imported_before(passage.before)
    around = _Surroundings(passage)
    for node, name in _imported(tree.root):
        if name.startswith("."):
            if f"from {name} import" not in passage.before and not _relative_exists(node, name, passage.path):
                yield Missing.file(node, name)
            continue
        top = name.partition(".")[0]
        if not top or top in _STANDARD or name in before:
            continue
        owner = next((root for root in around.roots if is_folder(root / top)), None)
        if owner is not None:
            # A folder without __init__ may be one part of a namespace; the rest may be anywhere.
            if exists(owner / top / "__init__.py") and not _has_path(owner, name):
                yield Missing.file(node, name)
        elif top not in {each.partition(".")[0] for each in before} and not around.environment.has(top):
            yield from _judge(node, top, around)


def _judge(node: Node, top: str, around: _Surroundings) -> Iterator[Missing]:
    manifests, declared = around.manifests
    if top.lower() in declared or around.is_own(top) or (top == _RUNNER and around.is_test):
        return
    compared = sorted(manifests)
    if around.environment.found:
        compared.insert(0, "the environment")
    if compared or top not in PYTHON_PACKAGES:
        yield Missing.package(node, top, "The module", " or ".join(compared))


def _imported(root: Node) -> Iterator[tuple[Node, str]]:
    """The imported modules and their nodes, without imports that are allowed to fail."""
    stack = [root]
    while stack:
        node = stack.pop()
        if _is_guard(node):
            continue
        if node.type == "import_statement":
            for name in node.children_by_field_name("name"):
                module = name.child_by_field_name("name") if name.type == "aliased_import" else name
                if module is not None:
                    yield module, text_of(module).replace(" ", "")
        elif node.type == "import_from_statement":
            module = node.child_by_field_name("module_name")
            if module is not None:
                yield module, text_of(module).replace(" ", "")
        else:
            stack.extend(reversed(node.children))


def _is_guard(node: Node) -> bool:
    match node.type:
        case "try_statement":
            clauses = [child for child in node.children if child.type in {"except_clause", "except_group_clause"}]
            return any(_ERRORS.search(text_of(clause).partition(":")[0] + ":") is not None for clause in clauses)
        case "if_statement":
            return _CONDITIONS.search(field_text(node, "condition")) is not None
        case "with_statement":
            return "suppress" in text_of(node)[:200]
        case _:
            return False


def _imported_before(before: str) -> set[str]:
    found: set[str] = set()
    for match in _IMPORT_LINE.finditer(before):
        names = [match[1]] if match[1] else [part.split()[0] for part in match[2].split(",") if part.split()]
        found.update(names)
    return found


def _relative_exists(node: Node, name: str, path: Path | None) -> bool:
    """Whether `from .a import b` finds its file. Without a document's path this can't be checked."""
    if path is None or not is_folder(path.parent):
        return True
    dots = len(name) - len(name.lstrip("."))
    folder = path.parent
    for _ in range(dots - 1):
        folder = folder.parent
    if name[dots:]:
        return _has_path(folder, name[dots:])
    statement = node.parent
    wanted = statement.children_by_field_name("name") if statement is not None else []
    package = read(folder / "__init__.py")
    for each in wanted:
        module = each.child_by_field_name("name") if each.type == "aliased_import" else each
        text = text_of(module) if module is not None else ""
        stated = text in package or any(magic in package for magic in _EXPORTS_ANYTHING)
        if not stated and not _has_path(folder, text):
            return False
    return True


def _has_path(root: Path, name: str) -> bool:
    """Whether a dotted name leads to a module; modules that a build makes count as present."""
    folder = root
    for part in name.split("."):
        if _GENERATED.search(part) is not None:
            return True
        if not _has_module(folder, part):
            return False
        folder /= part
        if not is_folder(folder):
            return True
    return True


def _has_module(folder: Path, name: str) -> bool:
    if any(exists(folder / place) for place in (name, f"{name}.py", f"{name}.pyi")):
        return True
    return any(each.startswith(f"{name}.") and each.endswith(_ENDINGS) for each in entries(folder))
