"""The code out of a reply: no think-blocks, no prose, no fences, and nothing of the code lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.text.code_filter import CodeFilter
from pillion.text.reply_blocks import extract_blocks
from pillion.text.thoughts import ThoughtFilter, extract_prose

CODE = "def f():\n    return 1\n"
NESTED = 'def f():\n    """Doc.\n\n    ```python\n    f()\n    ```\n    """\n'
MODULE = '"""Doc.\n\n```python\nf()\n```\n"""\ndef f(): pass\n'

REPLIES = {
    "a fence": (f"```python\n{CODE}```\n", CODE),
    "no end of line behind the fence": (f"```python\n{CODE}```", CODE),
    "no language": (f"```\n{CODE}```\n", CODE),
    "tildes": (f"~~~python\n{CODE}~~~\n", CODE),
    "four backticks": (f"````python\n{NESTED}````\n", NESTED),
    "backticks in tildes": (f"~~~\n{MODULE}~~~\n", MODULE),
    "longer closing fence": (f"```python\n{CODE}`````\n", CODE),
    "shorter fence inside": ("````\na\n```\nb\n````\n", "a\n```\nb\n"),
    "prose before": (f"Here you are:\n\n```python\n{CODE}```\n", CODE),
    "prose before that looks like code": (f"import it\nuse the\nclass Foo:\n```python\n{CODE}```\n", CODE),
    "prose after": (f"```python\n{CODE}```\nIt returns 1.\n```x```\n", CODE),
    "unclosed": (f"```python\n{CODE}", CODE),
    "cut in the middle of a line": ("```python\ndef f():\n    retu", "def f():\n    retu"),
    "empty block": ("```python\n```\n", ""),
    "only the opening fence": ("Here:\n```python", ""),
    "nested in a docstring": (f"```python\n{NESTED}```\n", NESTED),
    "nested at the margin": (f"```python\n{MODULE}```\n", MODULE),
    "indented": (f"  ```python\n{CODE}  ```\nx\n", CODE),
    "no fence": (CODE, CODE),
    "no fence, indented": ("    def f():\n        return 1\n", "    def f():\n        return 1\n"),
    "no fence, prose before": (f"Here is the function.\n\n{CODE}", CODE),
    "no fence, nested one": (NESTED, NESTED),
    "no fence, method": ("push(item) {\n  const x = item;\n}\n", "push(item) {\n  const x = item;\n}\n"),
    "no fence, decorator": (f"@cache\n{CODE}", f"@cache\n{CODE}"),
    "opened nowhere, closed": (f"{CODE}```\n", CODE),
    "opened nowhere, closed, and prose": (f"{CODE}```\nIt returns 1.\n", CODE),
    "prose alone": ("I can't help with that.", "I can't help with that."),
    "nothing": ("", ""),
    "carriage returns": ("```python\r\ndef f():\r\n    pass\r\n```\r\nx", "def f():\r\n    pass\r\n"),
    "thinking": (f"<think>\n```\nno\n```\n</think>\n\n```python\n{CODE}```", CODE),
    "thinking without a fence": (f"<think>def g(): x\n</think>\n{CODE}", CODE),
    "thinking without an end": (f"<think>\n```python\n{CODE}```", ""),
    "thinking that the prompt began": (f"I could\n```\nno\n```\n</think>\n```python\n{CODE}```", CODE),
    "the tag in a string": ('```python\nx = "<think>"\ny = "</think>"\n```', 'x = "<think>"\ny = "</think>"\n'),
    "line separators": ("```python\nx = '\u2028\x0c'\n```", "x = '\u2028\x0c'\n"),
    "lone surrogate": ("```python\nx = '\ud800'\n```", "x = '\ud800'\n"),
}


def code_of(reply: str) -> str:
    """The first block of code, or nothing."""
    return next(iter(extract_blocks(reply)), "")


@pytest.mark.parametrize(("reply", "code"), REPLIES.values(), ids=REPLIES.keys())
def test_code_is_taken_out(reply: str, code: str) -> None:
    assert code_of(reply) == code


@pytest.mark.parametrize(
    "code",
    [
        "async def f(): pass", "class A:", "from a.b import c", "import os", "import a.b as c, d", "import {a} from 'b'",
        "import x from 'y'", "export const a = 1", "export default class A {", "function f() {", "async function* f() {",
        "const x = 1", "let [a] = b", "package a", "func (s *S) F() {", "type A struct {", "type A = B", "pub fn f() {",
        "fn f<T>(x: T) {", "use a::{b, c};", "impl A for B {", "struct A(i32);", "#[test]", "/** Doc. */", "// why",
        "import static a.b.*;", "package a.b;", "#include <a.h>", "#define A 1", "#ifndef A_H", "template <typename T>", "typedef int A;",
        "namespace a {", "using namespace std;", "static char *f(const char *a)", "int A::f(int a) const", "void f(void)", "/* why */",
        "get x() {",
    ],
)  # fmt: skip
def test_lines_that_begin_code(code: str) -> None:
    assert code_of(f"Some words.\n{code}\nrest\n") == f"{code}\nrest\n"


@pytest.mark.parametrize(
    "prose",
    [
        "use the following code.", "import it first, please.", "type the name, then go.", "function calls are slow.",
        "Here is add(a, b)", "# if it is empty", "package it, please.", "namespaces are fine.", "Call f(x) first.",
        "class methods are bound.", "let me explain.", "from here on it works.", "package managers differ.",
        "struct is a module.", "export is a keyword.", "const is short for constant.", "define f (the function).",
    ],
)  # fmt: skip
def test_lines_of_prose_that_begin_like_code(prose: str) -> None:
    assert code_of(f"{prose}\n{CODE}") == CODE


def test_all_blocks() -> None:
    reply = f"First:\n```sh\npip install x\n```\nthen\n```python\n{CODE}```\nand\n~~~\nf()\n~~~\ndone"
    assert extract_blocks(reply) == ["pip install x\n", CODE, "f()\n"]


FRAGMENTS = st.sampled_from(
    [
        "```",
        "```python",
        "~~~",
        "````",
        "\n",
        "\r\n",
        "<think>",
        "</think>",
        " ",
        "    ",
        CODE,
        "x",
        "prose ",
        "`",
        "<th",
    ]
)


@st.composite
def chunked(draw: st.DrawFn) -> tuple[str, list[str]]:
    text = "".join(draw(st.lists(FRAGMENTS, max_size=14)))
    places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    return text, [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


@settings(max_examples=60, deadline=None)
@given(reply=chunked())
def test_chunks_make_no_difference(reply: tuple[str, list[str]]) -> None:
    text, chunks = reply
    whole, parts, letters = CodeFilter(), CodeFilter(), CodeFilter()
    expected = whole.feed(text) + whole.finish()
    assert "".join([parts.feed(chunk) for chunk in chunks]) + parts.finish() == expected
    assert "".join([letters.feed(letter) for letter in text]) + letters.finish() == expected


# A stream can't know yet that a fence will come, or that what it let through was thinking.
STREAMED = REPLIES.keys() - {"prose before that looks like code", "thinking that the prompt began"}


@pytest.mark.parametrize("name", sorted(STREAMED))
def test_letter_by_letter(name: str) -> None:
    reply, code = REPLIES[name]
    stream = CodeFilter()
    assert "".join([stream.feed(letter) for letter in reply]) + stream.finish() == code


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<think>a</think>b", "b"),
        ("a\n<think>b</think>c", "a\nc"),
        ("  <think>b</think>c", "  c"),
        ("<think>a</think>\n<think>b</think>c", "c"),
        ("a <think>b</think>", "a <think>b</think>"),
        ("<think>a", ""),
        ("<thin", "<thin"),
        ("a < b <t", "a < b <t"),
        ("</think>a", "</think>a"),
        ("<think><think>a</think>b", "b"),
    ],
)
def test_thinking_is_dropped_however_it_is_chunked(text: str, left: str) -> None:
    for size in (1, 2, 3, 7, 100):
        stream = ThoughtFilter()
        chunks = [text[at : at + size] for at in range(0, len(text), size)]
        assert "".join([stream.feed(chunk) for chunk in chunks]) + stream.finish() == left


@pytest.mark.parametrize(
    ("reply", "prose"),
    [
        ("  It adds.\n", "It adds."),
        ("<think>hm</think>It adds.", "It adds."),
        ("hm\n</think>\n\nIt adds.", "It adds."),
        ("<think>hm", ""),
        ("It uses `<think>`.", "It uses `<think>`."),
        ("```python\nx\n```", "```python\nx\n```"),
    ],
)
def test_prose(reply: str, prose: str) -> None:
    assert extract_prose(reply) == prose
