"""Python: whether somebody passes a parameter by its name, as far as the workspace's files show."""

import os
import re
from pathlib import Path

from tree_sitter import Node

from pillion.edits.renames.local_names import LocalName
from pillion.errors import FileError
from pillion.files.bounded_read import KIB, read_text
from pillion.syntax.nodes import text_of

_STARS = frozenset({"list_splat_pattern", "dictionary_splat_pattern"})
# Decorators that call with what they were called with.
_HARMLESS = re.compile(
    r"@\s*(?:\w+\.)*(?:staticmethod|classmethod|property|cached_property|setter|deleter|getter|cache|lru_cache|override|"
    r"final|abstractmethod|contextmanager|asynccontextmanager|wraps|overload|total_ordering|singledispatch)\b"
)
_PLAIN_BASES = frozenset(
    {
        "object",
        "ABC",
        "Protocol",
        "Generic",
        "Exception",
        "ValueError",
        "RuntimeError",
        "Enum",
        "NamedTuple",
        "TypedDict",
    }
)
_MADE_BY = frozenset({"__init__", "__new__"})
_CALLED = frozenset({*_MADE_BY, "__call__", "__init_subclass__", "__class_getitem__"})
_PARTIAL = frozenset({"partial", "partialmethod"})
_SKIPPED = frozenset({"node_modules", "venv", "env", "site-packages", "__pycache__", "build", "dist"})
_MOST_FILES, _MOST_FOLDERS, _MOST_BYTES = 2_000, 5_000, 512 * KIB


def keyword_doubt(local: LocalName, path: Path | None, workspace: Path | None) -> str:
    """Why the parameter's name may matter to callers, in words that go on from the name; empty if it doesn't. Reads the
    workspace's files."""
    owner = local.owner
    if owner.type == "lambda" and not _is_positional(local) and (line := _passed_here(local, set())):
        return f"is passed by name in line {line}"
    if owner.type != "function_definition" or _is_positional(local):
        return ""
    name = owner.child_by_field_name("name")
    function = text_of(name) if name is not None else ""
    if function.startswith("test") or "fixture" in _decorators(owner):
        return "names a fixture of a test"
    if other := _HARMLESS.sub("", _decorators(owner)).strip(" \n()"):
        return f"may be known to the decorator “{other.splitlines()[0][:40]}”" if "@" in other else ""
    around = _class_of(owner)
    if around is not None and function.startswith("__") and function not in _CALLED:
        return ""  # the language calls it, by position
    if around is not None and (base := _foreign_base(around, local)):
        return f"may be passed by name through {base}"
    names = {function}
    if around is not None and function in _MADE_BY and (made := around.child_by_field_name("name")) is not None:
        names = {text_of(made), "super", "cls", function}
    nested = local.owner.id != local.function.id
    line = _passed_here(local, set() if nested or function == "__call__" else names)
    if line:
        return f"is passed by name in line {line}"
    return "" if nested else _passed_elsewhere(local.name, names - {"super", "cls"}, path, workspace)


def _is_positional(local: LocalName) -> bool:
    """Whether it can't be passed by name: it gathers arguments, or stands before a slash."""
    node = next(each.node for each in local.variable.bindings)
    parent = node.parent
    if parent is not None and parent.type in _STARS:
        return True
    listed = local.owner.child_by_field_name("parameters")
    slashes = [each for each in listed.children if each.type == "positional_separator"] if listed is not None else []
    return bool(slashes) and node.start_byte < slashes[0].start_byte


def _decorators(function: Node) -> str:
    outer = function.parent
    if outer is None or outer.type != "decorated_definition":
        return ""
    return "\n".join(text_of(each) for each in outer.named_children if each.type == "decorator")


def _class_of(function: Node) -> Node | None:
    outer = function.parent
    if outer is not None and outer.type == "decorated_definition":
        outer = outer.parent
    outer = outer.parent if outer is not None else None
    return outer if outer is not None and outer.type == "class_definition" else None


def _foreign_base(around: Node, local: LocalName) -> str:
    """A base class that isn't in the file, and that isn't known to have no methods that people call."""
    listed = around.child_by_field_name("superclasses")
    own = {text_of(name) for each in local.document.symbols.walk() if (name := each.child_by_field_name("name"))}
    for base in listed.named_children if listed is not None else ():
        plain = re.sub(r"\[.*", "", text_of(base), flags=re.DOTALL).rpartition(".")[2]
        if base.type != "keyword_argument" and plain not in _PLAIN_BASES | own:
            return plain
    return ""


def _passed_here(local: LocalName, names: set[str]) -> int:
    """The line of the document in which one of these functions (none: any) is called with the parameter's name."""
    stack = [local.document.tree.root_node]
    while stack:
        node = stack.pop()
        stack += node.children
        if node.type != "keyword_argument":
            continue
        name, call = node.child_by_field_name("name"), node.parent.parent if node.parent is not None else None
        if name is None or call is None or text_of(name) != local.name or call.type != "call":
            continue
        callee = call.child_by_field_name("function")
        called = re.findall(r"\w+", text_of(callee)) if callee is not None else []
        if not names or names & {*called[-1:], *called[:1]} or _PARTIAL & set(called[-1:]):
            return name.start_point.row + 1
    return 0


def _passed_elsewhere(name: str, functions: set[str], path: Path | None, workspace: Path | None) -> str:
    called = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(functions)))})\b")
    passed = re.compile(rf"[(,]\s*{re.escape(name)}\s*=(?!=)|['\"]{re.escape(name)}['\"]\s*[:\]]")
    files, is_all = _sources(path, workspace)
    for file in files:
        try:
            text = read_text(file, _MOST_BYTES) if file != path else ""
        except FileError:
            continue
        if called.search(text) and passed.search(text):
            return f"may be passed by name in {file.name}"
    return "" if is_all else "may be passed by name in one of many files"


def _sources(path: Path | None, workspace: Path | None) -> tuple[list[Path], bool]:
    """Python's files of the workspace, and whether that is all of them; without one, those beside the document."""
    found: list[Path] = []
    folder = workspace or (path.parent if path is not None else None)
    for number, (base, folders, files) in enumerate(os.walk(folder) if folder is not None else ()):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in _SKIPPED)
        found += (Path(base) / each for each in sorted(files) if each.endswith((".py", ".pyi", ".ipynb")))
        if len(found) > _MOST_FILES or number > _MOST_FOLDERS:
            return found[:_MOST_FILES], False
        if workspace is None:
            break
    return found, True
