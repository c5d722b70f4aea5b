"""Reads which modules a Python environment has and which manifests declare. Nothing is run."""

import os
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from pillion.auditors.imports.well_known import IMPORTED_AS
from pillion.auditors.workspace import entries, exists, is_folder, read, read_toml

_ENVIRONMENTS = (".venv", "venv", "env")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_QUOTED = re.compile(r"""["']([A-Za-z0-9][\w.-]*)""")
_LISTED = re.compile(r"^[ \t]*(?:-[ \t]+)?([A-Za-z0-9][\w.-]*)", re.MULTILINE)
_DEPENDENCIES = re.compile(r"dep|requires|group|extras", re.IGNORECASE)
_MAX_REQUIREMENTS = 30


class Environment:
    """The modules that are installed in the environments around some folders, and in the active ones."""

    def __init__(self, folders: Sequence[Path]) -> None:
        places = [folder / name for folder in folders for name in _ENVIRONMENTS]
        places += [Path(active) for key in ("VIRTUAL_ENV", "CONDA_PREFIX") if (active := os.environ.get(key))]
        self._sites = [site for place in places for site in _site_packages(place)]

    @property
    def found(self) -> bool:
        """Whether there is an environment."""
        return bool(self._sites)

    @cached_property
    def roots(self) -> list[Path]:
        """The folders that .pth files add: editable packages."""
        added = [
            Path(line)
            for site in self._sites
            for name in entries(site)
            if name.endswith(".pth")
            for line in read(site / name).splitlines()
        ]
        return [folder for folder in added if folder.is_absolute() and is_folder(folder)]

    def has(self, module: str) -> bool:
        """Whether a module of this name is installed."""
        direct = any(exists(site / place) for site in self._sites for place in (module, f"{module}.py"))
        return direct or module.lower() in self._modules

    @cached_property
    def _modules(self) -> set[str]:
        return {each.lower() for site in self._sites for name in entries(site) for each in _modules_of(site, name)}


def _site_packages(environment: Path) -> Iterator[Path]:
    for library in ("lib", "lib64"):
        for name in entries(environment / library):
            if name.startswith("python") and is_folder(environment / library / name / "site-packages"):
                yield environment / library / name / "site-packages"
    if is_folder(environment / "Lib" / "site-packages"):
        yield environment / "Lib" / "site-packages"


def _modules_of(site: Path, name: str) -> Iterator[str]:
    if name.endswith((".dist-info", ".egg-info")):
        # An editable package is known by its metadata alone.
        yield from imported_as(name.partition("-")[0])
        yield from read(site / name / "top_level.txt").split()
    else:
        yield name.partition(".")[0]


def declared_modules(folders: list[Path]) -> tuple[set[str], set[str]]:
    """The manifests found, and the modules that their declarations may provide, lower case."""
    manifests: set[str] = set()
    modules: set[str] = set()
    for folder in folders:
        for name, distributions in _manifests(folder):
            manifests.add(name)
            for distribution in distributions:
                modules.update(each.lower() for each in imported_as(distribution))
    return manifests, modules


def imported_as(distribution: str) -> Iterator[str]:
    """The modules that a distribution may have, rather too many than too few: “google-cloud-storage” has `google`."""
    name = re.sub(r"[-_.]+", "-", distribution).lower()
    yield from IMPORTED_AS.get(name, ())
    plain = name.removeprefix("python-").removesuffix("-python").removeprefix("types-").removesuffix("-stubs")
    for each in (name, plain, plain.removeprefix("py"), f"py{plain}"):
        yield each.replace("-", "_")
        yield each.replace("-", "")
    yield name.partition("-")[0]


def _manifests(folder: Path) -> Iterator[tuple[str, list[str]]]:
    pyproject = read_toml(folder / "pyproject.toml")
    if any(key in pyproject for key in ("project", "dependency-groups", "build-system")) or _has_poetry(pyproject):
        yield "pyproject.toml", list(_in_toml(pyproject))
    pipfile = read_toml(folder / "Pipfile")
    if pipfile:
        yield "Pipfile", [name for table in pipfile.values() if isinstance(table, dict) for name in table]
    for name, pattern in (("setup.py", _QUOTED), ("setup.cfg", _LISTED), ("environment.yml", _LISTED)):
        text = read(folder / name)
        if text and (name != "setup.cfg" or "install_requires" in text):
            yield name, pattern.findall(text)
    for place in (folder, folder / "requirements"):
        names = [each for each in entries(place) if each.endswith((".txt", ".in"))]
        kept = [each for each in names if "requirement" in each or place is not folder][:_MAX_REQUIREMENTS]
        for each in kept:
            yield "requirements", _LISTED.findall(read(place / each))


def _has_poetry(pyproject: dict[str, Any]) -> bool:
    tools = pyproject.get("tool")
    return isinstance(tools, dict) and "poetry" in tools


def _in_toml(table: dict[str, Any]) -> Iterator[str]:
    """Every requirement: strings in lists, and keys of tables, under keys that speak of dependencies."""
    stack: list[tuple[Any, bool]] = [(table, False)]
    while stack:
        value, inside = stack.pop()
        if isinstance(value, dict):
            if inside:
                yield from value
            stack.extend((each, inside or _DEPENDENCIES.search(key) is not None) for key, each in value.items())
            if isinstance(name := value.get("name"), str):
                yield name  # the project itself
        elif isinstance(value, list):
            stack.extend((each, inside) for each in value)
        elif inside and isinstance(value, str) and (match := _NAME.match(value)) is not None:
            yield match[0]
