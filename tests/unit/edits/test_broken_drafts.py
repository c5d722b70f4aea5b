"""A draft that can't be read makes no edit, and the fault that is named is the draft's own."""

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.edits.code import code_replacements
from pillion.edits.invariants import check_invariants
from pillion.errors import DraftRejectedError
from pillion.text.replacement import apply_replacements
from tests.support.texts import parsed

ABOVE = "import os\n\n\n"
DEFINED = "def total(prices):\n"
FUNCTION = f"{ABOVE}{DEFINED}    return 0\n\n\ndef other():\n    return 1\n"
METHOD = "class A:\n    def total(self, prices):\n        return 0\n\n    def b(self):\n        return 2\n"
DOCUMENTED = METHOD.replace("        return 0", '        """Doc."""\n        return 0')


def outcome(text: str, code: str, language: str = "python") -> str:
    """The document with the edit, or why there is none."""
    document = parsed(language, text)
    symbol = document.symbols.named("total")
    assert symbol is not None
    try:
        after = apply_replacements(text, code_replacements(f"```\n{code}\n```", symbol, document))
        check_invariants(action_by_id("refactor").invariants, symbol, document, after)
    except DraftRejectedError as exc:
        return str(exc)
    return after


@pytest.mark.parametrize(
    ("text", "code", "fault"),
    [
        pytest.param(FUNCTION, f"{DEFINED}    return sum(prices", "line 5: '(' was never closed", id="a parenthesis"),
        pytest.param(FUNCTION, f"{DEFINED}    x = 1\n    return [x", "line 6: '[' was never closed", id="a bracket"),
        pytest.param(FUNCTION, f"{DEFINED}    return 1)", "line 5: unmatched ')'", id="one too many"),
        pytest.param(FUNCTION, f"{DEFINED}    return 'a", "line 5: unterminated string literal (detected at line 5)", id="a string"),
        pytest.param(FUNCTION, f"{DEFINED}    x = 1\n    '''doc\n    return 1", "line 6: unterminated triple-quoted string literal (detected at line 7)", id="a long string"),
        pytest.param(FUNCTION, f"{DEFINED}    if x:\n    return 1", "line 6: expected an indented block after 'if' statement on line 5", id="a block"),
        pytest.param(FUNCTION, f"{DEFINED}    x = 1\n   return x", "line 6: unindent does not match", id="an indentation"),
        pytest.param(FUNCTION, f"import os\n\n{DEFINED}    return (", "line 5: '(' was never closed", id="below an import"),
        pytest.param(FUNCTION, f"{DEFINED}    return (\n\nThis is shorter.", "line 5: ", id="above words"),
        pytest.param(METHOD, "def total(self, prices):\n    return sum(prices", "line 3: '(' was never closed", id="a method by itself"),
        pytest.param(METHOD, "    def total(self, prices):\n        return sum(prices", "line 3: '(' was never closed", id="a method as it stands"),
        pytest.param(METHOD, "class A:\n    def total(self, prices):\n        return sum(prices", "line 3: '(' was never closed", id="a method in its class"),
        pytest.param(DOCUMENTED, "def total(self, prices):\n    return sum(prices", "line 3: '(' was never closed", id="a documented one"),
        pytest.param("\ufeff" + FUNCTION, f"{DEFINED}    return sum(prices", "line 5: '(' was never closed", id="under a byte order mark"),
        pytest.param(FUNCTION, f"{DEFINED[:-3]}\n    return 1", "the model's answer", id="its header"),
    ],
)  # fmt: skip
def test_the_fault_is_named(text: str, code: str, fault: str) -> None:
    assert fault in outcome(text, code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(FUNCTION, f"{DEFINED}    return sum(prices)\n\nThis (is shorter.", id="words below"),
        pytest.param(FUNCTION, f"{DEFINED}    return sum(prices)\n\n>>> total([1", id="an example below"),
        pytest.param(FUNCTION, "def total(\n    prices,\n):\n    return 1", id="a long header"),
        pytest.param(FUNCTION, f"{DEFINED}    return '''\na\n(\n'''", id="a string that stands less deep"),
        pytest.param(METHOD, "    def total(self, prices):\n        return '''\na\n(\n'''", id="and in a method"),
        pytest.param(METHOD, "    def total(self, prices):\n        nonlocal x\n        return x", id="what its place would make sense of"),
        pytest.param(f"print 'a'\n\n{FUNCTION}", f"{DEFINED}    print 'b'\n    return 1", id="another Python"),
    ],
)  # fmt: skip
def test_what_is_whole_is_not_refused_for_what_stands_around_it(text: str, code: str) -> None:
    said = outcome(text, code)
    assert "never closed" not in said
    assert "import os" in said or "nonlocal" in said or text is METHOD


def test_other_languages_name_the_line_in_the_document() -> None:
    text = "let a = 1;\n\nfunction total(prices) {\n  return 1;\n}\n"
    assert "line 4: ')' is missing" in outcome(text, "function total(prices) {\n  return sum(prices;\n}", "javascript")


BRACES = {
    "javascript": ("function total(a) {\n  return 1;\n}\n", "function total(a) {\n  if (a) {\n  }\n  }\n  return `${a}`;\n}"),
    "a method of javascript": ("class A {\n  total(a) {\n    return 1;\n  }\n}\n", "total(a) {\n  if (a) {\n  }\n  }\n  return 2;\n}"),
    "go": ("package p\n\nfunc total(a int) int {\n\treturn a\n}\n", "func total(a int) int {\n\tif a > 0 {\n\t}\n\t}\n\treturn 5\n}"),
    "c": ("int total(int a) {\n  return a;\n}\n", "int total(int a) {\n  if (a) {\n    }\n  }\n  return 7;\n}"),
    "java": ("class A {\n  int total(int a) {\n    return a;\n  }\n}\n", "int total(int a) {\n  if (a > 0) {\n    }\n  }\n  return 7;\n}"),
    "rust": ("fn total(a: i32) -> i32 {\n    a\n}\n", "fn total(a: i32) -> i32 {\n    if a {\n    }\n  }\n  7\n}"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "code"), [(name, *case) for name, case in BRACES.items()], ids=BRACES)
def test_a_brace_too_many_cuts_nothing_off(name: str, text: str, code: str) -> None:
    said = outcome(text, code, name.rpartition(" ")[2])
    above = text.count("\n", 0, text.index("total"))
    assert f"line {above + 6}: there is a '}}' too many" in said


@pytest.mark.parametrize("below", ["console.log(total([1]));", "This is shorter (really.", "// }", "const s = '}';"])
def test_what_stands_below_a_function_is_no_part_of_it(below: str) -> None:
    code = f"function total(a) {{\n  return 5;\n}}\n\n{below}"
    assert "return 5" in outcome("function total(a) {\n  return 1;\n}\n", code, "javascript")
