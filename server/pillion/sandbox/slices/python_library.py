"""Where imported names lead: to what the sandbox has, to a stand-in, or to a file of the workspace."""

import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pillion.errors import CannotRunError, FileError
from pillion.files.bounded_read import read_text
from pillion.sandbox.slices.monty_modules import MODULES
from pillion.sandbox.slices.python_modules import LONGEST_TEXT, Module
from pillion.sandbox.slices.python_scope import Imported

_STAND_INS = Path(__file__).parent / "stand_ins"
_STANDARD = Path(sysconfig.get_path("stdlib"))
# Modules that reach for what isn't there, or are what a stand-in or a rule stands for.
_NOT_READ = frozenset(
    {
        "abc", "asyncio", "builtins", "codecs", "collections", "concurrent", "contextlib", "ctypes", "dataclasses", "enum",
        "functools", "importlib", "inspect", "io", "multiprocessing", "os", "pathlib", "pickle", "random", "re", "select",
        "signal", "socket", "ssl", "struct", "subprocess", "sys", "tempfile", "threading", "typing", "types", "warnings",
        "weakref", "logging", "decimal", "datetime", "json", "copy", "copyreg", "sqlite3", "shutil", "locale", "unittest",
    }
)  # fmt: skip
# How a stand-in imports the sandbox's own module of its name.
_NATIVE = "native_"
_MOST_FILES = 12


@dataclass(frozen=True, slots=True)
class Defined:
    """A name that a module of the program defines."""

    module: Module
    name: str


@dataclass(frozen=True, slots=True)
class Provided:
    """A name that the sandbox has: `math.sqrt`."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Package:
    """A whole module: one of the sandbox or a stand-in by its name, or a file of the workspace."""

    name: str
    module: Module | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What nobody has: `socket.socket`."""

    name: str


@cache
def _stand_in(key: str) -> Module | None:
    path = _STAND_INS / f"{key}.py"
    return Module(key, path.read_text(encoding="utf-8"), shared=True) if path.is_file() else None


@cache
def _standard(name: str) -> Module | None:
    base = _STANDARD.joinpath(*name.split("."))
    for path in (base.with_name(f"{base.name}.py"), base / "__init__.py"):
        try:
            return Module(name.replace(".", "_"), read_text(path, LONGEST_TEXT), path, shared=True)
        except (FileError, CannotRunError):
            continue
    return None


Target = Defined | Provided | Package | Missing


class Library:
    """Reads modules once each. Nothing outside `workspace` is read."""

    def __init__(self, workspace: Path | None) -> None:
        self._workspace = workspace.resolve() if workspace else None
        self._read: dict[str, Module | None] = {}
        self._bytes_left = LONGEST_TEXT

    def target(self, imported: Imported, file: Path | None) -> Target:
        """What an import in `file` gives."""
        package = self._package(imported.module, imported.level, file)
        return self.attribute(package, imported.attribute) if imported.attribute else package

    def attribute(self, of: Target, name: str) -> Target:
        """What an attribute of it is."""
        if not isinstance(of, Package):
            return Missing(f"{of.name}.{name}")
        if of.name == "_pillion":
            return self.helper(name)
        if of.name.startswith(_NATIVE):
            return Provided(of.name.removeprefix(_NATIVE), name)
        if of.module is not None:
            inner = self.lookup(of.module, name)
            return inner if inner is not None else self._inner_package(of, name)
        stand_in = self.stand_in(of.name)
        found = self.lookup(stand_in, name) if stand_in is not None else None
        if found is not None:
            return found
        if f"{of.name}.{name}" in MODULES or self.stand_in(f"{of.name}.{name}") is not None:
            return Package(f"{of.name}.{name}")
        if name in MODULES.get(of.name, ()):
            return Provided(of.name, name)
        standard = self._standard(of.name)
        found = self.lookup(standard, name) if standard is not None else None
        if found is not None:
            return found
        if self._standard(f"{of.name}.{name}") is not None:
            return Package(f"{of.name}.{name}")
        return Missing(f"{of.name}.{name}")

    def lookup(self, module: Module, name: str) -> Target | None:
        """What a name of a module's top level is; None if the module doesn't know it."""
        if module.binds(name):
            return Defined(module, name)
        if name in module.imports:
            return self.target(module.imports[name], module.file)
        for star in module.stars:
            found = self._through_star(star, module, name)
            if found is not None:
                return found
        return None

    def stand_in(self, name: str) -> Module | None:
        """The module that stands for one that the sandbox lacks, whole or in parts."""
        return _stand_in(name.replace(".", "_"))

    def helper(self, name: str) -> Target:
        """A function that the rewriting calls."""
        for key in ("pillion_helpers", "pillion_orders", "pillion_methods", "pillion_errors"):
            module = self.stand_in(key)
            if module is not None and module.binds(name):
                return Defined(module, name)
        return Missing(name)

    def _standard(self, name: str) -> Module | None:
        """A module in Python of Python's own library: what it defines can be sliced as well as the document."""
        top = name.split(".")[0]
        if top in _NOT_READ or name in _NOT_READ or top not in sys.stdlib_module_names:
            return None
        return _standard(name)

    def _through_star(self, star: Imported, module: Module, name: str) -> Target | None:
        package = self._package(star.module, star.level, module.file)
        if name.startswith("_") or not isinstance(package, Package):
            return None
        if package.module is not None and package.module.exports is not None and name not in package.module.exports:
            return None
        found = self.attribute(package, name)
        return None if isinstance(found, Missing) else found

    def _package(self, name: str, level: int, file: Path | None) -> Target:
        if name.startswith(_NATIVE) and name.removeprefix(_NATIVE) in MODULES:
            return Package(name)
        if level and file is not None and file.is_relative_to(_STANDARD):
            name = ".".join([*file.relative_to(_STANDARD).parts[:-level], *([name] if name else [])])
            level = 0
        if not level and (name in MODULES or self.stand_in(name) or self._standard(name)):
            return Package(name)
        if not level and name.split(".")[0] in sys.stdlib_module_names:
            return Missing(name)
        for folder in self._folders(level, file):
            found = self._in_folder(folder, name)
            if found is not None:
                return Package(name or folder.name, found)
        return Missing(f"{'.' * level}{name}")

    def _folders(self, level: int, file: Path | None) -> list[Path]:
        if self._workspace is None or file is None:
            return []
        folder = file.parent
        if level:
            return [folder.parents[level - 2] if level > 1 and len(folder.parents) >= level - 1 else folder]
        folders = [folder, *folder.parents, self._workspace / "src"]
        return [each for each in folders if each.is_relative_to(self._workspace)][:8]

    def _inner_package(self, of: Package, name: str) -> Target:
        file = of.module.file if of.module else None
        if file is not None and file.name == "__init__.py":
            found = self._in_folder(file.parent, name)
            if found is not None:
                return Package(f"{of.name}.{name}", found)
        return Missing(f"{of.name}.{name}")

    def _in_folder(self, folder: Path, name: str) -> Module | None:
        parts = name.split(".") if name else []
        paths = [folder.joinpath(*parts, "__init__.py")]
        if parts:
            paths.append(folder.joinpath(*parts[:-1], f"{parts[-1]}.py"))
        for path in paths:
            found = self._file(path)
            if found is not None:
                return found
        return None

    def _file(self, path: Path) -> Module | None:
        try:
            real = path.resolve()
            inside = self._workspace is not None and real.is_relative_to(self._workspace) and real.is_file()
        except (OSError, ValueError, RuntimeError):
            return None
        if not inside:
            return None
        key = str(real)
        if key not in self._read:
            if len(self._read) >= _MOST_FILES + 30:
                raise CannotRunError("imports too many files of the workspace")
            try:
                text = read_text(real, self._bytes_left)
            except FileError as exc:
                raise CannotRunError(f"imports {path.name}, which can't be read: {exc.reason}") from exc
            self._bytes_left -= len(text)
            text = text.removeprefix("\ufeff")
            self._read[key] = Module(key, text, real)
        return self._read[key]
