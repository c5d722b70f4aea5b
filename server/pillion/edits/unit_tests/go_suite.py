"""Where tests of Go code go: beside it, in a file that ends with _test.go."""

import re
from pathlib import Path

from pillion.edits.unit_tests.project_files import ProjectFiles
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.errors import NothingToDoError

_PACKAGE = re.compile(r"^package\s+(\w+)", re.MULTILINE)
_MODULE = re.compile(r"^module\s+\"?([^\s\"]+)", re.MULTILINE)
_MOST_TESTS = 20


def go_suite(tested: UnderTest) -> Suite:
    """The suite for Go code. Reads the disk."""
    files, path = ProjectFiles(tested.workspace), tested.path
    package = _package_of(tested.document.text)
    if not package:
        raise NothingToDoError(f"{path.name} names no package, so nobody can say where its tests go.")
    test = path.with_name(f"{path.stem}_test.go")
    text = files.text(test)
    own = _package_of(text) if text is not None else _usual_package(files, path, package)
    is_public = all(part[:1].isupper() for part in tested.symbol.path)
    if own != package and not is_public:
        # A test outside of the package can't call it.
        test, own = path.with_name(f"{path.stem}_internal_test.go"), package
        text = files.text(test)
        own = _package_of(text) if text is not None else package
    if text is None and files.is_there(test):
        raise NothingToDoError(f"{test.name} can't be read, so no tests can be added to it.")
    address = _import_path(files, path.parent)
    if own != package and not address:
        raise NothingToDoError(f"There is no go.mod that says how {test.name} imports the package {package}.")

    def whole(name: str) -> str:
        last = address.rpartition("/")[2]
        return f'import "{address}"' if name == last else f'import {name} "{address}"'

    return Suite(
        test.as_uri(), text, "go test", certain=True, head=f"package {own}\n",
        whole=whole if own != package else lambda name: "", module=package,
    )  # fmt: skip


def is_outside(suite: Suite) -> bool:
    """Whether the tests are in a package of their own, and import what they test."""
    own = _package_of(suite.text) if suite.text is not None else _package_of(suite.head)
    return own != suite.module


def tests_beside(path: Path) -> list[str]:
    """The texts of the tests in a folder: their names must differ."""
    files = ProjectFiles(path.parent)
    names = [path.parent / each for each in files.files(path.parent) if each.endswith("_test.go")]
    return [text for _, text in files.texts(names, 10 * _MOST_TESTS)]


def _package_of(text: str) -> str:
    found = _PACKAGE.search(text)
    return found[1] if found is not None else ""


def _usual_package(files: ProjectFiles, path: Path, package: str) -> str:
    """The package that most tests in the folder are in."""
    names = [path.parent / each for each in files.files(path.parent) if each.endswith("_test.go")]
    said = [_package_of(text) for _, text in files.texts(names, _MOST_TESTS)]
    outside = f"{package}_test"
    return outside if said.count(outside) > said.count(package) else package


def _import_path(files: ProjectFiles, folder: Path) -> str:
    for each in (folder, *folder.parents):
        if (found := _MODULE.search(files.text(each / "go.mod") or "")) is not None:
            inside = folder.relative_to(each).as_posix()
            return found[1] if inside == "." else f"{found[1]}/{inside}"
        if each == files.root:
            return ""
    return ""
