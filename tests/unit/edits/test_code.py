"""From a reply to edits: the symbol it rewrote, where the symbol stands, and nothing else."""

from textwrap import dedent

import pytest

from pillion.edits.code import code_replacements, told_replacements
from pillion.errors import DraftRejectedError
from pillion.prompts.prompt import fenced
from pillion.text.replacement import Replacement, apply_replacements
from tests.support.texts import CURSOR, SOURCES, parsed


def edited(language_id: str, text: str, reply: str) -> str:
    """`text` with the reply's version of the symbol at the cursor."""
    document = parsed(language_id, text.replace(CURSOR, ""))
    symbol = document.symbols.enclosing(text.index(CURSOR), text.index(CURSOR))
    assert symbol is not None
    return apply_replacements(document.text, code_replacements(reply, symbol, document))


# language, document with a cursor, reply, document afterwards
CASES = {
    "function": (
        "python",
        "x = 1\n\n\ndef f(a):¦\n    return a\n\n\ny = 2\n",
        "Sure:\n```python\ndef f(a):\n    return a + 1\n```\n",
        "x = 1\n\n\ndef f(a):\n    return a + 1\n\n\ny = 2\n",
    ),
    "no fence": ("python", "def f(a):¦\n    pass\n", "def f(a):\n    return a\n", "def f(a):\n    return a\n"),
    "stub on one line": ("python", "def f(a): ...¦\n", "def f(a):\n    return a\n", "def f(a):\n    return a\n"),
    "method drafted at the margin": (
        "python",
        "class A:\n    def f(self):¦\n        pass\n\n    x = 1\n",
        "def f(self):\n    if self.x:\n        return 1\n    return 2\n",
        "class A:\n    def f(self):\n        if self.x:\n            return 1\n        return 2\n\n    x = 1\n",
    ),
    "method drafted with its class": (
        "python",
        "class A:\n\tx = 1\n\n\tdef f(self):¦\n\t\tpass\n",
        "class A:\n    x = 2\n\n    def f(self):\n        return self.x\n",
        "class A:\n\tx = 1\n\n\tdef f(self):\n\t\treturn self.x\n",
    ),
    "method whose first line is at the margin": (
        "python",
        "class A:\n    def f(self):¦\n        pass\n",
        "def f(self):\n        return 1\n",
        "class A:\n    def f(self):\n        return 1\n",
    ),
    "method of the right one of two classes": (
        "python",
        "class A:\n    def f(self):\n        return 1\n\nclass B:\n    def f(self):\n        return¦ 2\n",
        "class A:\n    def f(self):\n        return 10\n\nclass B:\n    def f(self):\n        return 20\n",
        "class A:\n    def f(self):\n        return 1\n\nclass B:\n    def f(self):\n        return 20\n",
    ),
    "setter and not getter": (
        "python",
        "class A:\n    @property\n    def x(self):\n        return 1\n\n    @x.setter\n    def x(self, v):\n        pass¦\n",
        "@property\ndef x(self):\n    return 2\n\n@x.setter\ndef x(self, v):\n    self.v = v\n",
        "class A:\n    @property\n    def x(self):\n        return 1\n\n    @x.setter\n    def x(self, v):\n        self.v = v\n",
    ),
    "getter and not setter": (
        "python",
        "class A:\n    @property\n    def x(self):¦\n        pass\n\n    @x.setter\n    def x(self, v):\n        pass\n",
        "@property\ndef x(self):\n    return self.v\n",
        "class A:\n    @property\n    def x(self):\n        return self.v\n\n    @x.setter\n    def x(self, v):\n        pass\n",
    ),
    "overload": (
        "python",
        "@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\ndef f(a):¦\n    pass\n",
        "@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\ndef f(a):\n    return a\n",
        "@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\ndef f(a):\n    return a\n",
    ),
    "nested function": (
        "python",
        "def f():\n    def g(a):¦\n        pass\n    return g\n",
        "def g(a):\n    return a\n",
        "def f():\n    def g(a):\n        return a\n    return g\n",
    ),
    "whole class": (
        "python",
        'class A:¦\n    """Doc."""\n\n    pass\n',
        'class A:\n    """Other words."""\n\n    def __init__(self):\n        self.x = []\n',
        'class A:\n    """Doc."""\n\n    def __init__(self):\n        self.x = []\n',
    ),
    "header restored": (
        "python",
        'def f(  # why\n    a: int,\n    b: str = "x",\n) -> str:¦\n    pass\n',
        "def f(a, b):\n    return a * b\n",
        'def f(  # why\n    a: int,\n    b: str = "x",\n) -> str:\n    return a * b\n',
    ),
    "header with other parameters is the draft's": (
        "python",
        "def f(a):¦\n    pass\n",
        "def f(a, b=1):\n    return b\n",
        "def f(a, b=1):\n    return b\n",
    ),
    "docstring kept": (
        "python",
        'def f(a):¦\n    """Mine.\n\n    >>> f(1)\n    """\n    pass\n',
        'def f(a):\n    """Theirs."""\n    return a\n',
        'def f(a):\n    """Mine.\n\n    >>> f(1)\n    """\n    return a\n',
    ),
    "docstring that the draft wrote a second time": (
        "python",
        'def f(a):¦\n    """Mine."""\n    return a\n',
        'def f(a):\n    """Mine."""\n    """Theirs.\n\n    In words.\n    """\n    \'Once more.\'\n    return a + 1\n',
        'def f(a):\n    """Mine."""\n    return a + 1\n',
    ),
    "a string below the docstring that is the user's": (
        "python",
        'def f(a):¦\n    """Mine."""\n    "Mine, too."\n    return a\n',
        'def f(a):\n    """Theirs."""\n    "Mine, too."\n    return a + 1\n',
        'def f(a):\n    """Mine."""\n    "Mine, too."\n    return a + 1\n',
    ),
    "docstring that the draft lost": (
        "python",
        'class A:\n    def f(self):¦\n        """Mine."""\n        pass\n',
        "def f(self):\n    return 1\n",
        'class A:\n    def f(self):\n        """Mine."""\n        return 1\n',
    ),
    "docstring that the draft lost with its lines": (
        "python",
        'class A:\n    def f(self):¦\n        """Mine."""\n        pass\n',
        "def f(self): return 1\n",
        'class A:\n    def f(self):\n        """Mine."""\n        return 1\n',
    ),
    "the blank line below a docstring that the draft lost": (
        "python",
        "class f:¦\n    'Doc.'\n\n    pass\n",
        "```python\nclass f:\n    def g(self):\n        return 1\n```",
        "class f:\n    'Doc.'\n\n    def g(self):\n        return 1\n",
    ),
    "the blank line below a docstring that the draft rewrote": (
        "python",
        "class f:¦\n    'Doc.'\n\n    pass\n",
        "```python\nclass f:\n    'Mine.'\n    a = 1\n```",
        "class f:\n    'Doc.'\n\n    a = 1\n",
    ),
    "members below a docstring that had nothing below it": (
        "python",
        "class f:¦\n    'Doc.'\n",
        "```python\nclass f:\n    'Doc.'\n    @property\n    def g(self):\n        return 1\n```",
        "class f:\n    'Doc.'\n\n    @property\n    def g(self):\n        return 1\n",
    ),
    "no blank line where the user has none": (
        "python",
        "def f():¦\n    'Doc.'\n    return 1\n",
        "```python\ndef f():\n    return 2\n```",
        "def f():\n    'Doc.'\n    return 2\n",
    ),
    "the blank line below a docstring with crlf": (
        "python",
        "def f():¦\r\n    'Doc.'\r\n\r\n    return 1\r\n",
        "```python\ndef f():\n    return 2\n```",
        "def f():\r\n    'Doc.'\r\n\r\n    return 2\r\n",
    ),
    "docstring that the draft invented": (
        "python",
        "def f(a):¦\n    pass\n",
        'def f(a):\n    """Theirs."""\n    return a\n',
        'def f(a):\n    """Theirs."""\n    return a\n',
    ),
    "decorators kept when the draft lost them": (
        "python",
        "@a\n@b(1)\ndef f():¦\n    pass\n",
        "def f():\n    return 1\n",
        "@a\n@b(1)\ndef f():\n    return 1\n",
    ),
    "decorators kept when the draft repeats them": (
        "python",
        "@a\n@b(1)\ndef f():¦\n    pass\n",
        "@a\n@b(1)\ndef f():\n    return 1\n",
        "@a\n@b(1)\ndef f():\n    return 1\n",
    ),
    "decorators that the draft invented": (
        "python",
        "def f():¦\n    pass\n",
        "@cache\ndef f():\n    return 1\n",
        "def f():\n    return 1\n",
    ),
    "carriage returns": (
        "python",
        'def f():¦\r\n    """Mine.\r\n\r\n    More."""\r\n    pass\r\n\r\nx = 1\r\n',
        "```python\ndef f():\n    a = 1\n    return a\n```",
        'def f():\r\n    """Mine.\r\n\r\n    More."""\r\n    a = 1\r\n    return a\r\n\r\nx = 1\r\n',
    ),
    "carriage returns elsewhere": (
        "python",
        "x = 1\r\ndef f():¦\n    a\n    pass\n",
        "def f():\n    a\n    return 1\n",
        "x = 1\r\ndef f():\n    a\n    return 1\n",
    ),
    "carriage returns in the reply": ("python", "def f():¦\n    pass\n", "def f():\r\n    return 1\r\n", "def f():\n    return 1\n"),
    "no end of line at the end": ("python", "def f():\n    pass¦", "def f():\n    return 1\n", "def f():\n    return 1"),
    "unchanged": ("python", "def f():¦\n    return 1\n", "def f():\n    return 1\n", "def f():¦\n    return 1\n".replace(CURSOR, "")),
    "block behind another": (
        "python",
        "def f():¦\n    pass\n",
        "```sh\npip install x\n```\n```python\ndef f():\n    return 1\n```",
        "def f():\n    return 1\n",
    ),
    "astral characters and lone surrogates": (
        "python",
        "s = '🥞\ud800'\ndef f():¦\n    pass\n",
        "def f():\n    return '🥞\ud800'\n",
        "s = '🥞\ud800'\ndef f():\n    return '🥞\ud800'\n",
    ),
    "method of javascript": (
        "javascript",
        "class A {\n  push(item) {¦\n  }\n}\n",
        "```js\npush(item) {\n  this.items.push(item);\n}\n```",
        "class A {\n  push(item) {\n    this.items.push(item);\n  }\n}\n",
    ),
    "getter of javascript": (
        "javascript",
        "class A {\n  get x() {¦\n  }\n\n  set x(v) {\n  }\n}\n",
        "get x() {\n    return 1;\n}",
        "class A {\n  get x() {\n    return 1;\n  }\n\n  set x(v) {\n  }\n}\n",
    ),
    "arrow function as a function": (
        "javascript",
        "export const f = async (a) => {¦\n};\n",
        "function f(a) {\n  return a;\n}",
        "export const f = async (a) => {\n  return a;\n};\n",
    ),
    "exported function without export": (
        "javascript",
        "/** Doc. */\nexport function f(a) {¦\n}\n",
        "/** Other. */\nfunction f(a) {\n  return a;\n}",
        "/** Doc. */\nexport function f(a) {\n  return a;\n}\n",
    ),
    "types restored": (
        "typescript",
        "class A {\n  @In()\n  f(a: number, b?: string): string {¦\n    throw new Error();\n  }\n}\n",
        "f(a, b) {\n  return `${a}${b}`;\n}",
        "class A {\n  @In()\n  f(a: number, b?: string): string {\n    return `${a}${b}`;\n  }\n}\n",
    ),
    "go": (
        "go",
        "package a\n\n// F does.\nfunc (s *S) F(a int) error {¦\n\tpanic(1)\n}\n",
        "```go\npackage a\n\nfunc (s *S) F(a int) error {\n    return nil\n}\n```",
        "package a\n\n// F does.\nfunc (s *S) F(a int) error {\n\treturn nil\n}\n",
    ),
    "rust": (
        "rust",
        "impl A {\n    /// Doc.\n    #[inline]\n    pub fn f(&self) -> i32 {¦\n        todo!()\n    }\n}\n",
        "pub fn f(&self) -> i32 {\n    self.x\n}",
        "impl A {\n    /// Doc.\n    #[inline]\n    pub fn f(&self) -> i32 {\n        self.x\n    }\n}\n",
    ),
    "java": (
        "java",
        "class A {\n    /** Doc. */\n    @Override\n    public int f(int a) {¦\n        throw new UnsupportedOperationException();\n    }\n}\n",
        "```java\npublic int f(int a) {\n    return a + 1;\n}\n```",
        "class A {\n    /** Doc. */\n    @Override\n    public int f(int a) {\n        return a + 1;\n    }\n}\n",
    ),
    "constructor of java": (
        "java",
        "class A {\n    int a;\n\n    A(int a) {¦\n    }\n}\n",
        "A(int a) {\n    this.a = a;\n}",
        "class A {\n    int a;\n\n    A(int a) {\n        this.a = a;\n    }\n}\n",
    ),
    "java with its class": (
        "java",
        "class A {\n  int f() {¦\n  }\n\n  int g() { return 1; }\n}\n",
        "class A {\n    int f() {\n        return 2;\n    }\n\n    int g() { return 3; }\n}\n",
        "class A {\n  int f() {\n    return 2;\n  }\n\n  int g() { return 1; }\n}\n",
    ),
    "c": (
        "c",
        "/* Doc. */\nstatic char *\nf(const char *a)\n{¦\n    abort();\n}\n",
        "```c\nstatic char *f(const char *a) {\n    if (!a)\n        return NULL;\n    return strdup(a);\n}\n```",
        "/* Doc. */\nstatic char *\nf(const char *a) {\n    if (!a)\n        return NULL;\n    return strdup(a);\n}\n",
    ),
    "method of c++ drafted as if it stood outside": (
        "cpp",
        "class A {\npublic:\n    int f() const {¦\n    }\n};\n",
        "int A::f() const {\n    return a_;\n}\n",
        "class A {\npublic:\n    int f() const {\n        return a_;\n    }\n};\n",
    ),
    "method of c++ outside its class": (
        "cpp",
        "int A::f(int a)\n{¦\n}\n",
        "class A {\n  int f(int a) { return a; }\n};\n",
        "int A::f(int a) { return a; }\n",
    ),
    "constructor of c++": (
        "cpp",
        "A::A(int a) {¦\n}\n",
        "A::A(int a) : a_(a) {\n    g();\n}\n",
        "A::A(int a) : a_(a) {\n    g();\n}\n",
    ),
    "template of c++": (
        "cpp",
        "template <typename T>\nT f(T a) {¦\n}\n",
        "template <typename T>\nT f(T a) {\n    return a;\n}\n",
        "template <typename T>\nT f(T a) {\n    return a;\n}\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "reply", "after"), CASES.values(), ids=CASES.keys())
def test_the_symbol_is_put_where_it_stands(language: str, text: str, reply: str, after: str) -> None:
    assert edited(language, text, reply) == after


@pytest.mark.parametrize(
    ("reply", "code", "message"),
    [
        pytest.param("", "empty", "without any code", id="nothing"),
        pytest.param("```python\n```", "empty", "without any code", id="empty-block"),
        pytest.param("<think>def f(): pass</think>", "empty", "without any code", id="only-thought"),
        pytest.param("```python\ndef g():\n    pass\n```", "symbol", "doesn't define “f”", id="another-symbol"),
        pytest.param("```python\nf = 1\n```", "symbol", "doesn't define “f”", id="no-symbol"),
        pytest.param("```python\ndef (f):\n```", "symbol", r"can't be parsed \(line 1", id="broken"),
        pytest.param("I can't help with that.", "empty", "without any code", id="refusal"),
        pytest.param("It is fine.\n\nIt adds (a + b): no change.", "empty", "without any code", id="words"),
        pytest.param("def f(a:\n    return (", "symbol", r"can't be parsed \(line", id="broken-without-a-fence"),
        pytest.param("```\nf = (\n```", "symbol", r"can't be parsed", id="broken-in-a-fence"),
    ],
)
def test_replies_that_make_no_edit(reply: str, code: str, message: str) -> None:
    with pytest.raises(DraftRejectedError, match=message) as caught:
        edited("python", "def f():¦\n    pass\n", reply)
    assert caught.value.code == code


def test_lines_that_stay_are_in_no_edit() -> None:
    text = "import a\n\n\ndef f():\n    one\n    two\n    three\n    four\n"
    document = parsed("python", text)
    symbol = document.symbols.named("f")
    assert symbol is not None
    reply = "import b\n\ndef f():\n    one\n    2\n    three\n    g(b)\n\n\n\ndef g(): pass\n"
    assert code_replacements(reply, symbol, document) == (
        Replacement(8, 8, "\nimport b"),
        Replacement(text.index("    two"), text.index("    three"), "    2\n"),
        Replacement(text.index("    four"), len(text) - 1, "    g(b)"),
        Replacement(len(text) - 1, len(text) - 1, "\n\n\ndef g(): pass"),
    )


@pytest.mark.parametrize("language", SOURCES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_an_echo_changes_nothing(language: str, newline: str) -> None:
    """However a model gives the code back unchanged: as it stands, at the margin, or with the whole file."""
    text = SOURCES[language].replace("\n", newline)
    document = parsed(language, text)
    for symbol in map(document.symbols.read, document.symbols.walk()):
        line_start = text.rfind("\n", 0, symbol.start) + 1
        standing = text[line_start : symbol.end] if not text[line_start : symbol.start].strip() else symbol.text
        for reply in (symbol.text, standing, dedent(standing), text):
            for replacements in (
                code_replacements(fenced(reply, language), symbol, document),
                told_replacements(fenced(reply, language), symbol, document, "do it"),
            ):
                assert apply_replacements(text, replacements) == text, (symbol.name, reply)
