"""What must hold of an action's edit: each invariant holding, and each breaking."""

import pytest

from pillion.actions.action_registry import ACTIONS, action_by_id
from pillion.actions.comments import SAME_TOKENS
from pillion.actions.docstring import KEEPS_DOCUMENTATION
from pillion.actions.rename import ONE_NAME, SAME_MEANINGS
from pillion.actions.scopes import WRITTEN
from pillion.actions.tests import ONLY_ADDS
from pillion.edits.invariants import (
    ALL_LINES,
    GIVES_RESULT,
    INVARIANTS,
    NO_STUB_LEFT,
    PARSES,
    REACHED,
    SAME_BEHAVIOUR,
    SAME_EXITS,
    SAME_NAMES,
    SAME_RESULT,
    SAME_SIGNATURES,
    Invariant,
    check_invariants,
)
from pillion.errors import DraftRejectedError
from tests.support.texts import CURSOR, parsed

F = "def f(a):\n    return a\n"
A = "class A:\n    def f(self):\n        return 1\n\n    def _g(self):\n        return 2\n"
PROPERTY = "class A:\n    @property\n    def x(self):\n        return 1\n\n    @x.setter\n    def x(self, v):\n        self.v = v\n"

SELECTED = "def f(a):\n¦    b = a + 1\n    g(b)¦\n    return b\n"


def broken(action_id: str, language_id: str, before: str, after: str) -> tuple[str, str] | None:
    """The invariant that doesn't hold and the reason. The symbol is at the cursor, or it is the text's first; two
    cursors are around a selection."""
    place = max(before.find(CURSOR), 0)
    end = max(before.rfind(CURSOR) - len(CURSOR), place)
    document = parsed(language_id, before.replace(CURSOR, ""))
    symbol = WRITTEN.target(document, place, end).symbol
    written = (symbol.start, len(after) - (len(document.text) - symbol.end)) if symbol.is_stretch else (0, 0)
    try:
        check_invariants(action_by_id(action_id).invariants, symbol, document, after, written=written)
    except DraftRejectedError as exc:
        return exc.code, str(exc)
    return None


# action, language, before, after
HOLDING = {
    "docstring": ("docstring", "python", F, 'def f(a):\n    """Doc."""\n    return a\n'),
    "docstring of the second of two": ("docstring", "python", f"{F}\ndef ¦f(b): pass\n", f"{F}\ndef f(b):\n    'Doc.'\n    pass\n"),
    "docstring of a setter": ("docstring", "python", PROPERTY.replace("self.v = v", "self.¦v = v"), PROPERTY.replace("self.v = v", "'Doc.'\n        self.v = v")),
    "jsdoc": ("docstring", "javascript", "function f() { return 1 }", "/** Doc. */\nfunction f() { return 1 }"),
    "refactor": ("refactor", "python", F, "def f(a):\n    b = a\n    return b\n"),
    "a loop's variable isn't read below": ("refactor", "python", "def f(a):\n    b = 0\n¦    for x in a:\n        b += x¦\n    for x in a:\n        print(x)\n    return b\n", "def f(a):\n    b = 0\n    b += sum(a)\n    for x in a:\n        print(x)\n    return b\n"),
    "a name of the selected lines alone": ("refactor", "javascript", "function f(a) {\n¦  const b = a + 1;\n  g(b);¦\n  return 2;\n}\n", "function f(a) {\n  g(a + 1);\n  return 2;\n}\n"),
    "a continue in a loop of its own": ("refactor", "python", "def f(a):\n¦    for x in a:\n        if not x:\n            continue\n        g(x)¦\n", "def f(a):\n    for x in filter(None, a):\n        g(x)\n"),
    "other branches that all return": ("refactor", "rust", "fn f(a: bool) -> i32 {\n¦    if a {\n        return 1;\n    } else {\n        return 2;\n    }¦\n}\n", "fn f(a: bool) -> i32 {\n    return if a { 1 } else { 2 };\n}\n"),
    "an import that is used no more": ("refactor", "python", "¦import os\nA = os.sep¦\nx = 1\n", "A = '/'\nx = 1\n"),
    "refactor, private method gone": ("refactor", "python", A, "class A:\n    def f(self):\n        return 1\n"),
    "refactor, header laid out anew": ("refactor", "python", F, "def f(\n    a,  # why\n):\n    return a\n"),
    "refactor, method added": ("refactor", "python", A, A + "    def h(self): return 1\n"),
    "refactor, property": ("refactor", "python", PROPERTY, PROPERTY.replace("return 1", "return 2")),
    "refactor, nested function gone": ("refactor", "python", "¦def f():\n    def g(): return 1\n    return g()\n", "def f():\n    return 1\n"),
    "implement": ("implement", "python", "def f(a): ...\n", F),
    "implement with an empty class inside": ("implement", "python", "def f(): ...\n", "def f():\n    class E(Exception): pass\n    raise E\n"),
    "implement, TODO elsewhere": ("implement", "python", "¦def f(): ...\n# TODO\n", "def f():\n    return 1\n# TODO\n"),
    "implement, TODO in a docstring": ("implement", "python", "def f():\n    'TODO'\n", "def f():\n    'TODO'\n    return 1\n"),
    "refactor, private method of java gone": ("refactor", "java", "class A { int f() { return g(); } private int g() { return 1; } }", "class A { int f() { return 1; } }"),
    "implement a constructor of c++": ("implement", "cpp", "A::A(int a) {}", "A::A(int a) : a_(a) {}"),
    "implement an arrow function": ("implement", "javascript", "const f = (x) => {}", "const f = (x) => x"),
    "implement, constants inside": ("implement", "javascript", "function f() {}", "function f() { const g = x => x; return g }"),
    "comments": ("comments", "python", F, "# Why.\ndef f(a):\n    # Because.\n    return a  # and so\n"),
    "comments, one goes on": ("comments", "go", "func f() {\n\t// why\n\tg()\n}\n", "func f() {\n\t// why, and when\n\tg()\n}\n"),
    "rename": ("rename", "python", "def ¦f(a):\n    return f\n", "def g(a):\n    return g\n"),
    "rename, a shorthand": ("rename", "javascript", "function ¦f() { return {f} }", "function g() { return {f: g} }"),
    "comments in jsx": ("comments", "typescriptreact", "const A = () => <p>\n a {b}\n</p>", "const A = () => <p>\n {/* why */}\n a {b}\n</p>"),
    # A file that is broken elsewhere can be worked on.
    "broken below": ("refactor", "python", "¦def f(a):\n    return a\n\ndef g(:\n", "def f(a):\n    b = a\n    return b\n\ndef g(:\n"),
    "broken above": ("refactor", "python", f"x = (\n¦{F}", "x = (\ndef f(a):\n    b = a\n    return b\n"),
    "print of python 2 below": ("refactor", "python", f"¦{F}print 'a'\n", "def f(a):\n    b = a\n    return b\nprint 'a'\n"),
    "return at the top below": ("refactor", "python", f"¦{F}return 1\n", "def f(a):\n    b = a\n    return b\nreturn 1\n"),
    "broken in itself, mended": ("refactor", "javascript", "¦function f() { let = = 1 }", "function f() { return 1 }"),
    "empty on purpose, with a reason": ("implement", "python", "class A: ...\n", "class A:\n    def close(self):\n        pass  # nothing is open\n"),
    "empty on purpose, by its docstring": ("implement", "python", "class A: ...\n", "class A:\n    def close(self):\n        'Nothing is open.'\n"),
    "abstract": ("implement", "python", "class A: ...\n", "class A:\n    @abstractmethod\n    def f(self): ...\n"),
    "a protocol": ("implement", "python", "class A(Protocol): ...\n", "class A(Protocol):\n    def f(self): ...\n"),
    "an overload": ("implement", "python", "class A: ...\n", "class A:\n    @overload\n    def f(self, a: int): ...\n    def f(self, a): return a\n"),
    "an empty exit": ("implement", "python", "class A: ...\n", "class A:\n    def __exit__(self, *a): pass\n"),
    "an empty constructor of java": ("implement", "java", "class A { }", "class A { private A() {} int f() { return 1; } }"),
    "empty on purpose in java": ("implement", "java", "class A { }", "class A { void close() { // nothing is open\n } }"),
    "an empty constructor of javascript": ("implement", "javascript", "class A { }", "class A { constructor() {} f() { return 1 } }"),
    "an empty destructor": ("implement", "cpp", "struct A { int x() { abort(); } };", "struct A { ~A() {} int x() { return 1; } };"),
    "an empty constructor of c++": ("implement", "cpp", "struct A { int x() { abort(); } };", "struct A { A() {} int x() { return 1; } };"),
    "broken javascript below": ("refactor", "javascript", "¦function f() { return 1 }\nlet = = 1\n", "function f() {\n  return 2 }\nlet = = 1\n"),
}  # fmt: skip
BREAKING = {
    "docstring changes code": ("docstring", "python", F, 'def f(a):\n    """Doc."""\n    return 1\n', SAME_BEHAVIOUR, "change the code"),
    "docstring changes the header": ("docstring", "python", F, 'def f(b):\n    """Doc."""\n    return a\n', SAME_BEHAVIOUR, "change the code"),
    "docstring of the second of two": ("docstring", "python", f"{F}\ndef ¦f(b): pass\n", f"{F}\ndef f(b):\n    'Doc.'\n    return\n", SAME_BEHAVIOUR, "change"),
    "docstring not closed": ("docstring", "python", F, 'def f(a):\n    """Doc.\n    return a\n', PARSES, "break the file's syntax (line 2"),
    "unclosed": ("refactor", "python", F, "def f(a):\n    return (a\n", PARSES, "line 2"),
    "return at the top": ("refactor", "python", F, "def f(a):\n    pass\nreturn a\n", PARSES, "line 3: 'return' outside function"),
    "print of python 2": ("refactor", "python", F, "def f(a):\n    print a\n", PARSES, "line 2: Missing parentheses"),
    "await outside a coroutine": ("refactor", "python", F, "def f(a):\n    return await a\n", PARSES, "outside async function"),
    "javascript": ("refactor", "javascript", "function f() { return 1 }", "function f() { return }}", PARSES, "line 1"),
    "more broken than before": ("refactor", "python", f"¦{F}\ndef g(:\n", "def f(a):\n    return (a\n\ndef g(:\n", PARSES, "break"),
    "broken in the symbol instead": ("refactor", "javascript", "¦function f() { return 1 }\nlet = = 1\n", "function f() { let = = 1 }\n", PARSES, "break"),
    "another error than before": ("refactor", "python", f"¦{F}return 1\n", "def f(a):\n    break\n", PARSES, "'break' outside loop"),
    "gone": ("refactor", "python", F, "def g(a):\n    return a\n", SAME_SIGNATURES, "“f” would be gone"),
    "parameter": ("refactor", "python", F, "def f(a, b):\n    return a\n", SAME_SIGNATURES, "the signature of “f” would change"),
    "default": ("refactor", "python", F, "def f(a=1):\n    return a\n", SAME_SIGNATURES, "signature"),
    "async": ("refactor", "python", F, "async def f(a):\n    return a\n", SAME_SIGNATURES, "signature"),
    "base class": ("refactor", "python", A, A.replace("A:", "A(B):"), SAME_SIGNATURES, "the signature of “A”"),
    "public method gone": ("refactor", "python", A, "class A:\n    def _g(self):\n        return 2\n", SAME_SIGNATURES, "method “f” would be gone"),
    "public method changed": ("refactor", "python", A, A.replace("f(self)", "f(self, x)"), SAME_SIGNATURES, "“f” would change"),
    "getter gone": ("refactor", "python", PROPERTY, "class A:\n    @x.setter\n    def x(self, v):\n        self.v = v\n", SAME_SIGNATURES, "“x” would be gone"),
    "method of javascript": ("refactor", "javascript", "class A { f(a) { return a } }", "class A { f() { return 1 } }", SAME_SIGNATURES, "“f”"),
    "types": ("refactor", "typescript", "function f(a: number) { return a }", "function f(a: string) { return a }", SAME_SIGNATURES, "“f”"),
    "still a stub": ("implement", "python", "def f(a): ...\n", "def f(a):\n    pass\n", NO_STUB_LEFT, "“f” would still be a stub"),
    "stub inside": ("implement", "python", "class A: ...\n", "class A:\n    def f(self): pass\n", NO_STUB_LEFT, "“f” would still"),
    "a comment inside that leaves it to the user": ("implement", "python", "class A: ...\n", "class A:\n    def f(self):\n        pass  # your code\n", NO_STUB_LEFT, "“f” would still"),
    "a method of java left empty": ("implement", "java", "class A { }", "class A { void f() { } }", NO_STUB_LEFT, "“f” would still"),
    "a method that only raises": ("implement", "python", "class A: ...\n", "class A:\n    def f(self):\n        raise NotImplementedError  # on purpose\n", NO_STUB_LEFT, "“f” would still"),
    "class still empty": ("implement", "python", "class A: ...\n", "class A:\n    'Doc.'\n", NO_STUB_LEFT, "“A” would still"),
    "TODO left": ("implement", "python", "def f(a): ...\n", "def f(a):\n    # TODO: more\n    return a\n", NO_STUB_LEFT, "a TODO would be left"),
    "public method of java": ("refactor", "java", "class A { public int f() { return 1; } }", "class A { }", SAME_SIGNATURES, "“f” would be gone"),
    "stub of java": ("implement", "java", "int f() { }", "int f() { throw new UnsupportedOperationException(); }", NO_STUB_LEFT, "stub"),
    "stub of c": ("implement", "c", "int f(void) { abort(); }", "int f(void) { assert(0); }", NO_STUB_LEFT, "stub"),
    "stub of rust": ("implement", "rust", "fn f() { todo!() }", "fn f() { unimplemented!(\"f\") }", NO_STUB_LEFT, "stub"),
    "comments change code": ("comments", "python", F, "def f(a):\n    # why\n    return (a)\n", SAME_TOKENS, "not only its comments"),
    "comments change a docstring": ("comments", "python", "def f():\n    'Doc.'\n    g()\n", "def f():\n    'Docs.'\n    g()\n", SAME_TOKENS, "code"),
    "comments hide code": ("comments", "rust", "fn f() { g(); }", "fn f() { // g();\n }", SAME_TOKENS, "code"),
    "comments add text": ("comments", "typescriptreact", "const A = () => <p>\n a\n</p>", "const A = () => <p>\n // b\n a\n</p>", SAME_TOKENS, "code"),
    "comments remove a blank line": ("comments", "python", "def f():\n    g()\n\n    h()\n", "def f():\n    g()\n    h()\n", SAME_TOKENS, "blank"),
    "comments remove one": ("comments", "python", "def f():\n    g()  # why\n    h()\n", "def f():\n    g()\n    h()\n", SAME_TOKENS, "“why” would be gone"),
    "rename to a name in use": ("rename", "python", "def ¦f(a):\n    return g(f)\n", "def g(a):\n    return g(g)\n", SAME_MEANINGS, "mean something else"),
    "rename of half": ("rename", "python", "def ¦f(a):\n    return f\n", "def g(a):\n    return f\n", SAME_MEANINGS, "mean something else"),
    "rename with more": ("rename", "python", "def ¦f(a):\n    return f\n", "def g(a):\n    return g + 1\n", ONE_NAME, "“+”"),
    "rename with less": ("rename", "python", "def ¦f(a):\n    return f\n", "def g(a):\n    pass\n", ONE_NAME, "“return”"),
    "rename in a comment": ("rename", "python", "def ¦f(a): f  # why\n", "def g(a): g  # how\n", ONE_NAME, "# why"),
    "docstring says less": ("docstring", "python", "def f(a):\n    'Doc of f.'\n", "def f(a):\n    'Doc.'\n", KEEPS_DOCUMENTATION, "says already"),
    "jsdoc says less": ("docstring", "javascript", "/** Doc. */\nfunction ¦f(a) {}", "/** @param a it */\nfunction f(a) {}", KEEPS_DOCUMENTATION, "says already"),
    "comments outside": ("comments", "python", f"¦{F}x = 1\n", f"{F}x = 2\n", SAME_TOKENS, "code"),
    "tests remove code": ("tests", "rust", "fn f() -> i32 { 1 }\nfn g() {}\n", "fn f() -> i32 { 1 }\n", ONLY_ADDS, "only add"),
    "implemented with other parameters": ("implement", "python", "def f(a): ...\n", "def f(b):\n    return b\n", SAME_SIGNATURES, "“f”"),
    "a name that is read below": ("refactor", "python", SELECTED, "def f(a):\n    g(a + 1)\n    return b\n", SAME_NAMES, "“b” would be gone"),
    "a name that is read in a loop above": ("refactor", "python", "def f(a):\n    b = 0\n    for x in a:\n        print(b)\n¦        b = x\n        print(x)¦\n", "def f(a):\n    b = 0\n    for x in a:\n        print(b)\n        print(x)\n", SAME_NAMES, "“b” would be gone"),
    "a name that an inner function reads": ("refactor", "python", "def f(a):\n    def g():\n        return b\n¦    b = 1\n    print(a)¦\n    return g\n", "def f(a):\n    def g():\n        return b\n    print(a)\n    return g\n", SAME_NAMES, "“b” would be gone"),
    "a name of the file": ("debug", "python", "¦A = 1\nB = 2¦\nx = 1\n", "A = 1\nx = 1\n", SAME_NAMES, "“B” would be gone"),
    "a variable that isn't set": ("lint", "go", "package a\nfunc f() int {\n\ta := 1\n¦\ta = 2\n\tg()¦\n\treturn a\n}\n", "package a\nfunc f() int {\n\ta := 1\n\tg()\n\treturn a\n}\n", SAME_NAMES, "“a” would be gone"),
    "only the line that changes": ("debug", "python", "def f(a):\n¦    b = g(a)\n    for x in b:\n        h(x)\n    k(b)¦\n", "def f(a):\n    k(a)\n", ALL_LINES, "leaves out lines, the first is “b = g(a)”"),
    "a return lost": ("refactor", "python", "def f(a):\n¦    if a:\n        return 1\n    g()¦\n    return 2\n", "def f(a):\n    g()\n    return 2\n", SAME_EXITS, "“return” in the selected lines would be gone"),
    "a return gained": ("refactor", "javascript", "function f(a) {\n¦  g(a);\n  h();¦\n  return 2;\n}\n", "function f(a) {\n  if (a) return g(a);\n  return 2;\n}\n", SAME_EXITS, "get a “return”"),
    "code below that is never reached": ("refactor", "java", "class A { int f(int a) {\n¦if (a > 1) { return 1; }\ng();¦\nreturn 2;\n} }\n", "class A { int f(int a) {\nreturn 1;\nreturn 2;\n} }\n", SAME_EXITS, "would never be reached"),
    "code below that is reached now": ("refactor", "c", "int f(int a) {\n¦  g();\n  if (a) { return 1; } else { return 2; }¦\n}\n", "int f(int a) {\n  g();\n  if (a) { return 1; }\n}\n", SAME_EXITS, "would be reached now"),
    "code below that a fix never reaches": ("debug", "javascript", "function f(a) {\n¦  g(a);\n  h();¦\n  return a;\n}\n", "function f(a) {\n  g(a);\n  return h();\n  return a;\n}\n", REACHED, "would never be reached"),
    "a semicolon behind the result": ("refactor", "rust", "fn f(a: i32) -> i32 { a }", "fn f(a: i32) -> i32 { g(a); }", GIVES_RESULT, "“f” would give nothing back"),
    "no result any more": ("debug", "python", F, "def f(a):\n    g(a)\n", SAME_RESULT, "“f” would give nothing back at its end"),
}  # fmt: skip


@pytest.mark.parametrize(("action", "language", "before", "after"), HOLDING.values(), ids=HOLDING.keys())
def test_holding(action: str, language: str, before: str, after: str) -> None:
    assert broken(action, language, before, after) is None


@pytest.mark.parametrize(
    ("action", "language", "before", "after", "code", "reason"), BREAKING.values(), ids=BREAKING.keys()
)
def test_breaking(action: str, language: str, before: str, after: str, code: Invariant, reason: str) -> None:
    found = broken(action, language, before, after)
    assert found is not None
    assert found[0] == code.name
    assert reason in found[1]


def test_every_invariant_is_broken_by_some_case() -> None:
    used = {each for action in ACTIONS if not action.makes_file for each in action.invariants}
    assert {case[4] for case in BREAKING.values()} == used
    assert used >= set(INVARIANTS)


def test_an_explanation_edits_nothing_and_has_nothing_to_hold() -> None:
    assert broken("explain", "python", F, "def g(:") is None
