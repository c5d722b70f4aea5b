"""Finding symbols: around a place, by name, by path, and in a draft."""

import pytest

from tests.support.texts import SOURCES, at_cursor, parsed

ALL_SYMBOLS = {
    "python": "first:function Stack:class __init__:method push:method top:method",
    "javascript": "add:function Stack:class push:method top:method twice:function thrice:function",
    "typescript": "Shape:interface Square:class constructor:method area:method scale:function",
    "typescriptreact": "Hello:function",
    "go": "Add:function Push:method",
    "rust": "Stack:struct Stack:impl new:method push:method Shape:trait name:method",
    "java": "Stack:class Stack:method push:method Size:enum grow:method Shape:interface area:method Point:record",
    "c": "Point:struct stack:struct push:function clear:function",
    "cpp": "Stack:class Stack:method ~Stack:method top:method empty:method operator==:function",
}


@pytest.mark.parametrize("language", SOURCES)
def test_every_symbol_is_found(language: str) -> None:
    document = parsed(language, SOURCES[language])
    assert not document.tree.root_node.has_error
    found = [document.symbols.read(node) for node in document.symbols.walk()]
    assert " ".join(f"{symbol.name}:{symbol.kind}" for symbol in found) == ALL_SYMBOLS[language]


@pytest.mark.parametrize("language", SOURCES)
def test_the_range_an_editor_is_given_leads_back_to_the_symbol(language: str) -> None:
    document = parsed(language, SOURCES[language])
    for symbol in map(document.symbols.read, document.symbols.walk()):
        assert document.symbols.enclosing(symbol.definition_start, symbol.end) == symbol
        assert document.symbols.enclosing(symbol.name_start, symbol.name_start) == symbol
        assert document.text[symbol.start : symbol.end] == symbol.text
        assert document.text[symbol.name_start : symbol.name_end] == symbol.name
        assert symbol.start <= symbol.definition_start <= symbol.header_end <= symbol.body_start <= symbol.end


@pytest.mark.parametrize(
    ("language", "text", "path"),
    [
        pytest.param("python", "def f():\n    re¦turn 1\n", "f", id="in-the-body"),
        pytest.param("python", "¦def f():\n    return 1\n", "f", id="first-character"),
        pytest.param("python", "def f():\n    return 1¦\n", "f", id="end-of-the-last-line"),
        pytest.param("python", "def f():\n    return 1  ¦ \n", "f", id="behind-the-last-line"),
        pytest.param("python", "def f():\n    return 1¦", "f", id="end-of-the-file"),
        pytest.param("python", "def f():\n¦    return 1\n", "f", id="indentation-of-the-body"),
        pytest.param("python", "class A:\n ¦   def f(self):\n        pass\n", "A.f", id="indentation-of-the-header"),
        pytest.param("python", "¦@d\ndef f():\n    pass\n", "f", id="decorator"),
        pytest.param("python", "class A:\n  ¦  @d(1)\n    def f(self): pass\n", "A.f", id="indentation-of-a-decorator"),
        pytest.param("python", "def f():\n    a\n¦\n    b\n", "f", id="blank-line-inside"),
        pytest.param("python", "def f():\n    pass\n¦\ndef g():\n    pass\n", None, id="blank-line-between"),
        pytest.param("python", "def f():\n    pass\n   ¦  \ndef g():\n    pass\n", None, id="line-of-blanks-between"),
        pytest.param(
            "python", "class A:\n    def f(self): pass\n¦\n    def g(self): pass\n", "A", id="between-methods"
        ),
        pytest.param("python", "def f():\n    def g():\n        pa¦ss\n", "f.g", id="nested"),
        pytest.param("python", "def f():\n    def g():\n        pass\n    retu¦rn g\n", "f", id="behind-nested"),
        pytest.param("python", "x = ¦1\n", None, id="top-level"),
        pytest.param("python", "¦", None, id="empty-file"),
        pytest.param("python", "\ufeff¦", None, id="nothing-but-a-mark"),
        pytest.param("python", "¦\ufeffdef f():\n    return 1\n", "f", id="before-a-byte-order-mark"),
        pytest.param("python", "\ufeff¦def f():\n    return 1\n", "f", id="behind-a-byte-order-mark"),
        pytest.param("python", "¦\ufeff@d\nclass f:\n    a = 1\n", "f", id="before-a-mark-and-a-decorator"),
        pytest.param("python", "¦\ufeff\ndef f(): pass\n", None, id="a-mark-on-a-line-of-its-own"),
        pytest.param("c", "¦\ufeffint f(void) {\n    return 1;\n}\n", "f", id="before-a-mark-in-c"),
        pytest.param("go", "¦\ufefffunc f() {\n}\n", "f", id="before-a-mark-in-go"),
        pytest.param("python", "\n\n¦", None, id="empty-last-line"),
        pytest.param("python", "# comment¦\ndef f(): pass\n", None, id="comment-above"),
        pytest.param("python", "s = '🥞é'\ndef f():\n    x = '🥞¦🥞'\n", "f", id="astral"),
        pytest.param("python", "s = '🥞é\ud800'\ndef f():\n    x = '\ud800¦🥞'\n", "f", id="lone-surrogates"),
        pytest.param("python", "def f():\r\n    a\r\n¦\r\n    b\r\n", "f", id="crlf-blank-line-inside"),
        pytest.param("python", "def f():\r\n    a¦\r\n\r\ndef g(): pass\r\n", "f", id="crlf-end-of-line"),
        pytest.param("python", "class A:\n¦    def f(self):\n        pass\n¦\nb = 1\n", "A.f", id="lines-selected"),
        pytest.param(
            "python", "class A:\n    def f(self): p¦ass\n    def g(self): p¦ass\n", "A", id="two-methods-selected"
        ),
        pytest.param("python", "def f():\n    pa¦ss\ndef g():\n    pa¦ss\n", None, id="two-functions-selected"),
        pytest.param("python", "def f():\n    x = ¦a b¦\n", "f", id="one-expression-selected"),
        pytest.param("javascript", "exp¦ort const f = () => 1;\n", "f", id="export"),
        pytest.param("javascript", "const f = () => 1;¦\n", "f", id="semicolon"),
        pytest.param("javascript", "export { a¦, b };\n", None, id="list-of-exports"),
        pytest.param("javascript", "const a = ¦1;\n", None, id="plain-constant"),
        pytest.param("javascript", "function f() {\n}¦\nfunction g() {}\n", "f", id="closing-brace"),
        pytest.param("typescript", "class A {\n  @In¦put() m() {}\n}\n", "A.m", id="decorator-of-a-method"),
        pytest.param("typescript", "class A {\n  @In¦put() x = 1;\n}\n", "A", id="decorator-of-a-field"),
        pytest.param("rust", "#[te¦st]\n#[ignore]\nfn t() {}\n", "t", id="attribute"),
        pytest.param(
            "rust", "impl A {\n¦    #[inline]\n    fn f(&self) {}\n}\n", "A.f", id="indentation-of-an-attribute"
        ),
        pytest.param("java", "class A {\n  @Over¦ride\n  int f() { return 1; }\n}\n", "A.f", id="annotation-of-java"),
        pytest.param("java", "class A {\n  A() { ¦ }\n}\n", "A.A", id="constructor-of-java"),
        pytest.param("java", "enum E {\n  A { void f() { ¦g(); } };\n}\n", "E.f", id="method-of-an-enum-constant"),
        pytest.param("java", "record P(int ¦x) {}\n", "P", id="record-of-java"),
        pytest.param("c", "int *¦f(int a);\n", None, id="prototype-of-c"),
        pytest.param("c", "int *f(int a) { return ¦0; }\n", "f", id="pointer-of-c"),
        pytest.param("c", "struct s *¦x;\n", None, id="struct-that-is-only-named"),
        pytest.param("c", "type¦def struct { int a; } S;\n", "S", id="typedef"),
        pytest.param("c", "typedef struct s { int ¦a; } S;\n", "s", id="typedef-of-a-named-struct"),
        pytest.param("c", "int (*f(void))(int) { ¦ }\n", "f", id="function-that-returns-a-function"),
        pytest.param("c", "#ifdef A\nint f(void) { ¦ }\n#endif\n", "f", id="under-a-condition"),
        pytest.param("cpp", "templ¦ate <typename T>\nT f() {}\n", "f", id="template"),
        pytest.param("cpp", "int n::A<T>::f() const { ¦ }\n", "n.A.f", id="qualified-name"),
        pytest.param("cpp", "A::~A() { ¦ }\n", "A.~A", id="destructor"),
        pytest.param("cpp", "struct A {\n  bool operator<(A b) { ¦ }\n};\n", "A.operator<", id="operator"),
        pytest.param("cpp", "namespace n {\nclass A {\n  void f() { ¦ }\n};\n}\n", "A.f", id="namespace"),
        pytest.param("go", "func (s *S) M() {\n\t¦x()\n}\n", "M", id="method-of-go"),
    ],
)
def test_the_symbol_around_the_cursor(language: str, text: str, path: str | None) -> None:
    symbol = at_cursor(language, text)
    assert (".".join(symbol.path) if symbol is not None else None) == path


TWO_RUNS = "class A:\n    def run(self): return 1\nclass B:\n    def run(self, x): return 2\ndef run(): return 3\n"
PROPERTY = "class A:\n    @property\n    def x(self): ...\n    @x.setter\n    def x(self, v): ...\n"


@pytest.mark.parametrize(
    ("text", "path", "rows"),
    [
        (TWO_RUNS, ("B", "run"), [3]),
        (TWO_RUNS, ("run",), [4]),
        (PROPERTY, ("A", "x"), [2, 4]),
        (TWO_RUNS, ("C", "run"), []),
    ],
)
def test_occurrences_have_the_whole_path(text: str, path: tuple[str, ...], rows: list[int]) -> None:
    assert [node.start_point.row for node in parsed("python", text).symbols.occurrences(path)] == rows


def test_occurrences_of_a_name_without_utf_8() -> None:
    document = parsed("javascript", "class A { 'a\ud800'() {} }")
    symbol = next(each for each in map(document.symbols.read, document.symbols.walk()) if each.kind == "method")
    assert len(document.symbols.occurrences(symbol.path)) == 1


@pytest.mark.parametrize(
    ("text", "offset", "name"),
    [("foo = 1", 1, "foo"), ("foo = 1", 3, "foo"), ("foo = 1", 4, None), ("é🥞 + foo", 7, "foo"), ("", 0, None)],
)
def test_the_identifier_at_a_place(text: str, offset: int, name: str | None) -> None:
    assert parsed("python", text).symbols.identifier_at(offset) == name
