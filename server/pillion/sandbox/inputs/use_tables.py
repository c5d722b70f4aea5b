"""What the methods, functions and names that code uses say about the values that it uses them with."""

import re
from collections.abc import Mapping

Kinds = frozenset[str]

NUMBER: Kinds = frozenset({"int", "float"})
INTEGER: Kinds = frozenset({"int"})
TEXT: Kinds = frozenset({"str"})
TEXTS: Kinds = frozenset({"str", "bytes"})
SEQUENCE: Kinds = frozenset({"list", "str", "tuple", "bytes"})
ITERABLE: Kinds = frozenset({"list", "str", "tuple", "set", "dict", "bytes"})
LIST: Kinds = frozenset({"list"})
ELEMENTS: Kinds = frozenset({"list", "tuple", "set"})
MAPPING: Kinds = frozenset({"dict"})
CALLABLE: Kinds = frozenset({"callable"})
SETS: Kinds = frozenset({"set"})


def _table(rows: Mapping[str, Kinds]) -> dict[str, Kinds]:
    return {name: kinds for names, kinds in rows.items() for name in names.split()}


METHODS: Mapping[str, Kinds] = _table(
    {
        "split rsplit strip lstrip rstrip lower upper startswith endswith replace splitlines title capitalize isdigit"
        " isalpha isalnum isspace islower isupper partition rpartition find rfind zfill ljust rjust center expandtabs"
        " removeprefix removesuffix swapcase": TEXTS,
        "encode format isidentifier casefold isdecimal isnumeric isprintable join translate format_map": TEXT,
        "decode hex": frozenset({"bytes"}),
        "append extend insert sort reverse": LIST,
        "items keys values setdefault popitem get": MAPPING,
        "add discard union intersection difference issubset issuperset symmetric_difference isdisjoint": SETS,
        "update": frozenset({"dict", "set"}),
        "pop": frozenset({"list", "dict"}),
        "remove": frozenset({"list", "set"}),
        "clear copy": frozenset({"list", "dict", "set"}),
        "index count rindex": SEQUENCE,
        "is_integer as_integer_ratio": frozenset({"float"}),
        "bit_length to_bytes bit_count": INTEGER,
    }
)
# Of these methods, the result looks like what they were called on.
SAME_SHAPE = frozenset(
    {
        "strip",
        "lstrip",
        "rstrip",
        "lower",
        "upper",
        "casefold",
        "replace",
        "expandtabs",
        "copy",
        "title",
        "capitalize",
        "removeprefix",
        "removesuffix",
    }
)
# The arguments of these methods are texts, too.
WITH_TEXT = frozenset(
    {
        "split",
        "replace",
        "startswith",
        "endswith",
        "find",
        "rfind",
        "partition",
        "rpartition",
        "removeprefix",
        "removesuffix",
    }
)
# Of these functions, the first argument has these kinds.
FUNCTIONS: Mapping[str, Kinds] = _table(
    {
        "len": ITERABLE,
        "sum": ELEMENTS,
        "sorted any all set list tuple frozenset enumerate iter reversed map filter zip next deque Counter": ITERABLE,
        "abs round divmod pow": NUMBER,
        "range chr bin hex oct": INTEGER,
        "ord": frozenset({"char"}),
        "int float": frozenset({"str", "int", "float"}),
        "callable": CALLABLE,
        "dict": MAPPING,
    }
)
# Functions of modules, whose arguments all have these kinds.
MODULES: Mapping[str, Kinds] = _table(
    {
        "math cmath": NUMBER,
        "re path posixpath os ntpath json shlex textwrap html unicodedata string fnmatch": TEXT,
        "bisect heapq statistics": LIST,
        "base64 binascii zlib hashlib struct": frozenset({"bytes"}),
    }
)
RESULTS: Mapping[str, str] = {
    **dict.fromkeys(["len", "int", "float", "abs", "round", "ord", "sum", "divmod", "pow"], "int"),
    **dict.fromkeys(["str", "repr", "chr", "input", "format", "hex", "bin", "oct", "ascii"], "str"),
    **dict.fromkeys(["list", "sorted"], "list"),
    "dict": "dict",
    "set": "set",
}

# What texts of these names look like.
TYPICAL: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"_*(?:\w+_)?(?:{names})"), values)
    for names, values in (
        (
            "ur[li]|href|link",
            ("http://user:pw@Example.com:80/a/b;p?x=1&y=2#z", "HTTP://A.B/C?D", "mailto:a@b.c", "//host/p"),
        ),
        ("qs|query|querystring|cookie|params", ("a=1&b=2&a=3&c=", "x=%20;y")),
        ("path|file|filename|fname|dir|directory|root|p", ("/a/b/../c.txt", "a/b.tar.gz", "/", "a//b/./", "~/x", ".")),
        ("date|day|when|timestamp|time", ("2024-02-29", "12:34:56", "Mon, 01 Jan 2024 10:00:00 +0100")),
        ("email|addr|address|mail", ("Ann <ann@example.com>", "a@b.c")),
        ("version|ver", ("1.2.3", "2.10", "1.0rc1")),
        ("html|xml|markup", ('<a href="x">b &amp; c</a>',)),
        ("json", ('{"a": [1, 2]}',)),
        ("encoding|charset|codec", ("utf-8", "ascii", "latin-1")),
        ("errors", ("strict", "replace", "ignore")),
        ("mode", ("r", "w", "rb")),
        ("ip|host|hostname", ("127.0.0.1", "example.com:80", "::1")),
    )
)
_NAMES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"_*(?:\w+_)?(?:{names})\d?"), kind)
    for names, kind in (
        (r"key_?func|func|function|fn|callback|predicate|pred|transform|mapper|reducer|factory|getter", "callable"),
        (r"mapping|dict|dic|options|opts|config|settings|headers|env|counts|kwargs|attrs|table|lookup|d", "dict"),
        (r"bytes|buf|buffer|payload|raw|blob", "bytes"),
        (r"c|ch|char|character|digit|letter", "char"),
        (r"rows|matrix|grid|board|pairs|edges|intervals|points", "pairs"),
        (r"lines|words|names|strings|tokens|keys|paths|args|argv|parts|texts|tags|files|urls|fields|labels", "strings"),
        (
            r"items|values|numbers|nums|data|lst|list|seq|sequence|arr|array|elements|iterable|it|xs|records|entries"
            r"|prices|scores|results|stack|queue|objects|ints|samples|weights|sizes|counts|ids|ages",
            "list",
        ),
        (
            r"text|s|st|string|str|name|line|word|title|path|file|filename|fname|url|key|prefix|suffix|sep|msg|message"
            r"|pattern|pat|label|source|src|html|token|lang|mode|format|fmt|spec|content|body|code|query|scheme|host|user"
            r"|password|email|delimiter|encoding|newline|indent|header|tag|kind|type|unit|sentence|paragraph|expr|version",
            "str",
        ),
        (
            r"n|k|i|j|m|count|num|number|size|length|width|height|index|idx|limit|depth|level|age|year|month|day|hour"
            r"|minute|second|seconds|minutes|days|start|end|stop|step|max\w*|min\w*|lo|hi|low|high|offset|pos|position"
            r"|total|amount|quantity|qty|number|port|times|degree|row|col|column|base|target|capacity|bits|maxsplit",
            "int",
        ),
        (
            r"ratio|rate|price|percent|percentage|factor|alpha|mu|sigma|tolerance|eps|epsilon|score|weight|radius",
            "float",
        ),
        (
            r"flag|done|finished|active|enabled|disabled|visible|hidden|verbose|strict|reverse|recursive|ignore_case|inclusive|(?:is|has|use|allow|keep|with)_\w+",
            "bool",
        ),
    )
)


def kind_of_name(name: str) -> str:
    """What a parameter of this name usually is; empty if the name doesn't say."""
    return next((kind for pattern, kind in _NAMES if pattern.fullmatch(name)), "")


def typical(name: str) -> tuple[str, ...]:
    """Texts that a parameter of this name is likely to get."""
    return next((values for pattern, values in TYPICAL if pattern.fullmatch(name)), ())
