"""The architecture's invariants that can be read from the imports."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import pillion
from tests.unit.layers import LAYERS

PACKAGE = Path(pillion.__file__).parent
DOCS = Path(__file__).parents[2] / "docs"
# The bench plays an editor, and starts a bare pygls server to compare with.
ONLY_IN = {
    "pygls": {"rpc", "lsp", "bench"},
    "lsprotocol": {"rpc", "lsp", "bench"},
    "httpx": {"backends"},
    "xllamacpp": {"backends"},
    "pyflakes": {"auditors"},
    "markdown_it": {"text"},
    "pydantic_monty": {"sandbox"},
    "quickjs_rs": {"sandbox"},
    "wasmtime": {"sandbox"},
}
# What turns an editor's or a client's words into jobs, and has no work of its own.
FRONTS = [front for front in ("lsp", "gateway") if (PACKAGE / front).is_dir()]
LONGEST_FRONT = {"lsp": 2500}
READS_OR_WRITES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "touch", "rename"}
FILES_AND_HTTP = ("httpx", "urllib.request", "http", "tempfile", "shutil", "io", "pillion.files", "pillion.backends")
LATE = (
    "pydantic",
    "httpx",
    "tree_sitter",
    "xllamacpp",
    "rich",
    "platformdirs",
    "pyflakes",
    "markdown_it",
    "pydantic_monty",
    "quickjs_rs",
    "wasmtime",
)


def part_of(module: str) -> str:
    """`pillion.jobs.service` → `jobs`."""
    return module.split(".")[1] if "." in module else ""


def imports_of(path: Path) -> Iterator[str]:
    """Every module a file imports, also inside functions and for types only."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(PACKAGE)) for path in FILES])
def test_imports_point_downward(path: Path) -> None:
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if part == "__init__":
        assert list(imports_of(path)) == []
        return
    height = next(number for number, layer in enumerate(LAYERS) if part in layer)
    for module in imports_of(path):
        top = module.split(".")[0]
        if top == "pillion" and part_of(module) not in {"", "__version__"}:
            imported = part_of(module)
            above = next(number for number, layer in enumerate(LAYERS) if imported in layer)
            assert above < height or imported == part, f"{part} imports {module}"
        if top in ONLY_IN:
            assert part in ONLY_IN[top], f"{part} imports {top}"


def test_no_two_files_have_one_name() -> None:
    """A name is read alone, in an editor's tab or a traceback. `cli/` has the names of the commands."""
    names = Counter(path.name for path in FILES if path.name != "__init__.py")
    assert [name for name, count in names.items() if count > 1] == []


def test_no_file_is_much_longer_than_300_lines() -> None:
    lengths = {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: length for name, length in lengths.items() if length > 330} == {}


@pytest.mark.parametrize("front", FRONTS)
def test_a_front_is_short_and_reads_no_file_and_speaks_to_no_engine(front: str) -> None:
    lines = 0
    for path in (PACKAGE / front).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        lines += len(text.splitlines())
        for module in imports_of(path):
            assert not any(module == each or module.startswith(f"{each}.") for each in FILES_AND_HTTP), (path, module)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                assert called not in READS_OR_WRITES, f"{path}:{node.lineno} calls {called}"
    assert lines < LONGEST_FRONT.get(front, lines + 1)


def test_initialize_imports_nothing_heavy() -> None:
    code = (
        "import sys; from pillion.cli.compose import language_server; language_server();"
        f"print(*[name for name in {LATE!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


def test_the_documents_show_the_rooms_as_they_are() -> None:
    text, rooms = (DOCS / "architecture.md").read_text(encoding="utf-8"), [each for layer in LAYERS for each in layer]
    on_disk = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES} - {"__init__"}
    assert on_disk == set(rooms)
    for layer in LAYERS:
        for room, purpose in layer.items():
            assert f"| `{room}` | {purpose} |" in text
    drawn = subprocess.run(
        [sys.executable, "-c", "from docs.draw_layers import svg; print(svg(), end='')"],
        cwd=DOCS.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert drawn.stdout == (DOCS / "layers.svg").read_text(encoding="utf-8"), "make layers draws it anew"


def test_unit_tests_lie_in_folders_that_are_named_as_the_rooms() -> None:
    folders = {each.name for each in Path(__file__).parent.iterdir() if (each / "__init__.py").exists()}
    rooms = {each.name for each in PACKAGE.iterdir() if each.is_dir()}
    assert folders <= rooms
