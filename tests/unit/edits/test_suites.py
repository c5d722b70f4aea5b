"""Where tests go, as files on the disk say; the cases of fixtures/actions/ have more of it."""

from pathlib import Path

import pytest

from pillion.actions.tests import TESTS
from pillion.edits.unit_tests.briefing import brief_on
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.edits.unit_tests.suites import suite_of
from pillion.errors import NothingToDoError
from tests.support.texts import parsed

CODE = {
    "py": ("python", "def total(prices):\n    return sum(prices)\n"),
    "js": ("javascript", "export function total(prices) {\n  return prices.length;\n}\n"),
    "ts": ("typescript", "export function total(prices: number[]) {\n  return prices.length;\n}\n"),
    "go": ("go", "package shop\n\nfunc total(prices []int) int {\n\treturn len(prices)\n}\n"),
    "rs": ("rust", "fn total(prices: &[u32]) -> u32 {\n    prices.iter().sum()\n}\n"),
    "java": ("java", "package a;\n\nclass Cart {\n    int total() {\n        return 1;\n    }\n}\n"),
}
JEST, POM = '{"devDependencies": {"jest": "^29"}}', "<artifactId>junit-jupiter</artifactId>"
# The document, the other files, then the suite, its runner, and a part of the answer's beginning.
PLACES = {
    "a script": ("shop.py", {}, "test_shop.py", "pytest", "from shop import total\n\n\ndef test_total():\n    "),
    "a package without tests": ("src/a/shop.py", {"pyproject.toml": "[project]\n"}, "tests/test_shop.py", "pytest", "from a.shop"),
    "a package by its init": ("a/shop.py", {"a/__init__.py": "", "setup.py": ""}, "tests/test_shop.py", "pytest", "from a.shop"),
    "the package itself": ("a/__init__.py", {"tests/test_b.py": ""}, "tests/test_a.py", "pytest", "from a import total"),
    "folders of tests": ("a/b/shop.py", {"a/__init__.py": "", "a/b/__init__.py": "", "tests/b/test_c.py": ""}, "tests/b/test_shop.py", "pytest", "from a.b.shop"),
    "unittest": ("shop.py", {"tests/test_b.py": "import unittest\n\n\nclass B(unittest.TestCase): ...\n"}, "tests/test_shop.py", "unittest", "class TestTotal(unittest.TestCase)"),
    "jest beside": ("src/shop.js", {"package.json": JEST}, "src/shop.test.js", "jest", 'describe("total", () => {\n  '),
    "jest in a folder": ("src/shop.js", {"package.json": JEST, "src/__tests__/b.test.js": ""}, "src/__tests__/shop.test.js", "jest", "../shop"),
    "specs": ("src/shop.ts", {"package.json": JEST, "src/b.spec.ts": ""}, "src/shop.spec.ts", "jest", "./shop"),
    "tests of a root": ("src/shop.ts", {"package.json": JEST, "tests/b.test.ts": ""}, "tests/shop.test.ts", "jest", "../src/shop"),
    "node16": ("src/shop.ts", {"package.json": JEST, "tsconfig.json": '{"module": "NodeNext"}'}, "src/shop.test.ts", "jest", "./shop.js"),
    "go": ("shop.go", {}, "shop_test.go", "go test", "package shop\n\nimport \"testing\"\n\nfunc TestTotal(t *testing.T) {"),
    "go, not public": ("shop.go", {"go.mod": "module m\n", "shop_test.go": "package shop_test\n"}, "shop_internal_test.go", "go test", "package shop\n"),
    "rust": ("src/shop.rs", {}, "src/shop.rs", "cargo test", "fn test_total() {\n        "),
    "java": ("src/main/java/a/Cart.java", {"pom.xml": POM}, "src/test/java/a/CartTest.java", "JUnit 5", "class CartTest {"),
    "java by its neighbours": ("src/main/java/a/Cart.java", {"pom.xml": POM, "src/test/java/a/ItemTests.java": ""}, "src/test/java/a/CartTests.java", "JUnit 5", "class CartTests {"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "others", "suite_file", "runner", "begins"), PLACES.values(), ids=PLACES.keys())
def test_a_place(tmp_path: Path, file: str, others: dict[str, str], suite_file: str, runner: str, begins: str) -> None:
    found, suite = suite_at(tmp_path, file, others)
    assert (suite.uri, suite.runner) == ((tmp_path / suite_file).as_uri(), runner)
    brief = brief_on(found, suite)
    assert begins in brief.beginning
    assert "Answer with the tests only" in brief.words


@pytest.mark.parametrize(
    ("file", "others", "says"),
    [
        ("shop.js", {}, "Nothing says what runs the tests of shop.js."),
        ("shop.pyi", {}, "has no code"),
        ("my-shop.py", {}, "can't be imported"),
        ("Cart.java", {"pom.xml": POM}, "Nothing says where the tests of Cart.java go."),
        ("src/main/java/Cart.java", {}, "No build file says with which JUnit"),
        ("shop.py", {"test_shop.py": "def f(:\n"}, "test_shop.py has a mistake in its syntax"),
    ],
)
def test_no_place(tmp_path: Path, file: str, others: dict[str, str], says: str) -> None:
    with pytest.raises(NothingToDoError, match=says.replace(".", r"\.")):
        suite_at(tmp_path, file, others)


def test_no_link_is_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "tests").mkdir(parents=True)
    (outside / "tests" / "test_shop.py").write_text("")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "tests").symlink_to(outside / "tests")
    _, suite = suite_at(folder, "shop.py", {})
    assert suite.uri == (folder / "test_shop.py").as_uri()
    (folder / "test_shop.py").symlink_to(outside / "tests" / "test_shop.py")
    with pytest.raises(NothingToDoError, match="can't be read"):
        suite_at(folder, "shop.py", {})


def test_a_document_that_is_no_file() -> None:
    document = parsed(*CODE["py"])
    target = TESTS.scope.target(document, 5, 5)
    with pytest.raises(NothingToDoError, match="isn't a file"):
        suite_of(target.symbol, document, "untitled:Untitled-1", None)


def suite_at(folder: Path, file: str, others: dict[str, str]) -> tuple[UnderTest, Suite]:
    """The suite of `total` in a file of this folder."""
    language, code = CODE[file.rpartition(".")[2].removesuffix("i")]
    for name, text in {**others, file: code}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    document = parsed(language, code)
    at = code.index("total")
    return suite_of(TESTS.scope.target(document, at, at).symbol, document, (folder / file).as_uri(), folder)
