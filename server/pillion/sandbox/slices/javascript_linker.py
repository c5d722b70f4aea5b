"""Joins what a symbol reaches, in its own file and in the workspace's modules, to one script."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from tree_sitter import Node

from pillion.errors import CannotRunError, FileError
from pillion.files.bounded_read import read_text
from pillion.sandbox.slices.javascript_module import Imported, JavaScriptModule, language_of

_MOST_MODULES = 12
_LARGEST = 400_000
_ENDINGS = (".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
Check = Callable[[Node], None]


class JavaScriptLinker:
    """For one script. Other modules become functions that are called once, so that their names stay their own."""

    def __init__(self, workspace: Path | None) -> None:
        self._workspace = workspace.resolve() if workspace is not None else None
        self._modules: dict[Path, JavaScriptModule] = {}
        self._wanted: dict[Path, set[str]] = {}
        self._linked: dict[Path, str] = {}
        self._needs: dict[Path, set[Path]] = {}
        self._open: list[Path] = []
        self._check: Check = lambda node: None

    def script(self, module: JavaScriptModule, name: str, check: Check) -> str:
        """The script that defines `name`, and all that it reaches; `check` raises for a statement that can't run."""
        self._check = check
        body = self._body(module, {name})
        return "\n".join([*(self._linked[each] for each in self._in_order()), body])

    def _in_order(self) -> list[Path]:
        """The linked modules; what one needs comes before it."""
        found: list[Path] = []
        stack = list(reversed(self._linked))
        while stack:
            file = stack.pop()
            missing = [each for each in self._needs.get(file, ()) if each not in found]
            if missing:
                stack += [file, *missing]
            elif file not in found:
                found.append(file)
        return found

    def _body(self, module: JavaScriptModule, names: set[str]) -> str:
        numbers, imported, reached = set[int](), dict[str, Imported](), set[str]()
        left = sorted(names)
        while left:
            name = left.pop()
            if name in reached:
                continue
            reached.add(name)
            found = module.binds.get(name, [])
            if not found and name in module.imports:
                imported[name] = module.imports[name]
            left += self._added(module, found, numbers)
            left += self._added(module, module.extending({name}) if found else (), numbers)
        values = self._values(module, numbers, names)
        lines = [self._import(module, name, imported[name]) for name in sorted(imported.keys() & values)]
        lines += [module.code(number) for number in sorted(numbers)]
        return "\n".join(lines)

    def _added(self, module: JavaScriptModule, found: Iterable[int], numbers: set[int]) -> list[str]:
        names: list[str] = []
        for number in found:
            if number not in numbers:
                self._check(module.statements[number])
                numbers.add(number)
                names += sorted(module.uses(number))
        return names

    def _values(self, module: JavaScriptModule, numbers: set[int], names: set[str]) -> set[str]:
        """The names that count while the script runs."""
        found = set(names)
        for use in module.scopes.uses:
            if use.kind != "type" and use.name not in found:
                at = use.node.start_byte
                if any(module.statements[each].start_byte <= at < module.statements[each].end_byte for each in numbers):
                    found.add(use.name)
        return found

    def _import(self, module: JavaScriptModule, name: str, imported: Imported) -> str:
        other = self._module(module, imported.module)
        if not imported.name:
            if [*other.exports] == ["default"]:  # module.exports = …
                return f"const {name} = {self._given(other, 'default')};"
            members = module.members(name)
            wanted = sorted(other.exports.keys() | other.passed_on.keys() if members is None else members)
            given = [f"{each}: {self._given(other, each)}" for each in wanted if _NAME.fullmatch(each)]
            return f"const {name} = {{ {', '.join(given)} }};"
        return f"const {name} = {self._given(other, imported.name)};"

    def _given(self, module: JavaScriptModule, name: str) -> str:
        """The expression for what another module exports."""
        owner, inner = self._owner(module, name, 0)
        return f"{self._linked_as(owner, {inner})}.{inner}"

    def _owner(self, module: JavaScriptModule, name: str, depth: int) -> tuple[JavaScriptModule, str]:
        """The module that binds what another exports, and its exported name there."""
        if name in module.exports:
            return module, name
        if depth < _MOST_MODULES:
            passed = module.passed_on.get(name)
            if passed is not None:
                return self._owner(self._module(module, passed.module), passed.name, depth + 1)
            for each in module.passed_on_whole:
                other = self._module(module, each)
                if name in other.exports or name in other.passed_on:
                    return self._owner(other, name, depth + 1)
        raise CannotRunError(f"imports {name}, which isn't found")

    def _linked_as(self, module: JavaScriptModule, exported: set[str]) -> str:
        """The name of a linked module that gives at least these."""
        file = module.file or Path()
        if file in self._open:
            raise CannotRunError("imports modules in a circle")
        if self._open:
            self._needs.setdefault(self._open[-1], set()).add(file)
        wanted = self._wanted.setdefault(file, set())
        number = list(self._wanted).index(file)
        if file not in self._linked or not exported <= wanted:
            wanted |= exported
            inner = {module.exports[each] for each in wanted}
            self._open.append(file)
            body = self._body(module, inner)
            self._open.pop()
            pairs = ", ".join(f"{each}: {module.exports[each]}" for each in sorted(wanted) if _NAME.fullmatch(each))
            self._linked[file] = f"const _module_{number} = (() => {{\n{body}\nreturn {{ {pairs} }};\n}})();"
        return f"_module_{number}"

    def _module(self, module: JavaScriptModule, name: str) -> JavaScriptModule:
        if not name.startswith(("./", "../")) or module.file is None or self._workspace is None:
            raise CannotRunError(f"imports {name}")
        for file in _candidates(module.file.parent, name):
            resolved = file.resolve()
            if resolved in self._modules:
                return self._modules[resolved]
            language = language_of(resolved)
            if language is None or not resolved.is_relative_to(self._workspace) or not resolved.is_file():
                continue
            if len(self._modules) >= _MOST_MODULES:
                raise CannotRunError("imports too many modules")
            try:
                text = read_text(resolved, _LARGEST)
            except FileError as exc:
                raise CannotRunError(f"imports {name}, which {exc.reason}") from exc
            self._modules[resolved] = JavaScriptModule.of(text, language, resolved)
            return self._modules[resolved]
        raise CannotRunError(f"imports {name}")


def _candidates(folder: Path, name: str) -> list[Path]:
    written = PurePosixPath(name)
    bare = written.with_suffix("") if written.suffix in _ENDINGS else written
    files = [folder / written, *(folder / f"{bare}{ending}" for ending in _ENDINGS)]
    return files + [folder / written / f"index{ending}" for ending in _ENDINGS]
