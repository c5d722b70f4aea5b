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
    """Where a symbol's documentation is and how it is written."""

    DOCSTRING = "docstring"  # Python: the body's first statement
    JSDOC = "jsdoc"  # /** … */ above the symbol
    JAVADOC = "javadoc"  # the same for Javadoc and Doxygen, whose tag is @return
    SLASHES_2 = "//"  # Go: comment lines above the symbol
    SLASHES_3 = "///"  # Rust: doc comment lines above the symbol


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language.

    `symbols` maps node types to people's words for them. `wrappers` are nodes that belong to the symbol inside them
    (decorators, `export`). `attributes` belong to the symbol after them. `stub` matches a body that is not
    written yet, without its comments and docstrings. `around` is the code that a symbol of a kind needs around it, so
    that it can be parsed on its own.

    `ends` are tokens: if a line ends with one, the statement is over, whatever follows, unless it ends in one
    of the nodes in `goes_on` (`else` may follow an `if`). If "\\n" is among them, a line's end alone ends a
    statement. If `ends` is empty, only the next statement shows that one is over.
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
    ends: frozenset[str] = frozenset()
    goes_on: frozenset[str] = frozenset()
    around: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    comments: frozenset[str] = field(default=frozenset({"comment"}))
    returns: frozenset[str] = field(default=frozenset({"return_statement"}))
    yields: frozenset[str] = field(default=frozenset({"yield_expression"}))
    raises: frozenset[str] = field(default=frozenset({"throw_statement"}))
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
# Code after an unconditional throw is dead, so the argument may contain parentheses.
_JS_STUB = re.compile(r"(?:throw\s+new\s+\w*Error\(.*\)\s*;?)?", re.DOTALL)

# Python's compound statements go on for as long as lines are indented.
_PYTHON_GOES_ON = frozenset(
    {
        "if_statement",
        "for_statement",
        "while_statement",
        "with_statement",
        "try_statement",
        "match_statement",
        "case_clause",
        "function_definition",
        "class_definition",
        "decorated_definition",
    }
)
_JS_AROUND = MappingProxyType({"method": ("class _ {\n", "\n}"), "function": ("const ", "")})
_ENDS = frozenset({";", "}", ","})
# After the closing brace of a value, a call, an operator or `from` may follow on the next line.
_JS_GOES_ON = frozenset(
    {
        "if_statement",
        "try_statement",
        "object",
        "array_pattern",
        "object_pattern",
        "function_expression",
        "generator_function",
        "arrow_function",
        "class",
        "object_type",
        "type_alias_declaration",
        "export_clause",
        "named_imports",
    }
)
# Go inserts a semicolon at each line's end where a statement can end.
_GO_ENDS = _ENDS | {"\n"}
_C_ENDS = _ENDS | {"#endif"}
_C_SYMBOLS = _symbols(
    function_definition="function", struct_specifier="struct", union_specifier="union", enum_specifier="enum"
)
_C_STUB = r"(?:std::)?abort\(\)\s*;|assert\((?:0|false|!\").*\)\s*;"

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
        ends=frozenset({"\n", ","}),
        goes_on=_PYTHON_GOES_ON,
        yields=frozenset({"yield"}),
        raises=frozenset({"raise_statement"}),
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
        ends=_ENDS,
        goes_on=_JS_GOES_ON,
        around=_JS_AROUND,
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
        ends=_ENDS,
        goes_on=_JS_GOES_ON,
        around=_JS_AROUND,
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
        ends=_ENDS,
        goes_on=_JS_GOES_ON,
        around=_JS_AROUND,
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
        ends=_GO_ENDS,
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
        ends=_ENDS,
        goes_on=frozenset({"if_expression", "struct_expression", "closure_expression"}),
        comments=frozenset({"line_comment", "block_comment"}),
        returns=frozenset({"return_expression"}),
        imports=frozenset({"use_declaration"}),
        attributes=frozenset({"attribute_item"}),
    ),
    Language(
        id="java",
        title="Java",
        extensions=(".java",),
        grammar="tree_sitter_java",
        symbols=_symbols(
            class_declaration="class",
            interface_declaration="interface",
            annotation_type_declaration="interface",
            enum_declaration="enum",
            record_declaration="record",
            method_declaration="method",
            constructor_declaration="method",
            compact_constructor_declaration="method",
        ),
        wrappers=frozenset(),
        doc_style=DocStyle.JAVADOC,
        stub=re.compile(
            r"(?:throw\s+new\s+(?:UnsupportedOperation|NotImplemented|IllegalState|Runtime)Exception\(.*\)\s*;)?",
            re.DOTALL,
        ),
        ends=_ENDS,
        goes_on=frozenset(
            {
                "if_statement",
                "try_statement",
                "try_with_resources_statement",
                "enum_constant",
            }
        ),
        around=MappingProxyType({"method": ("class _ {\n", "\n}")}),
        comments=frozenset({"line_comment", "block_comment"}),
        imports=frozenset({"import_declaration"}),
        attributes=frozenset(),
    ),
    Language(
        id="c",
        title="C",
        extensions=(".c", ".h"),
        grammar="tree_sitter_c",
        symbols=_C_SYMBOLS,
        wrappers=frozenset({"type_definition"}),
        doc_style=DocStyle.JAVADOC,
        stub=re.compile(rf"(?:{_C_STUB})?", re.DOTALL),
        ends=_C_ENDS,
        goes_on=frozenset({"if_statement", "attributed_statement"}),
        imports=frozenset({"preproc_include"}),
        attributes=frozenset(),
    ),
    Language(
        id="cpp",
        title="C++",
        extensions=(".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx"),
        grammar="tree_sitter_cpp",
        symbols=_symbols(**_C_SYMBOLS, class_specifier="class"),
        wrappers=frozenset({"template_declaration", "type_definition"}),
        doc_style=DocStyle.JAVADOC,
        stub=re.compile(
            rf"(?:{_C_STUB}|throw\s+(?:std::)?(?:logic|runtime)_error[({{].*[)}}]\s*;)?",
            re.DOTALL,
        ),
        ends=_C_ENDS,
        goes_on=frozenset({"if_statement", "try_statement", "attributed_statement"}),
        around=MappingProxyType({"method": ("struct _ {\n", "\n};")}),
        imports=frozenset({"preproc_include"}),
        attributes=frozenset(),
    ),
)

# Editors' other names for the languages above, besides LSP's own identifiers.
_ALIASES = {"javascriptreact": "javascript", "tsx": "typescriptreact", "jsx": "javascript", "c++": "cpp"}


def language_by_id(language_id: str) -> Language | None:
    """The language with this LSP identifier, or None if Pillion doesn't read it."""
    wanted = _ALIASES.get(language_id, language_id)
    return next((language for language in LANGUAGES if language.id == wanted), None)


def language_by_path(path: str) -> Language | None:
    """The language of a file, by its ending, or None."""
    return next((language for language in LANGUAGES if path.lower().endswith(language.extensions)), None)


def known_titles() -> str:
    """The languages Pillion reads, for messages."""
    return ", ".join(language.title for language in LANGUAGES)


@cache
def _grammar(module: str, function: str) -> tree_sitter.Language:
    return tree_sitter.Language(getattr(importlib.import_module(module), function)())


def parse(language: Language, source: bytes, old_tree: tree_sitter.Tree | None = None) -> tree_sitter.Tree:
    """The syntax tree of UTF-8 `source`. An `old_tree`, to which the edits were applied, makes this incremental."""
    parser = tree_sitter.Parser(_grammar(language.grammar, language.grammar_function))
    return parser.parse(source) if old_tree is None else parser.parse(source, old_tree)


@cache
def symbol_query(language: Language) -> tree_sitter.Query:
    """Captures every node that may be a symbol, as `symbol`."""
    alternatives = " ".join(f"({node_type})" for node_type in language.symbols)
    grammar = _grammar(language.grammar, language.grammar_function)
    return tree_sitter.Query(grammar, f"[{alternatives}] @symbol")
