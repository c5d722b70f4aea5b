"""The names that models write behind a fence, as languages."""

from pillion.syntax.languages import LANGUAGES, Language

# Languages that a file may have in another's place: their code is often the same.
_FAMILIES = (
    frozenset({"python", "python3", "py", "py3", "pyi", "pycon", "ipython", "cython", "sage"}),
    frozenset(
        {
            "javascript",
            "js",
            "jsx",
            "mjs",
            "cjs",
            "node",
            "ecmascript",
            "javascriptreact",
            "typescript",
            "ts",
            "tsx",
            "mts",
        }
        | {"cts", "typescriptreact"}
    ),
    frozenset({"go", "golang"}),
    frozenset({"rust", "rs"}),
    frozenset({"java"}),
    frozenset({"c", "h", "cpp", "c++", "cc", "cxx", "hpp", "hh", "hxx", "arduino", "cuda", "objc", "objectivec"}),
)
_PROGRAMMING = {
    "csharp": "C#", "c#": "C#", "cs": "C#", "kotlin": "Kotlin", "kt": "Kotlin", "swift": "Swift", "ruby": "Ruby",
    "rb": "Ruby", "php": "PHP", "scala": "Scala", "perl": "Perl", "lua": "Lua", "haskell": "Haskell", "hs": "Haskell",
    "elixir": "Elixir", "dart": "Dart", "r": "R", "julia": "Julia", "zig": "Zig", "groovy": "Groovy", "fsharp": "F#",
    "clojure": "Clojure", "ocaml": "OCaml", "vb": "Visual Basic", "matlab": "MATLAB", "pascal": "Pascal",
}  # fmt: skip
_NO_PROGRAMS = frozenset(
    {
        "bash", "sh", "shell", "zsh", "fish", "console", "terminal", "shellsession", "powershell", "ps1", "bat", "cmd",
        "json", "jsonc", "json5", "yaml", "yml", "toml", "ini", "xml", "html", "css", "scss", "sql", "graphql", "csv",
        "dockerfile", "makefile", "make", "cmake", "mermaid", "latex", "tex", "text", "txt", "plaintext", "plain",
        "output", "log", "none", "traceback", "tool_call", "tool_code", "http", "regex", "gitignore", "env",
    }
)  # fmt: skip


def is_another(name: str, language: Language) -> bool:
    """Whether a name, in lower case, names something else than this language or one that is often the same."""
    own = next((family for family in _FAMILIES if language.id in family), frozenset({language.id}))
    known = name in _PROGRAMMING or name in _NO_PROGRAMS or any(name in family for family in _FAMILIES)
    return known and name not in own


def title_of_another(name: str, language: Language) -> str:
    """The other programming language that it names, for people; empty if it names none."""
    if not is_another(name, language) or name in _NO_PROGRAMS:
        return ""
    if name in _PROGRAMMING:
        return _PROGRAMMING[name]
    family = next((family for family in _FAMILIES if name in family), frozenset())
    known = next((each for each in LANGUAGES if each.id == name), None)
    known = known or next((each for each in LANGUAGES if each.id in family), None)
    return known.title if known is not None else ""
