"""Where tests of Java code go: the layout of Maven and Gradle, with JUnit 4 or 5."""

import re
from collections.abc import Iterator
from pathlib import Path

from pillion.edits.unit_tests.project_files import ProjectFiles
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.errors import NothingToDoError

JUNIT4, JUNIT5 = "JUnit 4", "JUnit 5"
_PACKAGE = re.compile(r"^package\s+([\w.]+)\s*;", re.MULTILINE)
_BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts", "libs.versions.toml")
_FIVE = re.compile(r"org\.junit\.jupiter|junit-jupiter|useJUnitPlatform|spring-boot-starter-test|quarkus-junit5")
_FOUR = re.compile(r"<artifactId>junit</artifactId>|[\"']junit:junit|\borg\.junit\.(?:Test|Assert|\*)|junit4")
_NAMES = ("{}Test", "{}Tests", "Test{}")
_MOST_TESTS = 12


def java_suite(tested: UnderTest) -> Suite:
    """The suite for Java code. Reads the disk."""
    files, path = ProjectFiles(tested.workspace), tested.path
    name = tested.symbol.path[0]
    parts = path.parts
    at = next((n for n in range(len(parts) - 1) if parts[n : n + 2] == ("main", "java") and n > 0), None)
    if at is None:
        hint = "Pillion follows the layout of Maven and Gradle: src/main/java and src/test/java."
        raise NothingToDoError(f"Nothing says where the tests of {path.name} go.", hint=hint)
    root = Path(*parts[:at])
    folder = root.joinpath("test", "java", *parts[at + 2 : -1])
    names = [each.format(name) for each in _NAMES]
    existing = next(
        (folder / f"{each}.java" for each in names if files.text(folder / f"{each}.java") is not None), None
    )
    neighbours = [
        each / file for each in files.below(root / "test") for file in files.files(each) if file.endswith(".java")
    ]
    style = max(
        names, key=lambda each: (sum(_is_like(file.stem, each, name) for file in neighbours), -names.index(each))
    )
    test = existing or folder / f"{style}.java"
    text = files.text(test) if existing is not None else None
    if text is None and files.is_there(test):
        raise NothingToDoError(f"{test.name} can't be read, so no tests can be added to it.")
    runner = next((found for each in _saying(files, neighbours, test, path) if (found := _runner_of(each))), "")
    if not runner:
        raise NothingToDoError(
            f"No build file says with which JUnit {path.name} is tested.", hint="Add it there first."
        )
    package = _PACKAGE.search(tested.document.text)
    head = f"package {package[1]};\n" if package is not None else ""
    return Suite(test.as_uri(), text, runner, certain=True, head=head, group=test.stem, module=name)


def runner_in(code: str) -> str:
    """The runner that drafted code is for; empty if it doesn't show that."""
    if re.search(r"org\.junit\.jupiter|@(?:BeforeEach|AfterEach|ParameterizedTest|DisplayName)\b", code):
        return JUNIT5
    return JUNIT4 if re.search(r"import\s+(?:static\s+)?org\.junit\.(?:Test|Assert|Before|After|\*|Rule)", code) else ""


def _is_like(stem: str, wanted: str, name: str) -> bool:
    return stem.endswith(wanted.removeprefix(name)) if wanted.startswith(name) else stem.startswith("Test")


def _saying(files: ProjectFiles, neighbours: list[Path], test: Path, path: Path) -> Iterator[str]:
    yield files.text(test) or ""
    for _, text in files.texts(neighbours, _MOST_TESTS):
        yield text
    for folder in files.above(path):
        for name in (*_BUILDS, "gradle/libs.versions.toml"):
            yield files.text(folder / name) or ""


def _runner_of(text: str) -> str:
    if _FIVE.search(text):
        return JUNIT5
    return JUNIT4 if _FOUR.search(text) else ""
