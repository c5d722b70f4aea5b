"""The full names behind a text's imports: after `from os import system as run`, `run` means os.system."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pillion.auditors.trees import JAVASCRIPT

# Patterns begin at a line's start and are bounded, so that their cost is the text's length.
_PYTHON_FROM = re.compile(
    r"^[ \t]*from[ \t]+([\w.]{1,200})[ \t]+import[ \t]+(\([^)]{1,4000}\)|[^\n;#]{1,1000})", re.MULTILINE
)
_PYTHON_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n;#]{1,1000})", re.MULTILINE)
_JS_IMPORT = re.compile(
    r"^[ \t]*import[ \t]+(?:type[ \t]+)?([^;'\"()]{1,2000}?)\s{0,8}from\s{0,8}[\"']([^\"'\n]{1,200})[\"']", re.MULTILINE
)
_JS_REQUIRE = re.compile(
    r"^[ \t]*(?:const|let|var)[ \t]+([^=;\n]{1,500})=[ \t]*(?:await[ \t]+import|require)\([\"']([^\"'\n]{1,200})[\"']\)"
    r"((?:\.\w{1,60})?)",
    re.MULTILINE,
)
_GO_IMPORT = re.compile(r"^[ \t]*(?:import[ \t]+)?(?:([A-Za-z_]\w{0,80})[ \t]+)?\"([\w./~-]{1,200})\"", re.MULTILINE)
_RUST_USE = re.compile(r"^[ \t]*(?:pub[ \t]+)?use[ \t]+([^;]{1,1000});", re.MULTILINE)


def names_by_import(language_id: str, text: str) -> dict[str, str]:
    """Names that imports bring in, and the full name that each stands for."""
    reader = _READERS.get(language_id)
    return dict(reader(text)) if reader is not None else {}


def _python(text: str) -> Iterator[tuple[str, str]]:
    for match in _PYTHON_FROM.finditer(text):
        for name, alias in _with_alias(match[2].strip("() \t\r\n"), " as "):
            yield alias, f"{match[1]}.{name}"
    for match in _PYTHON_IMPORT.finditer(text):
        for name, alias in _with_alias(match[1], " as "):
            if alias != name:
                yield alias, name


def _javascript(text: str) -> Iterator[tuple[str, str]]:
    matches = [(match[1], match[2], "") for match in _JS_IMPORT.finditer(text)]
    matches += [(match[1], match[2], match[3]) for match in _JS_REQUIRE.finditer(text)]
    for names, module, attribute in matches:
        whole = module.removeprefix("node:").replace("fs/promises", "fs.promises") + attribute
        plain, _, inside = names.partition("{")
        for name, alias in _with_alias(plain.replace("*", ""), " as "):
            yield alias if alias != name else name.removeprefix("as ").strip(), whole
        for name, alias in _with_alias(inside.partition("}")[0].replace(":", " as "), " as "):
            yield alias, whole if name == "default" else f"{whole}.{name.removeprefix('type ').strip()}"


def _go(text: str) -> Iterator[tuple[str, str]]:
    for match in _GO_IMPORT.finditer(text):
        path = match[2]
        # A package of another module keeps its whole path, so that it isn't taken for one of Go's own.
        package = path if "." in path.partition("/")[0] else path.rpartition("/")[2]
        yield match[1] or path.rpartition("/")[2], package


def _rust(text: str) -> Iterator[tuple[str, str]]:
    for match in _RUST_USE.finditer(text):
        prefix, brace, inside = match[1].partition("{")
        for name, alias in _with_alias(inside.rpartition("}")[0] if brace else prefix, " as "):
            path = prefix.strip() + name if brace else name
            yield alias.rpartition("::")[2], path.removesuffix("::self")


def _with_alias(listed: str, word: str) -> Iterator[tuple[str, str]]:
    for part in listed.split(","):
        name, _, alias = (" ".join(part.split())).partition(word)
        if name:
            yield name.strip(), (alias or name).strip()


_READERS: Mapping[str, Callable[[str], Iterator[tuple[str, str]]]] = MappingProxyType(
    {"python": _python, **dict.fromkeys(sorted(JAVASCRIPT), _javascript), "go": _go, "rust": _rust}
)
