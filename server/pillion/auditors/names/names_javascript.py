"""JavaScript and TypeScript: names that neither the file nor its surroundings bind."""

import re
from collections.abc import Iterator
from functools import cached_property

from pillion.auditors.auditor import Passage
from pillion.auditors.names.global_names import JAVASCRIPT_GLOBALS
from pillion.auditors.names.javascript_globals import is_standard
from pillion.auditors.names.suspects import Suspects
from pillion.auditors.passage_findings import mentions
from pillion.auditors.workspace import entries, folders_above, folders_below, read
from pillion.syntax.scopes.scope_tree import Use

# If a text contains one of these, names may come from anywhere.
_MAGIC = re.compile(r"\bwith\s*\(|(?<![\w.])eval\(|/[*/]\s*globals?\b|importScripts|@ts-nocheck|/// <reference")
# Scripts share names with the page's other scripts; modules don't.
_MODULE = re.compile(r"^[ \t]*(?:import|export)\b|\brequire\(|\bmodule\.exports\b|^exports\.", re.MULTILINE)
_ASSIGNED = re.compile(r"\b(?:window|globalThis|global|self)\.(\w+)\s*=[^=]|\b(?:window|globalThis)\[[\"'](\w+)")
_GLOBAL = re.compile(r"declare\s+global|^declare\s|^/\*\s*globals?\b", re.MULTILINE)
_AUTO_IMPORTS = re.compile(r"\"(?:nuxt|unplugin-auto-import|unimport|@nuxt/[\w-]+|meteor[\w-]*|ember-source)\"")
_SOURCES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".html", ".htm", ".vue", ".svelte", ".php")
_CONFIGURATION = re.compile(r"\.?eslintrc.*|eslint\.config\..*|\.jshintrc|biome\.json|deno\.jsonc?")
_MAX_FILES = 300
_MAX_TYPES = 60
_KEYWORDS = "(?:interface|type|class|const|let|var|function|namespace|enum)"


class _Surroundings:
    """What the files of the workspace say of names that every file may use; read on first use."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._module = _MODULE.search(passage.text) is not None

    def may_define(self, name: str) -> bool:
        """Whether another file may give this file the name."""
        return any(mentions(text, name) for text in self._texts)

    @cached_property
    def imports_by_itself(self) -> bool:
        """Whether a build puts imports into the files."""
        return any(_AUTO_IMPORTS.search(read(each / "package.json")) for each in folders_above(self._passage))

    def is_ambient(self, name: str) -> bool:
        """Whether an installed package of types may give the name to every file."""
        declared = re.compile(
            rf"^[ \t]*(?:declare[ \t]+)?{_KEYWORDS}[ \t]+{re.escape(name)}\b",
            re.MULTILINE,
        )
        return any(declared.search(text) for text in self._types)

    @cached_property
    def _types(self) -> list[str]:
        found: list[str] = []
        for folder in folders_above(self._passage):
            types = folder / "node_modules" / "@types"
            found += [read(types / package / "index.d.ts") for package in entries(types)[:_MAX_TYPES]]
        return found

    @cached_property
    def _texts(self) -> list[str]:
        """Those that may define names for this file: for a script all sources, for a module what declares globals."""
        found: list[str] = []
        root = self._passage.workspace
        folders = folders_below(root) if root is not None else folders_above(self._passage)[:1]
        for folder in folders:
            for name in entries(folder):
                path = folder / name
                if path == self._passage.path:
                    continue
                if name.endswith(_SOURCES) or _CONFIGURATION.fullmatch(name):
                    text = read(path)
                    declares = name.endswith(".d.ts") or _CONFIGURATION.fullmatch(name) or _GLOBAL.search(text)
                    if not self._module or declares:
                        found.append(text)
                    else:
                        found += [match[1] or match[2] for match in _ASSIGNED.finditer(text)]
                if len(found) > _MAX_FILES:
                    return found
        return found


def undefined_in_javascript(suspects: Suspects) -> Iterator[Use]:
    """A script's names may come from the page's other scripts: there the whole workspace is looked through."""
    passage = suspects.passage
    if _MAGIC.search(passage.text) is not None:
        return
    asked = {use.name for use in suspects.scopes.uses if use.kind == "asked"}
    assigned = {match[1] or match[2] for match in _ASSIGNED.finditer(passage.text)}
    around = _Surroundings(passage)
    module = _MODULE.search(passage.text) is not None
    if not module:
        assigned |= {use.name for use in suspects.scopes.uses if use.kind == "assigned"}
    if not module and passage.workspace is None:
        return
    for use in suspects.uses:
        name = use.name
        if name in asked or name in assigned or name in JAVASCRIPT_GLOBALS or is_standard(name):
            continue
        if not (around.imports_by_itself or around.may_define(name) or around.is_ambient(name)):
            yield use
