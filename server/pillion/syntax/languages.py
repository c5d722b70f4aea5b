"""The languages Pillion reads, as data. A new language is a row here and its grammar's wheel."""

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import tree_sitter


class DocStyle(StrEnum):
    """Where a symbol's documentation stands and how it is written."""

    DOCSTRING = "docstring"  # Python: the body's first statement
    JSDOC = "jsdoc"  # /** … */ above the symbol
    SLASHES_2 = "//"  # Go: comment lines above the symbol
    SLASHES_3 = "///"  # Rust: doc comment lines above the symbol


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language.

    `symbols` maps node types to what a person calls them; `wrappers` are nodes that belong to the symbol inside
    (decorators, `export`); `attributes` belong to the symbol behind them; `stub` matches a body that is not
    written yet, once comments and docstrings are off.
    """

    id: str
    title: str
    extensions: tuple[str, ...]
    grammar: str
    symbols: Mapping[str, str]
    wrappers: frozenset[str]
    doc_style: DocStyle
    stub: re.Pattern[str]
    grammar_function: str = "language"
    comments: frozenset[str] = field(default=frozenset({"comment"}))
    returns: frozenset[str] = field(default=frozenset({"return_statement"}))
    imports: frozenset[str] = field(default=frozenset({"import_statement"}))
    attributes: frozenset[str] = field(default=frozenset({"decorator"}))


def _symbols(**kinds: str) -> Mapping[str, str]:
    return MappingProxyType(kinds)


_JS_SYMBOLS = _symbols(
    function_declaration="function",
    generator_function_declaration="function",
    method_definition="method",
    class_declaration="class",
    variable_declarator="function",  # const f = (a) => …; see symbols.py
)
_TS_SYMBOLS = _symbols(**_JS_SYMBOLS, abstract_class_declaration="class", interface_declaration="interface")
_JS_WRAPPERS = frozenset({"export_statement", "lexical_declaration", "variable_declaration"})
# What follows an unconditional throw is dead, so the argument may hold parentheses of its own.
_JS_STUB = re.compile(r"(?:throw\s+new\s+\w*Error\(.*\)\s*;?)?", re.DOTALL)

LANGUAGES: tuple[Language, ...] = (
    Language(
        id="python",
        title="Python",
        extensions=(".py", ".pyi"),
        grammar="tree_sitter_python",
        symbols=_symbols(function_definition="function", class_definition="class"),
        wrappers=frozenset({"decorated_definition"}),
        doc_style=DocStyle.DOCSTRING,
        stub=re.compile(r"(?:pass|\.\.\.|raise\s+NotImplementedError(?:\(.*\))?|return\s+NotImplemented)?", re.DOTALL),
        returns=frozenset({"return_statement", "yield"}),
        imports=frozenset({"import_statement", "import_from_statement", "future_import_statement"}),
    ),
    Language(
        id="javascript",
        title="JavaScript",
        extensions=(".js", ".mjs", ".cjs", ".jsx"),
        grammar="tree_sitter_javascript",
        symbols=_JS_SYMBOLS,
        wrappers=_JS_WRAPPERS,
        doc_style=DocStyle.JSDOC,
        stub=_JS_STUB,
    ),
    Language(
        id="typescript",
        title="TypeScript",
        extensions=(".ts", ".mts", ".cts"),
        grammar="tree_sitter_typescript",
        grammar_function="language_typescript",
        symbols=_TS_SYMBOLS,
        wrappers=_JS_WRAPPERS,
        doc_style=DocStyle.JSDOC,
        stub=_JS_STUB,
    ),
    Language(
        id="typescriptreact",
        title="TSX",
        extensions=(".tsx",),
        grammar="tree_sitter_typescript",
        grammar_function="language_tsx",
        symbols=_TS_SYMBOLS,
        wrappers=_JS_WRAPPERS,
        doc_style=DocStyle.JSDOC,
        stub=_JS_STUB,
    ),
    Language(
        id="go",
        title="Go",
        extensions=(".go",),
        grammar="tree_sitter_go",
        symbols=_symbols(function_declaration="function", method_declaration="method"),
        wrappers=frozenset(),
        doc_style=DocStyle.SLASHES_2,
        stub=re.compile(r"(?:panic\(.*\))?", re.DOTALL),
        imports=frozenset({"import_declaration"}),
    ),
    Language(
        id="rust",
        title="Rust",
        extensions=(".rs",),
        grammar="tree_sitter_rust",
        symbols=_symbols(
            function_item="function", struct_item="struct", enum_item="enum", trait_item="trait", impl_item="impl"
        ),
        wrappers=frozenset(),
        doc_style=DocStyle.SLASHES_3,
        stub=re.compile(r"(?:(?:todo|unimplemented)!\(.*\)\s*;?)?", re.DOTALL),
        comments=frozenset({"line_comment", "block_comment"}),
        returns=frozenset({"return_expression"}),
        imports=frozenset({"use_declaration"}),
        attributes=frozenset({"attribute_item"}),
    ),
)

# What editors call the languages above besides LSP's own identifiers.
_ALIASES = {"javascriptreact": "javascript", "tsx": "typescriptreact", "jsx": "javascript"}


def language_by_id(language_id: str) -> Language | None:
    """The language with this LSP identifier, or None if Pillion doesn't read it."""
    wanted = _ALIASES.get(language_id, language_id)
    return next((language for language in LANGUAGES if language.id == wanted), None)


def language_by_path(path: str) -> Language | None:
    """The language that a file's ending says, or None."""
    return next((language for language in LANGUAGES if path.lower().endswith(language.extensions)), None)


def known_titles() -> str:
    """The languages Pillion reads, for messages."""
    return ", ".join(language.title for language in LANGUAGES)


@cache
def _grammar(module: str, function: str) -> tree_sitter.Language:
    return tree_sitter.Language(getattr(importlib.import_module(module), function)())


def parse(language: Language, source: bytes, old_tree: tree_sitter.Tree | None = None) -> tree_sitter.Tree:
    """The syntax tree of UTF-8 `source`. An `old_tree` that was told of its edits makes it incremental."""
    parser = tree_sitter.Parser(_grammar(language.grammar, language.grammar_function))
    return parser.parse(source) if old_tree is None else parser.parse(source, old_tree)


@cache
def symbol_query(language: Language) -> tree_sitter.Query:
    """Captures every node that may be a symbol, as `symbol`."""
    alternatives = " ".join(f"({node_type})" for node_type in language.symbols)
    grammar = _grammar(language.grammar, language.grammar_function)
    return tree_sitter.Query(grammar, f"[{alternatives}] @symbol")
