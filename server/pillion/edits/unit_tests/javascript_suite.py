"""Where tests of JavaScript and TypeScript code go: the conventions of vitest, jest, mocha and node:test."""

import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pillion.edits.unit_tests.exports import DEFAULT, exported_as
from pillion.edits.unit_tests.project_files import ProjectFiles
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.errors import NothingToDoError

VITEST, JEST, MOCHA, NODE = "vitest", "jest", "mocha", "node:test"
RUNNERS = (VITEST, JEST, MOCHA, NODE)
_FROM = re.compile(r"(?:from|require\()\s*[\"'](vitest|@jest/globals|mocha|chai|node:test|test)[\"']")
_MEANS = {"@jest/globals": JEST, "chai": MOCHA, "test": NODE}
_IN_SCRIPT = (("vitest", VITEST), ("jest", JEST), ("mocha", MOCHA), ("node --test", NODE), ("--test", NODE))
_TOLD = re.compile(r"\b(vitest|jest|mocha|node:test)\b", re.IGNORECASE)
_TEST_NAME = re.compile(r"(?P<stem>.+)\.(?P<mark>test|spec)\.(?:[cm]?[jt]sx?)$")
_FOLDERS = ("test", "tests")
_BESIDE = "__tests__"
_RELATIVE = re.compile(r"(?:from|require\()\s*[\"']\.{1,2}/[^\"']*?(\.[cm]?[jt]sx?)?[\"']")
_REQUIRES = re.compile(r"\brequire\(\s*[\"']")
_COMMONJS = re.compile(r"^(?:module\.)?exports\b", re.MULTILINE)
_NODE_RESOLUTION = re.compile(
    r"\"moduleResolution\"\s*:\s*\"(?:node16|nodenext)\"|\"module\"\s*:\s*\"(?:node16|nodenext)\"", re.I
)
_MOST_TESTS = 12
_JAVASCRIPT_OF = {".ts": ".js", ".tsx": ".js", ".mts": ".mjs", ".cts": ".cjs", ".jsx": ".jsx"}


def javascript_suite(tested: UnderTest) -> Suite:
    """The suite for JavaScript or TypeScript code. Reads the disk."""
    files = ProjectFiles(tested.workspace)
    root = next((each for each in files.above(tested.path) if "package.json" in files.files(each)), tested.workspace)
    package = _json(files.text(root / "package.json"))
    tests = _test_files(files, tested.path, root)
    existing = _existing(files, tests, tested.path)
    path = existing or _new_place(files, tests, tested.path, root, _named_runner(package))
    text = files.text(path) if existing is not None else None
    if text is None and files.is_there(path):
        raise NothingToDoError(f"{path.name} can't be read, so no tests can be added to it.")
    texts = [each for _, each in files.texts([*filter(None, (existing,)), *tests], _MOST_TESTS)]
    runner = (_runner_of(text) if text else "") or _told_runner(tested.told) or _named_runner(package)
    runner = runner or next((found for each in texts if (found := _runner_of(each))), "")
    if not runner:
        known = ", ".join(RUNNERS)
        hint = f"Name one of {known} in package.json, or in your words."
        raise NothingToDoError(f"Nothing says what runs the tests of {tested.path.name}.", hint=hint)
    specifier = _specifier(files, tested, path, root, package, texts)
    requires = _requires(text, tested, package, path)
    exported = exported_as(tested.document)
    quote = "'" if _prefers_single_quotes([*texts[:3], tested.document.text]) else '"'
    end = ";" if _has_semicolons([*texts[:3], tested.document.text]) else ""

    def names(wanted: Sequence[str]) -> Sequence[str]:
        default = next((each for each in wanted if exported.get(each) == DEFAULT), "")
        others = [
            _as(exported[each], each, requires=requires) for each in wanted if each in exported and each != default
        ]
        source = f"{quote}{specifier}{quote}"
        if requires:
            whole = [f"const {default} = require({source}){end}"] if default else []
            return whole + ([f"const {{ {', '.join(others)} }} = require({source}){end}"] if others else [])
        parts = [default] if default else []
        parts += [f"{{ {', '.join(others)} }}"] if others else []
        return [f"import {', '.join(parts)} from {source}{end}"] if parts else []

    def whole(name: str) -> str:
        source = f"{quote}{specifier}{quote}"
        return f"const {name} = require({source}){end}" if requires else f"import * as {name} from {source}{end}"

    return Suite(path.as_uri(), text, runner, certain=True, imports=names, whole=whole, module=specifier)


def tests_of_script(path: Path, workspace: Path) -> list[tuple[Path, str]]:
    """The files of tests that import a file of JavaScript or TypeScript, those with its name first. Reads the disk."""
    files = ProjectFiles(workspace if path.is_relative_to(workspace) else path.parent)
    above = files.above(path)
    root = next((each for each in above if "package.json" in files.files(each)), above[-1])
    own = _stem(path) if _stem(path) != "index" else path.parent.name
    found = sorted(_test_files(files, path, root), key=lambda each: own not in each.name)
    read = files.texts((each for each in found if each != path), _MOST_TESTS)
    return [(each, text) for each, text in read if re.search(_import_of(each, path), text)]


def runner_imports(suite: Suite, names: Sequence[str], *, requires: bool, like: str) -> list[str]:
    """The statements that bind a runner's own names, where it has no globals. In the style of `like`."""
    runner, text = suite.runner, suite.text
    if not names or runner not in {VITEST, NODE}:
        return []
    if text is not None and runner == VITEST and "vitest" not in text:
        return []  # the project has its names as globals
    quote = "'" if like.count("'") >= like.count('"') else '"'
    end = ";" if re.search(r";[ \t]*$", like, re.MULTILINE) else ""
    listed = f"{{ {', '.join(sorted(names))} }}"
    if requires:
        return [f"const {listed} = require({quote}{runner}{quote}){end}"]
    return [f"import {listed} from {quote}{runner}{quote}{end}"]


def _as(exported: str, name: str, *, requires: bool) -> str:
    if exported == name:
        return name
    return f"{exported}: {name}" if requires else f"{exported} as {name}"


def _json(text: str | None) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        found = json.loads(text or "")
        return found if isinstance(found, dict) else {}
    return {}


def _stem(path: Path) -> str:
    return path.name.partition(".")[0] if path.name.count(".") == 1 else path.name.rpartition(".")[0]


def _test_files(files: ProjectFiles, path: Path, root: Path) -> list[Path]:
    """The project's tests, those nearest to the file first."""
    found: list[Path] = []
    for start in (path.parent, root):
        for folder in files.below(start):
            in_tests = folder.name == _BESIDE or any(part in _FOLDERS for part in folder.relative_to(start).parts)
            found += [
                folder / name
                for name in files.files(folder)
                if _TEST_NAME.match(name)
                or (in_tests and name.endswith((".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx")))
            ]
    return list(dict.fromkeys(found))


def _existing(files: ProjectFiles, tests: Sequence[Path], path: Path) -> Path | None:
    stem = _stem(path)
    found = []
    for each in tests:
        match = _TEST_NAME.match(each.name)
        if (match["stem"] if match else _stem(each)) != stem or each == path:
            continue
        near = each.parent in {path.parent, path.parent / _BESIDE}
        imports = re.search(_import_of(each, path), files.text(each) or "")
        if near or imports:
            found.append((not imports, each))
    return min(found, default=(True, None))[1]


def _import_of(test: Path, path: Path) -> str:
    names = [path.with_suffix(""), path.parent] if path.stem == "index" else [path.with_suffix("")]
    found = (os.path.relpath(each, test.parent).replace(os.sep, "/") for each in names)
    relative = "|".join(re.escape(each if each.startswith(".") else f"./{each}") for each in found)
    return rf"[\"'](?:{relative})(?:\.[cm]?[jt]sx?)?/?[\"']"


def _new_place(files: ProjectFiles, tests: Sequence[Path], path: Path, root: Path, runner: str) -> Path:
    """Where a new file goes: as the project's other tests do; else beside the code, or for mocha and Node in test/."""
    marked = [each for each in tests if _TEST_NAME.match(each.name)]
    specs = sum(".spec." in each.name for each in marked)
    mark = "spec" if specs * 2 > len(marked) else "test"
    name = f"{_stem(path)}.{mark}{path.suffix}"
    if not tests:
        return root / "test" / name if runner in {MOCHA, NODE} else path.parent / name
    first = tests[0]
    if first.parent.name == _BESIDE:
        return path.parent / _BESIDE / (name if _TEST_NAME.match(first.name) else f"{_stem(path)}{path.suffix}")
    folder = next((root / each for each in _FOLDERS if first.is_relative_to(root / each)), None)
    if folder is None:
        return path.parent / name
    if not marked:
        name = f"{_stem(path)}{path.suffix}"
    inside = path.parent.relative_to(root).parts if path.parent.is_relative_to(root) else ()
    for parts in (inside, inside[1:]):
        if parts and files.is_folder(folder.joinpath(*parts)):
            return folder.joinpath(*parts, name)
    return folder / name


def _runner_of(text: str) -> str:
    for found in _FROM.findall(text):
        return _MEANS.get(found, str(found))
    if re.search(r"\bvi\.(?:fn|mock|spyOn)\b", text):
        return VITEST
    return JEST if re.search(r"\bjest\.(?:fn|mock|spyOn)\b", text) else ""


def _told_runner(told: str) -> str:
    found = _TOLD.search(told)
    return found[1].lower() if found is not None else ""


def _named_runner(package: dict[str, Any]) -> str:
    scripts = package.get("scripts")
    script = str(scripts.get("test", "")) if isinstance(scripts, dict) else ""
    for words, runner in _IN_SCRIPT:
        if words in script:
            return runner
    known: set[str] = set()
    for section in ("dependencies", "devDependencies", "peerDependencies"):
        listed = package.get(section)
        known |= set(listed) if isinstance(listed, dict) else set()
    for name, runner in (
        ("vitest", VITEST),
        ("jest", JEST),
        ("ts-jest", JEST),
        ("react-scripts", JEST),
        ("mocha", MOCHA),
    ):
        if name in known:
            return runner
    return JEST if "jest" in package else ""


def _specifier(
    files: ProjectFiles, tested: UnderTest, test: Path, root: Path, package: dict[str, Any], texts: Sequence[str]
) -> str:
    """The tested file as the test imports it, with an ending where the project's imports have one."""
    relative = os.path.relpath(tested.path, test.parent).replace(os.sep, "/")
    relative = relative if relative.startswith(".") else f"./{relative}"
    bare, ending = relative.removesuffix(tested.path.suffix), tested.path.suffix
    said = [found[1] for text in (*texts, tested.document.text) for found in _RELATIVE.finditer(text)]
    if said:
        has_ending = sum(bool(each) for each in said) * 2 > len(said)
    elif ending in {".ts", ".tsx", ".mts", ".cts"}:
        has_ending = bool(_NODE_RESOLUTION.search(files.text(root / "tsconfig.json") or ""))
    else:
        is_module = package.get("type") == "module" or ending == ".mjs"
        has_ending = is_module or ending in {".cjs", ".jsx"}
    if not has_ending:
        return bare
    return bare + _JAVASCRIPT_OF[ending] if ending in _JAVASCRIPT_OF else relative


def _requires(text: str | None, tested: UnderTest, package: dict[str, Any], test: Path) -> bool:
    """Whether the test is a CommonJS module."""
    if tested.document.language.id != "javascript":
        return False
    if text is not None and (_REQUIRES.search(text) or re.search(r"^import\b", text, re.MULTILINE)):
        return re.search(r"^import\b", text, re.MULTILINE) is None
    if test.suffix == ".mjs" or package.get("type") == "module":
        return False
    source = tested.document.text
    return test.suffix == ".cjs" or (_COMMONJS.search(source) is not None and "export " not in source)


def _prefers_single_quotes(texts: Sequence[str]) -> bool:
    imports = [line for text in texts for line in text.splitlines() if re.match(r"import\b|.*\brequire\(", line)]
    singles = sum("'" in line for line in imports)
    if not imports:
        whole = "".join(texts)
        return whole.count("'") >= whole.count('"') and "'" in whole
    return singles * 2 >= len(imports)


def _has_semicolons(texts: Sequence[str]) -> bool:
    lines = [line.rstrip() for text in texts for line in text.splitlines() if line.strip()]
    ends = [line for line in lines if line[-1] not in "{},(["]
    return not ends or sum(line.endswith(";") for line in ends) * 2 >= len(ends)
