"""Where tests of Python code go: pytest's and unittest's conventions."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pillion.edits.unit_tests.project_files import ProjectFiles
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.errors import NothingToDoError

PYTEST, UNITTEST = "pytest", "unittest"
_FOLDERS = ("tests", "test")
_MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "pytest.ini")
_PYTEST_FILES = ("pytest.ini", "conftest.py", "tests/conftest.py", "test/conftest.py")
_REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "dev-requirements.txt", "requirements_dev.txt")
_UNITTEST = re.compile(r"^\s*(?:import|from)\s+unittest\b(?!\.mock)", re.MULTILINE)
_CASE = re.compile(r"\bTestCase\b")
_PYTEST = re.compile(r"^\s*(?:import|from)\s+pytest\b|^(?:async )?def test_", re.MULTILINE)
_NAMED = re.compile(r"\bpytest\b")
_UNITTEST_TOLD = re.compile(r"\bunit ?test\b(?! ?s)", re.IGNORECASE)
_MOST_TESTS = 12


def python_suite(tested: UnderTest) -> Suite:
    """The suite for Python code. Reads the disk."""
    if tested.path.suffix != ".py":
        raise NothingToDoError(f"{tested.path.name} has no code that could be tested.")
    files = ProjectFiles(tested.workspace)
    root = _project_root(files, tested.path)
    stem = tested.path.parent.name if tested.path.stem == "__init__" else tested.path.stem
    modules = _modules(files, tested.path, root)
    place = _existing(files, tested.path, root, stem, modules)
    tests = [place] if place is not None else []
    tests += [each for each in _test_files(files, tested.path, root) if each != place]
    path = place if place is not None else _new_place(files, tested.path, root, stem, tests)
    text = files.text(path) if place is not None else None
    if text is None and files.is_there(path):
        raise NothingToDoError(f"{path.name} can't be read, so no tests can be added to it.")
    module = _as_imported(files, tests, modules) or _fitting(modules, tested.path, path)
    runner, certain = _runner(files, tests, root, tested.told, text)
    whole = _whole(module)
    return Suite(
        path.as_uri(), text, runner, certain,
        imports=lambda names: _imports(module, names), whole=whole, group=_group(stem), module=module,
    )  # fmt: skip


def tests_of_module(path: Path, workspace: Path) -> tuple[Sequence[str], list[tuple[Path, str]]]:
    """The names under which a module may be imported, and the files of tests that import it, its own first. Reads the
    disk."""
    files = ProjectFiles(workspace if path.is_relative_to(workspace) else path.parent)
    root = _project_root(files, path)
    try:
        modules = _modules(files, path, root)
    except NothingToDoError:
        return (), []
    stem = path.parent.name if path.stem == "__init__" else path.stem
    # Those that are named as the module come first, since only some are read.
    found = sorted(_test_files(files, path, root), key=lambda each: stem not in each.stem)
    read = files.texts(found, _MOST_TESTS)
    return modules, [(each, text) for each, text in read if any(_imports_module(text, name) for name in modules)]


def _imports(module: str, names: Sequence[str]) -> Sequence[str]:
    return [f"from {module} import {', '.join(names)}"] if names else []


def _whole(module: str) -> Callable[[str], str]:
    package, _, last = module.rpartition(".")

    def statement(name: str) -> str:
        alias = f" as {name}" if name != last else ""
        return f"from {package} import {last}{alias}" if package else f"import {last}{alias}"

    return statement


def _group(stem: str) -> str:
    return "Test" + "".join(part.capitalize() for part in stem.split("_"))


def _project_root(files: ProjectFiles, path: Path) -> Path:
    """The nearest folder above that is a project's, else the workspace."""
    above = files.above(path)
    return next((each for each in above if any(name in _MANIFESTS for name in files.files(each))), above[-1])


def _is_test(name: str) -> bool:
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def _test_folders(files: ProjectFiles, path: Path, root: Path) -> list[Path]:
    """The folders of tests, nearest first: beside the file, and beside the folders above it up to the project's."""
    above = files.above(path)
    above = above[: above.index(root) + 1] if root in above else above
    return [folder / name for folder in above for name in _FOLDERS if files.is_folder(folder / name)]


def _test_files(files: ProjectFiles, path: Path, root: Path) -> list[Path]:
    found = [path.parent / name for name in files.files(path.parent) if _is_test(name)]
    for folder in _test_folders(files, path, root):
        for inner in files.below(folder):
            found += [inner / name for name in files.files(inner) if _is_test(name)]
    return list(dict.fromkeys(found))


def _modules(files: ProjectFiles, path: Path, root: Path) -> list[str]:
    """The module's dotted names, the likeliest first."""
    stem = [] if path.stem == "__init__" else [path.stem]
    folder, packages = path.parent, list[str]()
    while "__init__.py" in files.files(folder) and folder != files.root:
        packages.insert(0, folder.name)
        folder = folder.parent
    names = [[*packages, *stem]]
    inside = path.parent.relative_to(root).parts if path.parent.is_relative_to(root) else ()
    if not packages and inside:
        below_source = inside[inside.index("src") + 1 :] if "src" in inside else inside
        names.insert(0, [*below_source, *stem])
    everything = [*inside, *stem]
    names += [everything[start:] for start in range(len(everything))]
    usable = (".".join(each) for each in names if each and all(part.isidentifier() for part in each))
    found = list(dict.fromkeys(usable))
    if not found:
        raise NothingToDoError(f"{path.name} has a name that can't be imported, so tests can't call what is in it.")
    return found


def _existing(files: ProjectFiles, path: Path, root: Path, stem: str, modules: Sequence[str]) -> Path | None:
    """The file that has the module's tests already; None if there is none."""
    wanted = {f"test_{stem}.py", f"{stem}_test.py"}
    found = [each for each in _test_files(files, path, root) if each.name in wanted]
    ranked = [(rank, number, each) for number, each in enumerate(found) if (rank := _rank(files, each, path, modules))]
    return max(ranked, key=lambda each: (each[0], -each[1]), default=(0, 0, None))[2]


def _rank(files: ProjectFiles, test: Path, path: Path, modules: Sequence[str]) -> int:
    """How sure it is that a file has the module's tests; 0: it tests another module of that name."""
    text = files.text(test) or ""
    if any(_imports_module(text, each) for each in modules):
        return 3
    mirrored = [part for part in test.parent.parts if part not in {*_FOLDERS, "unit", "src"}]
    own = [part for part in path.parent.parts if part != "src"]
    if test.parent == path.parent or (mirrored[-1:] == own[-1:] and len(mirrored) == len(own)):
        return 2
    last = re.escape(modules[0].rpartition(".")[2])
    another = re.search(rf"^\s*(?:from|import)\b[^\n]*\b{last}\b", text, re.MULTILINE)
    return 0 if another else 1


def _imports_module(text: str, module: str) -> bool:
    package, _, last = module.rpartition(".")
    if re.search(rf"^\s*(?:from|import)\s+{re.escape(module)}\b", text, re.MULTILINE):
        return True
    return bool(package) and bool(
        re.search(rf"^\s*from\s+{re.escape(package)}\s+import\s+[^#\n]*\b{re.escape(last)}\b", text, re.MULTILINE)
    )


def _new_place(files: ProjectFiles, path: Path, root: Path, stem: str, tests: Sequence[Path]) -> Path:
    """Where a new file goes: as the project's other tests do."""
    behind = sum(each.name.endswith("_test.py") for each in tests) * 2 > len(tests) > 0
    name = f"{stem}_test.py" if behind else f"test_{stem}.py"
    beside = [each for each in tests if each.parent == path.parent]
    folders = _test_folders(files, path, root)
    if beside or not folders:
        packaged = "__init__.py" in files.files(path.parent) or "src" in path.parent.parts
        return path.parent / name if beside or not packaged else root / "tests" / name
    folder = folders[0]
    inside = [part for part in _parts_between(path, folder.parent) if part != "src"]
    for start in (folder / "unit", folder):
        for parts in (inside, inside[1:]):
            if parts and files.is_folder(start / parts[0]) and files.is_folder(start.joinpath(*parts)):
                return start.joinpath(*parts, name)
    has_own = any(each.parent == folder for each in tests)
    unit = files.is_folder(folder / "unit") and not has_own
    return (folder / "unit" if unit else folder) / name


def _parts_between(path: Path, folder: Path) -> tuple[str, ...]:
    return path.parent.relative_to(folder).parts if path.parent.is_relative_to(folder) else ()


def _as_imported(files: ProjectFiles, tests: Sequence[Path], modules: Sequence[str]) -> str:
    """The module's name as the tests import it or its neighbours: `src.shop.cart` only where others say `src.`."""
    texts = [text for _, text in files.texts(tests, _MOST_TESTS)]
    if texts and (named := next((each for each in modules if _imports_module(texts[0], each)), "")):
        return named
    for each in modules:
        top = each.partition(".")[0]
        if "." in each and any(re.search(rf"^\s*(?:from|import)\s+{top}\b", text, re.MULTILINE) for text in texts):
            return each
    return ""


def _fitting(modules: Sequence[str], path: Path, test: Path) -> str:
    """A module that isn't in a package is imported by its own name from a test beside it."""
    beside = test.parent == path.parent and path.stem != "__init__"
    return (
        path.stem
        if beside and path.stem in modules and modules[-1] == path.stem and "." not in modules[0]
        else modules[0]
    )


def _runner(files: ProjectFiles, tests: Sequence[Path], root: Path, told: str, text: str | None) -> tuple[str, bool]:
    if text is not None and (own := _runner_of(text)):
        return own, True
    if _NAMED.search(told):
        return PYTEST, True
    if _UNITTEST_TOLD.search(told):
        return UNITTEST, True
    said = [runner for _, each in files.texts(tests, _MOST_TESTS) if (runner := _runner_of(each))]
    if said:
        return max((PYTEST, UNITTEST), key=said.count), True
    if any(files.text(root / name) is not None for name in _PYTEST_FILES):
        return PYTEST, True
    manifests = (files.text(root / name) or "" for name in (*_MANIFESTS, *_REQUIREMENTS))
    return PYTEST, any(_NAMED.search(each) for each in manifests)


def _runner_of(text: str) -> str:
    if _UNITTEST.search(text) and _CASE.search(text):
        return UNITTEST
    return PYTEST if _PYTEST.search(text) else ""


def runners_in(code: str) -> Iterator[str]:
    """The runners that drafted code is for, as far as it shows that."""
    if _CASE.search(code):
        yield UNITTEST
    elif _PYTEST.search(code):
        yield PYTEST
