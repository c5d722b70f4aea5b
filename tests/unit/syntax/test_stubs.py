"""What is known of one symbol, and so what is offered for it."""

import pytest

from pillion.actions import scopes
from pillion.actions.action_registry import ACTIONS
from pillion.syntax.target import Target
from tests.support.texts import symbol_in


def _named_f(text: str) -> str:
    """Where a class stands around `f`, `f` is meant."""
    return "f" if text.startswith(("class A { int f", "class A { void f", "class A { f(", "class A:\n")) else ""


@pytest.mark.parametrize(
    ("language", "text", "parameters"),
    [
        ("python", "def f(a, b: int, *args, c=1, d: str = '', **kw): ...", ("a", "b", "args", "c", "d", "kw")),
        ("python", "def f(self, /, a, *, b): ...", ("self", "a", "b")),
        ("python", "def f(cls, a): ...", ("cls", "a")),
        ("python", "class A:\n    def f(self, /, a, *, b): ...", ("a", "b")),
        ("python", "class A:\n    @classmethod\n    def f(cls, a): ...", ("a",)),
        ("python", "class A:\n    def f(this: 'A', self): ...", ("self",)),
        ("python", "class A:\n    @staticmethod\n    def f(self, a): ...", ("self", "a")),
        ("python", "class A:\n    def f(*self): ...", ("self",)),
        ("javascript", "class A { f(self, cls) {} }", ("self", "cls")),
        ("go", "func f(self int, cls string) {}", ("self", "cls")),
        ("python", "def f(  # why\n    a,  # not b\n): ...", ("a",)),
        ("python", "def f(): ...", ()),
        ("python", "class A(Base): ...", ()),
        ("javascript", "function f(a, b = 1, ...rest) {}", ("a", "b", "rest")),
        ("javascript", "const f = a => a", ("a",)),
        ("javascript", "const f = async (a, /* b */ c) => a", ("a", "c")),
        ("typescript", "function f(this: X, a: number, b?: string, ...c: any[]) {}", ("a", "b", "c")),
        ("typescript", "class A { constructor(private x: number) {} }", ("x",)),
        ("go", "func f(a, b int, c ...string) {}", ("a", "b", "c")),
        ("go", "func (s *S) f(_ int) {}", ()),
        ("rust", "fn f(&mut self, mut a: i32, b: &str) {}", ("a", "b")),
        ("java", "class A { int f(final int a, @N String[] b, int... c) { return 1; } }", ("a", "b", "c")),
        ("java", "class A { void f(A this, int a) {} }", ("a",)),
        ("java", "record f(int a, String b) {}", ("a", "b")),
        ("c", "int f(void) {}", ()),
        ("c", "char *f(const char *a, int b[], int (*c)(int d), ...) {}", ("a", "b", "c")),
        ("c", "int (*f(int a))(int b) {}", ("a",)),
        ("cpp", "int f(const A &a, std::string, B &&b = {}, T... c) {}", ("a", "b", "c")),
        ("cpp", "template <typename T> T &A<T>::f(T a) const noexcept {}", ("a",)),
    ],
)
def test_parameters(language: str, text: str, parameters: tuple[str, ...]) -> None:
    assert (
        symbol_in(language, text, "constructor" if "constructor" in text else _named_f(text)).parameters == parameters
    )


@pytest.mark.parametrize(
    ("language", "text", "returns"),
    [
        ("python", "def f():\n    return 1", True),
        ("python", "def f():\n    return", False),
        ("python", "def f():\n    yield 1", False),
        ("python", "def f() -> Iterator[int]:\n    yield 1", False),
        ("python", "def f():\n    yield 1\n    return 2", True),
        ("python", "def f() -> None:\n    return 1", False),
        ("python", "def f() -> int: ...", True),
        ("python", "def f() -> NoReturn: ...", False),
        ("python", "def f():\n    def g():\n        return 1", False),
        ("python", "class A:\n    def g(self):\n        return 1", False),
        ("javascript", "function f() { if (a) { return 1 } }", True),
        ("javascript", "function f() { items.map(x => { return x }) }", False),
        ("javascript", "function f() { const g = function () { return 1 } }", False),
        ("javascript", "function f() { const x = 1; return x }", True),
        ("javascript", "const f = x => x", True),
        ("javascript", "const f = () => { g() }", False),
        ("javascript", "const f = function () { return 1 }", True),
        ("typescript", "function f(): void {}", False),
        ("typescript", "async function f(): Promise<void> {}", False),
        ("typescript", "const f = (): void => g()", False),
        ("typescript", "const f = (): number => g()", True),
        ("typescript", "function f(): never { throw 1 }", False),
        ("go", "func f() error { return nil }", True),
        ("go", "func f() { g := func() int { return 1 }; g() }", False),
        ("rust", "fn f() -> i32 { 1 }", True),
        ("rust", "fn f() -> ! { loop {} }", False),
        ("rust", "fn f() { g(|x| { return x }) }", False),
        ("java", "int f() { return 1; }", True),
        ("java", "void f() {}", False),
        ("java", "void f() { g(() -> { return 1; }); }", False),
        ("java", "class A { A() { return; } }", False),
        ("c", "int f(void) { return 1; }", True),
        ("c", "void f(void) { return; }", False),
        ("c", "void *f(void) { return p; }", True),
        ("c", "static inline void f(void) {}", False),
        ("cpp", "A::A() : a_(1) {}", False),
        ("cpp", "A::~A() {}", False),
        ("cpp", "auto f() { return 1; }", True),
        ("cpp", "auto f() {}", False),
        ("cpp", "auto f() -> void { g(); }", False),
        ("cpp", "auto f() -> int { throw 1; }", True),
        ("cpp", "T &f() {}", True),
        ("cpp", "auto f() { auto g = [] { return 1; }; }", False),
    ],
)
def test_returns_value(language: str, text: str, returns: bool) -> None:
    assert symbol_in(language, text).returns_value is returns


@pytest.mark.parametrize(
    ("language", "text", "documented"),
    [
        ("python", 'def f():\n    """Doc."""', True),
        ("python", "def f():\n    # first\n    r'Doc.'", True),
        ("python", "def f():\n    f'Doc. {x}'", False),
        ("python", "def f():\n    return 'x'", False),
        ("python", "def f():\n    x = 1\n    'late'", False),
        ("javascript", "/** Doc. */\nfunction f() {}", True),
        ("javascript", "/** Doc. */\nexport const f = () => 1", True),
        ("javascript", "/* no doc */\nfunction f() {}", False),
        ("javascript", "// no doc\nfunction f() {}", False),
        ("javascript", "/** of the file */\n\nfunction f() {}", False),
        ("typescript", "/** Doc. */\n@C()\nexport class f {}", True),
        ("go", "// f does.\nfunc f() {}", True),
        ("go", "/* f does. */\nfunc f() {}", True),
        ("go", "// far away\n\nfunc f() {}", False),
        ("go", "func f() {}", False),
        ("rust", "/// Doc.\nfn f() {}", True),
        ("rust", "/// Doc.\n#[test]\n#[ignore]\nfn f() {}", True),
        ("rust", "/** Doc. */\nfn f() {}", True),
        ("rust", "// no doc\nfn f() {}", False),
        ("java", "class A {\n  /** Doc. */\n  @Override\n  void f() {}\n}", True),
        ("java", "class A {\n  /* no doc */\n  void f() {}\n}", False),
        ("c", "/** Doc. */\nint f(void) {}", True),
        ("c", "/// Doc.\nint f(void) {}", True),
        ("c", "/* no doc */\nint f(void) {}", False),
        ("c", "/** Doc. */\ntypedef struct { int a; } f;", True),
        ("cpp", "/** Doc. */\ntemplate <class T>\nT f() {}", True),
        ("cpp", "class A {\n  //! Doc.\n  void f() {}\n};", True),
    ],
)
def test_documented(language: str, text: str, documented: bool) -> None:
    assert symbol_in(language, text, "f").documented is documented


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("/// Doc.\n#[test]\n#[ignore]\nfn f() {}", "#[test]"),
        ("fn g() {}\n#[test]\nfn f() {}", "#[test]"),
        ("// why\nfn f() {}", "fn f"),
    ],
)
def test_a_symbol_begins_with_its_attributes(text: str, start: str) -> None:
    symbol = symbol_in("rust", text, "f")
    assert symbol.text.startswith(start)
    assert symbol.definition_start == text.index("fn f")


@pytest.mark.parametrize(
    ("language", "text", "stub"),
    [
        ("python", "def f(): pass", True),
        ("python", 'def f():\n    """Doc."""', True),
        ("python", 'def f():\n    """Doc."""\n    # TODO\n    ...', True),
        ("python", "def f():\n    raise NotImplementedError", True),
        ("python", "def f():\n    raise NotImplementedError('f() is (not) done')", True),
        ("python", "def f():\n    return 1", False),
        ("python", "def f():\n    pass\n    g()", False),
        ("python", "class A:\n    '''Doc.'''", True),
        ("python", "class A:\n    x = 1", False),
        ("javascript", "function f() {}", True),
        ("javascript", "function f() { throw new Error('f() (not) done'); }", True),
        ("javascript", "const f = x => x", False),
        ("javascript", "const f = () => 1", False),
        ("javascript", "const f = () => {}", True),
        ("go", 'func f() { panic("f() isn\'t done") }', True),
        ("go", "func f() { g() }", False),
        ("rust", "fn f() { todo!() }", True),
        ("rust", 'fn f() { unimplemented!("f()"); }', True),
        ("rust", "fn f() -> i32 { 1 }", False),
        ("java", 'int f() { throw new UnsupportedOperationException("f() isn\'t done"); }', True),
        ("java", "void f() { // later\n }", True),
        ("java", "int f() { throw new ShopException(); }", False),
        ("java", "int f();", False),
        ("java", "record P(int x) {}", False),
        ("c", "int f(void) { abort(); }", True),
        ("c", 'int f(void) { assert(!"done (later)"); }', True),
        ("c", "int f(void) { assert(a); }", False),
        ("c", "int f(void) { return 0; }", False),
        ("c", "struct s { int a; };", False),
        ("cpp", 'int A::f() { throw std::logic_error("f() isn\'t done"); }', True),
        ("cpp", 'int f() { throw std::runtime_error{"later"}; }', True),
        ("cpp", "int f() { std::abort(); }", True),
        ("cpp", "A::A() {}", True),
        ("cpp", "A::A() : a_(1) {}", False),
        ("cpp", "struct A { A() = default; int a; };", False),
    ],
)
def test_stubs(language: str, text: str, stub: bool) -> None:
    assert symbol_in(language, text).is_stub is stub


@pytest.mark.parametrize(
    ("language", "text", "todo"),
    [
        ("python", "def f():\n    # TODO: more\n    return 1", True),
        ("python", "def f():\n    return 1  # FIXME", True),
        ("python", "def f(item):\n    return item == 'TODO'", False),
        # The docstring is the user's and stays: a TODO in it would be left by every implementation.
        ("python", "def f():\n    '''TODO'''\n    return 1", False),
        ("python", "def f():\n    return 1  # TODOS", False),
        ("javascript", "function f() { /* TODO */ return 1 }", True),
        ("rust", "fn f() { // TODO\n g() }", True),
        ("java", "int f() { /* TODO */ return 1; }", True),
        ("c", "int f(void) { return 0; // FIXME\n }", True),
        ("cpp", "int f() { return 0; /* done */ }", False),
    ],
)
def test_todos_are_those_in_comments(language: str, text: str, todo: bool) -> None:
    assert symbol_in(language, text).has_todo is todo


@pytest.mark.parametrize(
    ("language", "text", "header"),
    [
        ("python", "@d\ndef f(a,\n      b) -> int:  # why\n    return a", "@d\ndef f(a,\n      b) -> int:"),
        ("python", "class A(B): pass", "class A(B):"),
        ("python", "async def f(): pass", "async def f():"),
        ("javascript", "export const f = async (a) => {\n}", "export const f = async (a) =>"),
        ("javascript", "class A extends B {\n}", "class A extends B"),
        ("go", "func (s *S) M(a int) (int, error) {\n}", "func (s *S) M(a int) (int, error)"),
        ("rust", "#[a]\npub fn f<T>(x: T) -> i32 where T: X {\n}", "#[a]\npub fn f<T>(x: T) -> i32 where T: X"),
        ("java", "@A\npublic int f(int a) throws E {\n}", "@A\npublic int f(int a) throws E"),
        ("c", "static char *\nf(int a)\n{\n}", "static char *\nf(int a)"),
        (
            "cpp",
            "template <class T>\nT A<T>::f() const noexcept\n{\n}",
            "template <class T>\nT A<T>::f() const noexcept",
        ),
        ("cpp", "A::A(int a)\n    : a_(a)\n{\n}", "A::A(int a)"),
    ],
)
def test_the_header(language: str, text: str, header: str) -> None:
    assert symbol_in(language, text).header == header


@pytest.mark.parametrize(
    ("language", "text", "other", "same"),
    [
        ("python", "def f(a, b): pass", "def f(\n    a,  # why\n    b,\n):\n    pass", True),
        ("python", "def f(a): pass", "def f(a=1): pass", False),
        ("python", "def f(a): pass", "async def f(a): pass", False),
        ("python", "def f(a='x'): pass", "def f(a='x '): pass", False),
        ("javascript", "const f = (a) => a", "const f = ( a )=>{ return a }", True),
        ("rust", "fn f(a: i32) {}", "fn f(a: i64) {}", False),
        ("java", "int f(int a) { return 1; }", "int f(\n    int a\n) {\n}", True),
        ("c", "int f(int *a) {}", "int f(int a) {}", False),
        ("cpp", "A::A(int a) {}", "A::A(int a) : a_(a) {}", True),
        ("cpp", "int f() const {}", "int f() {}", False),
    ],
)
def test_layout_is_no_part_of_the_signature(language: str, text: str, other: str, same: bool) -> None:
    assert (symbol_in(language, text).signature == symbol_in(language, other).signature) is same


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("def f(): pass", "docstring explain implement"),
        ("def f():\n    'Doc.'\n    return 1", "docstring comments explain refactor tests"),
        ("def f():\n    'Return it.'\n    return 1", "comments explain refactor tests"),
        ("def f(a):\n    'Doc.'\n    raise NotImplementedError", "explain implement"),
        ("def f():\n    return 1  # TODO", "docstring comments explain refactor implement tests"),
    ],
)
def test_which_actions_are_offered(text: str, actions: str) -> None:
    symbol = symbol_in("python", text)
    about_code = [action for action in ACTIONS if not action.needs_instruction and not action.makes_file]
    offered = [action.id for action in about_code if action.scope.applies(Target.of(symbol))]
    assert offered == actions.split()


def test_every_scope_is_of_some_action() -> None:
    assert {action.scope for action in ACTIONS} >= {
        each for each in vars(scopes).values() if isinstance(each, scopes.Scope)
    }


@pytest.mark.parametrize(
    ("language", "text", "yields", "raises"),
    [
        ("python", "def f():\n    yield", True, ()),
        ("python", "def f():\n    x = yield 1\n    yield from x", True, ()),
        ("python", "def f():\n    def g():\n        yield 1\n    return [y for y in g()]", False, ()),
        ("python", "def f():\n    raise ValueError", False, ("ValueError",)),
        ("python", "def f():\n    raise ValueError('a') from e\n", False, ("ValueError",)),
        ("python", "def f():\n    if a:\n        raise B()\n    raise a.b.C(1)\n    raise B(2)", False, ("B", "a.b.C")),
        ("python", "def f():\n    try:\n        g()\n    except A as e:\n        raise\n    raise e", False, ()),
        ("python", "def f():\n    raise make(1)\n    raise A[1]\n    raise (A)", False, ()),
        ("python", "def f():\n    def g():\n        raise A\n    lambda: h()\n", False, ()),
        ("python", "class A:\n    def f(self):\n        raise B", False, ()),
        ("javascript", "function* f() { yield 1; throw new TypeError('a') }", True, ("TypeError",)),
        ("javascript", "function f() { throw error; }", False, ()),
        ("javascript", "const f = () => { throw new a.B() }", False, ("a.B",)),
        ("typescript", "function f(): void { g(() => { throw new A() }) }", False, ()),
        ("java", 'void f() { throw new java.io.IOException("a"); }', False, ("java.io.IOException",)),
        ("java", "void f() { throw new A<B>(); }", False, ()),
        ("cpp", 'void f() { throw std::runtime_error("a"); }', False, ("std::runtime_error",)),
        ("cpp", "void f() { throw my_error{1}; }", False, ("my_error",)),
        ("cpp", "void f() { throw; throw error; throw 1; }", False, ()),
        ("go", "func f() { panic(1) }", False, ()),
        ("rust", "fn f() { panic!() }", False, ()),
    ],
)
def test_what_a_function_yields_and_raises(language: str, text: str, yields: bool, raises: tuple[str, ...]) -> None:
    symbol = symbol_in(language, text)
    assert (symbol.yields, symbol.raises) == (yields, raises)
