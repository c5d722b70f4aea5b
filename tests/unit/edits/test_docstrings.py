"""Fields become a docstring in the language's own style, and nothing else of the document changes."""

import ast
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.config.limits import FIELD_CHARACTERS, SUMMARY_CHARACTERS
from pillion.edits.documentation.docstring_fields import DocstringFields, parse_fields
from pillion.edits.documentation.docstrings import docstring_replacement
from pillion.edits.documentation.python_docstrings import PythonStyle
from pillion.errors import DraftRejectedError
from pillion.syntax.check import behaviour_fingerprint, first_error
from pillion.text.replacement import apply_replacements
from tests.support.texts import CURSOR, SOURCES, parsed

ADD = {"summary": "add numbers", "parameters": {"a": "the first", "b": "the second"}, "returns": "the sum"}


def documented(language_id: str, text: str, fields: dict[str, Any], style: PythonStyle = PythonStyle.GOOGLE) -> str:
    document = parsed(language_id, text.replace(CURSOR, ""))
    place = text.index(CURSOR)
    symbol = document.symbols.enclosing(place, place)
    assert symbol is not None
    change = docstring_replacement(DocstringFields(**fields), symbol, document.text, document.language, style)
    return apply_replacements(document.text, [change])


CASES = {
    "one line": ("python", "def f():¦\n    pass\n", {"summary": "do it"}, 'def f():\n    """Do it."""\n    pass\n'),
    "sections": (
        "python",
        "def add(a, b):¦\n    return a + b\n",
        ADD,
        'def add(a, b):\n    """Add numbers.\n\n    Args:\n        a: the first\n        b: the second\n\n'
        '    Returns:\n        the sum\n    """\n    return a + b\n',
    ),
    "method": (
        "python",
        "class A:\n    @a\n    def f(self, x):¦\n        # why\n        self.x = x\n",
        {"summary": "Set x.", "parameters": {"self": "me", "x": "what"}, "returns": "None"},
        'class A:\n    @a\n    def f(self, x):\n        """Set x.\n\n        Args:\n            x: what\n        """\n'
        "        # why\n        self.x = x\n",
    ),
    "class": ("python", "@d\nclass A:¦\n    x = 1\n", {"summary": "a box"}, '@d\nclass A:\n    """A box."""\n    x = 1\n'),
    "function on one line": ("python", "def f(a): return a¦\n", {"summary": "f"}, 'def f(a):\n    """F."""\n    return a\n'),
    "method on one line": (
        "python",
        "class A:\n  def f(self): a(); b()¦  # why\n",
        {"summary": "f"},
        'class A:\n  def f(self):\n    """F."""\n    a(); b()  # why\n',
    ),
    "class on one line": ("python", "class A(B): pass¦\n", {"summary": "f"}, 'class A(B):\n    """F."""\n    pass\n'),
    "header on several lines": (
        "python",
        "def f(\n    a,\n) -> None:  # why\n    pass¦\n",
        {"summary": "f"},
        'def f(\n    a,\n) -> None:  # why\n    """F."""\n    pass\n',
    ),
    "tabs": (
        "python",
        "class A:\n\tdef f(self, x):¦\n\t\tpass\n",
        {"summary": "f", "parameters": {"x": "x1"}},
        'class A:\n\tdef f(self, x):\n\t\t"""F.\n\n\t\tArgs:\n\t\t\tx: x1\n\t\t"""\n\t\tpass\n',
    ),
    "carriage returns": (
        "python",
        "def f(x):¦\r\n    pass\r\n",
        {"summary": "f", "parameters": {"x": "x1"}},
        'def f(x):\r\n    """F.\r\n\r\n    Args:\r\n        x: x1\r\n    """\r\n    pass\r\n',
    ),
    "carriage returns, one line": ("python", "def f(): pass¦\r\n", {"summary": "f"}, 'def f():\r\n    """F."""\r\n    pass\r\n'),
    "invented and empty parameters": (
        "python",
        "def f(a, b, c):¦\n    pass\n",
        {"summary": "f", "parameters": {"z": "none", "a": "  - the a:  ", "b": "...", "c": "<description>"}, "returns": "it"},
        'def f(a, b, c):\n    """F.\n\n    Args:\n        a: the a\n    """\n    pass\n',
    ),
    "order of the signature": (
        "python",
        "def f(a, b):¦\n    pass\n",
        {"summary": "f", "parameters": {"b": "B", "a": "A"}},
        'def f(a, b):\n    """F.\n\n    Args:\n        a: A\n        b: B\n    """\n    pass\n',
    ),
    "long summary": (
        "python",
        "def f():¦\n    pass\n",
        {"summary": "word " * 30},
        'def f():\n    """Word' + " word" * 15 + "\n    word" + " word" * 13 + '.\n    """\n    pass\n',
    ),
    "several lines in one": ("python", "def f():¦\n    pass\n", {"summary": "a\n\n  b!"}, 'def f():\n    """A b!"""\n    pass\n'),
    "jsdoc": (
        "javascript",
        "class A {\n  add(a, b) {¦\n    return a + b;\n  }\n}\n",
        ADD,
        "class A {\n  /**\n   * Add numbers.\n   * @param a the first\n   * @param b the second\n   * @returns the sum\n   */\n"
        "  add(a, b) {\n    return a + b;\n  }\n}\n",
    ),
    "end of comment in jsdoc": (
        "javascript",
        "function f() {¦\n}\n",
        {"summary": "matches **/*.js*/"},
        "/**\n * Matches **/*.js* /.\n */\nfunction f() {\n}\n".replace("**/*", "** /*"),
    ),
    "exported, decorated": (
        "typescript",
        "@C()\nexport class A {¦\n  x = 1;\n}\n",
        {"summary": "a"},
        "/**\n * A.\n */\n@C()\nexport class A {\n  x = 1;\n}\n",
    ),
    "decorated method": (
        "typescript",
        "class A {\n  @In()\n  f(): number {¦\n    return 1;\n  }\n}\n",
        {"summary": "f", "returns": "1"},
        "class A {\n  /**\n   * F.\n   * @returns 1\n   */\n  @In()\n  f(): number {\n    return 1;\n  }\n}\n",
    ),
    "go begins with the name": (
        "go",
        "func Add(a, b int) int {¦\n\treturn a + b\n}\n",
        {**ADD, "summary": "Adds numbers."},
        "// Add adds numbers.\n// `a`: the first\n// `b`: the second\n// Returns the sum\nfunc Add(a, b int) int {\n\treturn a + b\n}\n",
    ),
    "go begins with the name already": (
        "go",
        "func Add() {¦\n}\n",
        {"summary": "Add adds."},
        "// Add adds.\nfunc Add() {\n}\n",
    ),
    "go and an abbreviation": ("go", "func F() {¦\n}\n", {"summary": "URL of it"}, "// F URL of it.\nfunc F() {\n}\n"),
    "rust": (
        "rust",
        "impl A {\n    #[inline]\n    pub fn f(&self, a: i32) -> i32 {¦\n        a\n    }\n}\n",
        {"summary": "f", "parameters": {"a": "the a"}, "returns": "The same"},
        "impl A {\n    /// F.\n    /// `a`: the a\n    /// Returns the same\n    #[inline]\n    pub fn f(&self, a: i32) -> i32 {\n        a\n    }\n}\n",
    ),
    "javadoc": (
        "java",
        "class A {\n    @Override\n    public int add(int a, int... b) {¦\n        return a;\n    }\n}\n",
        ADD,
        "class A {\n    /**\n     * Add numbers.\n     * @param a the first\n     * @param b the second\n     * @return the sum\n     */\n"
        "    @Override\n    public int add(int a, int... b) {\n        return a;\n    }\n}\n",
    ),
    "javadoc of a constructor": (
        "java",
        "class A {\n    A(int a) {¦\n    }\n}\n",
        {**ADD, "summary": "makes it"},
        "class A {\n    /**\n     * Makes it.\n     * @param a the first\n     */\n    A(int a) {\n    }\n}\n",
    ),
    "doxygen": (
        "c",
        "static char *add(const char *a, int (*b)(int c))\n{¦\n}\n",
        ADD,
        "/**\n * Add numbers.\n * @param a the first\n * @param b the second\n * @return the sum\n */\n"
        "static char *add(const char *a, int (*b)(int c))\n{\n}\n",
    ),
    "nothing returned": ("c", "void f(void) {¦\n}\n", {"summary": "f", "returns": "nothing"}, "/**\n * F.\n */\nvoid f(void) {\n}\n"),
    "typedef": ("c", "typedef struct {\n    int a;¦\n} S;\n", {"summary": "a box"}, "/**\n * A box.\n */\ntypedef struct {\n    int a;\n} S;\n"),
    "template": (
        "cpp",
        "class A {\n    template <typename T>\n    T f(T &&a) {¦\n        return a;\n    }\n};\n",
        {"summary": "f", "parameters": {"a": "what"}, "returns": "the same"},
        "class A {\n    /**\n     * F.\n     * @param a what\n     * @return the same\n     */\n    template <typename T>\n    T f(T &&a) {\n"
        "        return a;\n    }\n};\n",
    ),
    "jsdoc of a generator that throws": (
        "javascript",
        "function* f(a) {¦\n  if (!a) throw new TypeError('a');\n  yield a;\n}\n",
        {"summary": "f", "yields": "each", "raises": {"TypeError": "without a"}},
        "/**\n * F.\n * @yields each\n * @throws {TypeError} without a\n */\n"
        "function* f(a) {\n  if (!a) throw new TypeError('a');\n  yield a;\n}\n",
    ),
    "javadoc of a method that throws": (
        "java",
        "class A {\n    void f() {¦\n        throw new IOException(\"a\");\n    }\n}\n",
        {"summary": "f", "raises": {"IOException": "always"}},
        "class A {\n    /**\n     * F.\n     * @throws IOException always\n     */\n    void f() {\n"
        "        throw new IOException(\"a\");\n    }\n}\n",
    ),
    "carriage returns above": ("go", "func F() {¦\r\n}\r\n", {"summary": "F does"}, "// F does.\r\nfunc F() {\r\n}\r\n"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "fields", "after"), CASES.values(), ids=CASES.keys())
def test_the_docstring_is_in_the_languages_style(language: str, text: str, fields: dict[str, Any], after: str) -> None:
    assert documented(language, text, fields) == after


PATH = "the file the file the file the file the file the file the file the file"
EVERYTHING = (
    "def read(path, limit=3) -> list[str]:¦\n    if not path:\n        raise ValueError(path)\n    return []\n",
    {
        "summary": "read lines",
        "parameters": {"path": "the file " * 10, "limit": "how many"},
        "returns": "the lines",
        "raises": {"ValueError": "if there is no path", "OSError": "never"},
    },
)
GENERATOR = (
    "def count(n):¦\n    yield n\n",
    {"summary": "count", "parameters": {"n": "the first"}, "returns": "x", "yields": "numbers"},
)
STYLES = [
    (PythonStyle.GOOGLE, EVERYTHING, f"""Read lines.

    Args:
        path: {PATH}
            the file the file
        limit: how many

    Returns:
        the lines

    Raises:
        ValueError: if there is no path
    """),
    (PythonStyle.NUMPY, EVERYTHING, f"""Read lines.

    Parameters
    ----------
    path
        {PATH} the file
        the file
    limit
        how many

    Returns
    -------
    list[str]
        the lines

    Raises
    ------
    ValueError
        if there is no path
    """),
    (PythonStyle.SPHINX, EVERYTHING, f"""Read lines.

    :param path: {PATH}
        the file the file
    :param limit: how many
    :returns: the lines
    :raises ValueError: if there is no path
    """),
    (PythonStyle.GOOGLE, GENERATOR, """Count.

    Args:
        n: the first

    Yields:
        numbers
    """),
    (PythonStyle.NUMPY, GENERATOR, """Count.

    Parameters
    ----------
    n
        the first

    Yields
    ------
    numbers
    """),
    (PythonStyle.SPHINX, GENERATOR, """Count.

    :param n: the first
    :yields: numbers
    """),
]  # fmt: skip


@pytest.mark.parametrize(("style", "example", "docstring"), STYLES)
def test_pythons_styles(style: PythonStyle, example: tuple[str, dict[str, Any]], docstring: str) -> None:
    text, fields = example
    after = documented("python", text, fields, style)
    header, _, rest = text.replace(CURSOR, "").partition("\n")
    assert after == f'{header}\n    """{docstring}"""\n{rest}'


WORDS = st.text(st.sampled_from("ab .\"'\\\n{}*/`é🥞#"), min_size=1, max_size=30).filter(
    lambda text: text.strip(' -:\n"')
)


@settings(max_examples=60, deadline=None)
@given(summary=WORDS, words=WORDS, header=st.sampled_from(["def f(a):¦\n    return a\n", "def f(a): return a¦\n"]))
def test_whatever_a_model_says_the_code_stays(summary: str, words: str, header: str) -> None:
    text = f"class A:\n    x = 1\n{header}"
    after = documented("python", text, {"summary": summary, "parameters": {"a": words}, "returns": words})
    before_tree, after_tree = ast.parse(text.replace(CURSOR, "")), ast.parse(after)
    function = after_tree.body[1]
    assert isinstance(function, ast.FunctionDef)
    said = ast.get_docstring(function) or ""
    assert "".join(summary.split()).strip("-:").lower() in "".join(said.split()).lower()
    del function.body[0]
    assert ast.dump(after_tree) == ast.dump(before_tree)


@settings(max_examples=30, deadline=None)
@given(language=st.sampled_from(sorted(SOURCES)), summary=WORDS, data=st.data())
def test_every_symbol_can_be_documented(language: str, summary: str, data: st.DataObject) -> None:
    before = parsed(language, SOURCES[language])
    symbols = [before.symbols.read(node) for node in before.symbols.walk()]
    symbol = data.draw(st.sampled_from([each for each in symbols if not each.documented] or symbols))
    change = docstring_replacement(DocstringFields(summary=summary), symbol, before.text, before.language)
    after = parsed(language, apply_replacements(before.text, [change]))
    assert first_error(after) is None
    assert behaviour_fingerprint(after, after.tree.root_node) == behaviour_fingerprint(before, before.tree.root_node)
    assert all(each.documented for each in map(after.symbols.read, after.symbols.occurrences(symbol.path)[:1]))


@pytest.mark.parametrize(
    ("reply", "fields"),
    [
        pytest.param(json.dumps(ADD), ADD, id="json"),
        pytest.param(f"Sure:\n```json\n{json.dumps(ADD)}\n```\ndone", ADD, id="in-a-fence"),
        pytest.param(
            '{"summary": "a", "more": 1}', {"summary": "a", "parameters": {}, "returns": None}, id="more-keys"
        ),
        pytest.param(
            '{"summary": "a", "parameters": null, "returns": ["b"]}',
            {"summary": "a", "parameters": {}, "returns": None},
            id="null",
        ),
        pytest.param(
            '{"summary": "a", "parameters": {"a": "b", "c": {"type": "int"}, "d": null}}',
            {"summary": "a", "parameters": {"a": "b"}, "returns": None},
            id="nested",
        ),
    ],
)
def test_fields_are_read(reply: str, fields: dict[str, Any]) -> None:
    empty: dict[str, Any] = {"parameters": {}, "returns": None, "yields": None, "raises": {}}
    assert parse_fields(reply).model_dump() == {**empty, **fields}


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        *((reply, "isn't the JSON") for reply in ("", "no", "{", "[]", '{"summary": 1}', '{"parameters": {}}', '{"summary": "a"')),
        *((f'{{"summary": "{words}"}}', "empty") for words in ("", "  ", "...", "…", "<summary>", "[text]", "TODO", "N/A.")),
    ],
)  # fmt: skip
def test_replies_that_say_nothing(reply: str, message: str) -> None:
    with pytest.raises(DraftRejectedError, match=message) as caught:
        parse_fields(reply)
    assert caught.value.code == "fields"


MOST, FIELD = SUMMARY_CHARACTERS, FIELD_CHARACTERS
BROKEN_OFF = "Takes the price, " + "the very " * 30
WHOLE = "Takes the price. "
LONG = "the price of one thing, or of all the things " + "that are in it " * 20
BRACKETS = "the price of one thing (in whole cents, " + "in whatever is used " * 20
CUT: dict[str, tuple[dict[str, Any], dict[str, Any] | None]] = {
    "at the schema's limit": ({"summary": BROKEN_OFF[:MOST]}, None),
    "one before it": ({"summary": BROKEN_OFF[: MOST - 1]}, None),
    "behind a whole sentence": ({"summary": (WHOLE + "x" * MOST)[:MOST]}, {"summary": WHOLE.strip()}),
    "a sentence as long": ({"summary": "x" * (MOST - 1) + "."}, {"summary": "x" * (MOST - 1) + "."}),
    "in a word that can't end a sentence": ({"summary": "Takes the price and the"}, None),
    "at a comma": ({"summary": "Takes the price of one thing,"}, None),
    "short": ({"summary": "Sums up the"}, {"summary": "Sums up the"}),
    "a parameter": (
        {"summary": "Fine.", "parameters": {"a": ("the first of " * 20)[:FIELD], "b": "whole"}},
        {"summary": "Fine.", "parameters": {"a": "", "b": "whole"}},
    ),
    "a parameter's second clause": (
        {"summary": "Fine.", "parameters": {"a": LONG[:FIELD]}},
        {"summary": "Fine.", "parameters": {"a": "the price of one thing"}},
    ),
    "a parameter's clauses below the limit": (
        {"summary": "Fine.", "parameters": {"a": LONG[:59]}},
        {"summary": "Fine.", "parameters": {"a": LONG[:59]}},
    ),
    "brackets": (
        {"summary": "Fine.", "returns": BRACKETS[:FIELD]},
        {"summary": "Fine.", "returns": "the price of one thing"},
    ),
    "a parameter behind a sentence": (
        {"summary": "Fine.", "parameters": {"a": ("The first. " + "y" * FIELD)[:FIELD]}},
        {"summary": "Fine.", "parameters": {"a": "The first."}},
    ),
    "what it returns": ({"summary": "Fine.", "returns": "z" * FIELD}, {"summary": "Fine.", "returns": ""}),
    "half a surrogate pair": ({"summary": "Takes \ud800 it"}, {"summary": "Takes \ufffd it"}),
}


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        *((echo, False) for echo in ("10", "default 10", "Defaults to 10.", "The default value is `10`", "int | None",
                                     "limit", "'x'", "\"x\"", "int", "None", "limit: int | None = 10", "The default is None")),
        *((words, True) for words in ("10 or more", "the limit", "an int", "how many of them; 10 by default",
                                      "None for all", "default 20")),
    ],
)  # fmt: skip
def test_a_part_of_the_signature_describes_no_parameter(words: str, kept: bool) -> None:
    text = "def f(limit: int | None = 10, name: str = 'x'):¦\n    pass\n"
    shown = documented("python", text, {"summary": "Fine.", "parameters": {"limit": words}})
    assert ("Args:" in shown) is kept, shown


@pytest.mark.parametrize(("said", "kept"), CUT.values(), ids=CUT)
def test_what_breaks_off_is_not_documentation(said: dict[str, Any], kept: dict[str, Any] | None) -> None:
    reply = json.dumps(said)
    if kept is None:
        with pytest.raises(DraftRejectedError, match="breaks off in the middle of a sentence"):
            parse_fields(reply)
    else:
        assert parse_fields(reply) == DocstringFields(**kept)


@pytest.mark.parametrize("end", range(2, 85))
def test_json_that_breaks_off_anywhere_is_refused(end: int) -> None:
    whole = json.dumps({"summary": "Takes it.", "parameters": {"a": "the {first}", "b": "{}"}, "returns": "it all."})
    assert end < len(whole)
    with pytest.raises(DraftRejectedError):
        parse_fields(whole[:end])
