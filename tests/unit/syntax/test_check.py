"""Whether a text parses, and whether two texts behave the same; offsets in bytes and code points."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.syntax.check import behaviour_fingerprint, first_error
from pillion.syntax.offsets import Offsets
from tests.support.texts import SOURCES, parsed


@pytest.mark.parametrize(
    ("language", "text", "error"),
    [
        pytest.param("python", "", None, id="empty"),
        pytest.param("python", "s = '\\d'\nassert (1, 2)\n1 is 1\n", None, id="warnings-are-no-errors"),
        pytest.param("python", "def f(:\n    pass\n", "line 1: ", id="header"),
        pytest.param("python", "x = 1\ny = (\n", "line 2: ", id="unclosed"),
        pytest.param("python", "x = 1\nreturn x\n", "line 2: 'return' outside function", id="return-at-the-top"),
        pytest.param("python", "def f():\n    break\n", "line 2: 'break' outside loop", id="break-outside-loop"),
        pytest.param("python", "def f(a, a): pass\n", "line 1: duplicate argument 'a'", id="parameter-twice"),
        pytest.param("python", "x = 1\nprint 'x'\n", "line 2: Missing parentheses", id="print-of-python-2"),
        pytest.param("python", "x = 1\n\0\n", "line 2: ", id="nul"),
        pytest.param("python", "s = '\ud800'\n", "line 1: ", id="lone-surrogate"),
        pytest.param("python", "x = " + "(" * 500 + "1" + ")" * 500, "line 1: ", id="nested-too-deeply"),
        pytest.param("python", "\ufeffx = 1\n", None, id="byte-order-mark"),
        pytest.param("python", "\ufeffx = 1\nreturn\n", "line 2: 'return' outside", id="an error below a mark"),
        pytest.param("python", "x = 1\ny = (\n", "line 2: '(' was never closed", id="python-names-the-fault"),
        pytest.param("javascript", "function f() {\n  return 1;\n", "line 2: '}' is missing", id="missing-brace"),
        pytest.param("javascript", "a = 1;\nfunction (\n", "line 2: ", id="javascript"),
        pytest.param("typescript", "const x: = 1;\n", "line 1: ", id="typescript"),
        pytest.param("typescriptreact", "const x = <div><p></div>;\n", "line 1: ", id="tsx"),
        pytest.param("go", "package a\nfunc f( {\n}\n", "line 2: ", id="go"),
        pytest.param("java", "class A {\n  int f( {\n  }\n}\n", "line 2: ", id="java"),
        pytest.param("c", "int f(void) {\n    return 1\n}\n", "line 2: ';' is missing", id="c"),
        pytest.param("cpp", "class A {\n  int a;\n", "line 1: ", id="cpp"),
        pytest.param("rust", "fn f() {\n    let = 1;\n}\n", "line 2: ", id="rust"),
        *(pytest.param(language, text, None, id=f"{language}-source") for language, text in SOURCES.items()),
    ],
)
def test_the_first_error(language: str, text: str, error: str | None) -> None:
    found = first_error(parsed(language, text))
    assert (found is None) == (error is None), found
    assert found is None or error is None or found.startswith(error)


def test_a_large_file_is_checked_in_a_moment() -> None:
    text = "".join(f"def f{n}(a, b):\n    if a:\n        return a + {n}\n    return b\n\n\n" for n in range(1500))
    began = time.process_time()
    assert first_error(parsed("python", text)) is None
    assert time.process_time() - began < 5


SAME = {
    "docstring": ("python", "def f(a):\n    return a\n", 'def f(a):\n    """Doc."""\n    return a\n'),
    "docstrings inside": (
        "python",
        "class A:\n    def f(self): pass\n",
        'class A:\n    """A."""\n    def f(self):\n        """F."""\n        pass\n',
    ),
    "comments": ("python", "def f():\n    return 1\n", "def f():  # why\n    # what\n    return 1\n"),
    "layout": ("python", "def f(): return 1\n", "def f():\n\n    return 1\n"),
    "comments of javascript": (
        "javascript",
        "function f() { return 1 }",
        "function f() {\n  // why\n  return 1 /* one */\n}",
    ),
    "comments of java": ("java", "int f() { return 1; }", "int f() {\n  // why\n  return 1; /* one */\n}"),
    "comments of c++": ("cpp", "int f() { return 1; }", "int f() {\n  // why\n  return 1; /* one */\n}"),
    "comments of rust": ("rust", "fn f() { g() }", "fn f() {\n    // why\n    g() /* one */\n}"),
}
DIFFERENT = {
    "value": ("python", "def f(): return 1\n", "def f(): return 2\n"),
    "name": ("python", "def f(a): return a\n", "def f(b): return b\n"),
    "default": ("python", "def f(a): pass\n", "def f(a=1): pass\n"),
    "string that is no docstring": ("python", "def f():\n    x = 'a'\n", "def f():\n    x = 'b'\n"),
    "string in the middle": ("python", "def f():\n    pass\n", "def f():\n    pass\n    'late'\n"),
    "nesting": (
        "python",
        "def f():\n    if a:\n        b()\n    c()\n",
        "def f():\n    if a:\n        b()\n        c()\n",
    ),
    "decorator": ("python", "@a\ndef f(): pass\n", "@b\ndef f(): pass\n"),
    "operator": ("javascript", "function f() { return a + b }", "function f() { return a - b }"),
    "annotation": ("java", "class A { @B int f() { return 1; } }", "class A { int f() { return 1; } }"),
    "directive": ("c", "#define A 1\nint a;\n", "#define A 2\nint a;\n"),
    "initializer": ("cpp", "A::A() : a_(1) {}", "A::A() : a_(2) {}"),
    "attribute": ("rust", "fn f() { a.b }", "fn f() { a.c }"),
}


@pytest.mark.parametrize(
    ("language", "before", "after", "same"),
    [(*case, True) for case in SAME.values()] + [(*case, False) for case in DIFFERENT.values()],
    ids=[*SAME, *DIFFERENT],
)
def test_equal_fingerprints_are_equal_behaviour(language: str, before: str, after: str, same: bool) -> None:
    old, new = parsed(language, before), parsed(language, after)
    prints = [behaviour_fingerprint(each, each.tree.root_node) for each in (old, new)]
    assert (prints[0] == prints[1]) is same


def test_deep_nesting_has_a_fingerprint() -> None:
    document = parsed("python", "x = " + "[" * 2000 + "]" * 2000)
    assert behaviour_fingerprint(document, document.tree.root_node)


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.sampled_from("aé€🥞\ud800\n")))
def test_offsets_there_and_back(text: str) -> None:
    offsets = Offsets(text)
    bytes_before = [sum(len(c.encode("utf-8", "surrogatepass")) for c in text[:n]) for n in range(len(text) + 1)]
    assert [offsets.to_byte(n) for n in range(len(text) + 1)] == bytes_before
    assert [offsets.to_char(byte) for byte in bytes_before] == list(range(len(text) + 1))
