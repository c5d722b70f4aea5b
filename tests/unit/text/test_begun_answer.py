"""What becomes of an answer that Pillion has begun: the model goes on, repeats, starts over, or writes nothing."""

import re

import pytest

from pillion.text.begun_answer import BegunAnswer, prefilled
from pillion.text.reply_blocks import extract_blocks

PLAIN = "```python\ndef f(a: int) -> int:\n"
DOCUMENTED = '```python\n@cached\ndef f(a: int,\n      b=1) -> int:\n    """Say it.\n\n    In words.\n    """\n'
BRACES = "```c\nstatic int\nf(int a)\n{\n"
CLASS = "```java\nclass A extends B {\n"
INDENTED = f"{PLAIN}    "
TABBED = "```go\nfunc f(a int) int {\n\t"

# The beginning, what the model writes, and the answer: the beginning, and how much of the model's words.
JOINED = {
    "it goes on": (PLAIN, "    return a\n```\n", "    return a\n```\n"),
    "with an empty line first": (PLAIN, "\n    return a", "\n    return a"),
    "with a tab": (PLAIN, "\treturn a\n", "\treturn a\n"),
    "one word": (PLAIN, "    pass", "    pass"),
    "braces": (BRACES, "    return a;\n}\n", "    return a;\n}\n"),
    "braces, nothing in them": (BRACES, "}\n", "}\n"),
    "a nested block": (BRACES, "    {\n        a++;\n    }\n}", "    {\n        a++;\n    }\n}"),
    "a fence in what it writes": (
        PLAIN,
        '    """Doc.\n\n    ```python\n    f(1)\n    ```\n    """\n    return a\n',
        '    """Doc.\n\n    ```python\n    f(1)\n    ```\n    """\n    return a\n',
    ),
    "all again, with the fence": (PLAIN, f"{PLAIN}    return a\n```", "    return a\n```"),
    "all again, without it": (PLAIN, "def f(a: int) -> int:\n    return a\n", "    return a\n"),
    "an empty line, and all again": (PLAIN, "\ndef f(a: int) -> int:\n    return a\n", "    return a\n"),
    "a long header again": (DOCUMENTED, DOCUMENTED.partition("\n")[2] + "    return a\n", "    return a\n"),
    "from its definition on": (DOCUMENTED, DOCUMENTED.partition("@cached\n")[2] + "    return a\n", "    return a\n"),
    "its documentation again": (DOCUMENTED, '    """Say it.\n\n    In words.\n    """\n    return a', "    return a"),
    "the end of it again": (DOCUMENTED, '    In words.\n    """\n    return a', "    return a"),
    "with another indentation": (DOCUMENTED, '"""Say it.\n\nIn words.\n"""\n    return a', "    return a"),
    "the last line, and no more": (PLAIN, "def f(a: int) -> int:", ""),
    "a class's header again": (CLASS, "class A extends B {\n  int a;\n}\n", "  int a;\n}\n"),
    "a line like one of its documentation": (
        DOCUMENTED,
        "    In words.split()\n    return a",
        "    In words.split()\n    return a",
    ),
    "a string first": (DOCUMENTED, '    """Say it."""\n    return a', '    """Say it."""\n    return a'),
    "code at the margin": (PLAIN, "return a\n", "return a\n"),
    "code at the margin, in brackets": (BRACES, "(void)a;\n{}\n}\n", "(void)a;\n{}\n}\n"),
    "much of it": (PLAIN, "a += 1\n" * 9, "a += 1\n" * 9),
}
# The same where the body's indentation is begun, too. The engine was given all of it but the last blank.
INDENTED_JOINED = {
    "it goes on": (INDENTED, " return a\n    # so\n", "return a\n    # so\n"),
    "without a blank": (INDENTED, "return a\n", "return a\n"),
    "with all of the indentation": (INDENTED, "    return a\n", "return a\n"),
    "with more of it": (INDENTED, "       return a\n", "return a\n"),
    "with a tab": (TABBED, "\treturn a\n}\n", "return a\n}\n"),
    "with blanks for a tab": (TABBED, "    return a\n}\n", "return a\n}\n"),
    "a literal": (INDENTED, " `a`.b()\n", "`a`.b()\n"),
    "one word": (INDENTED, " pass", "pass"),
    "its header again": (INDENTED, " def f(a: int) -> int:\n    return a\n", None),
    "all again": (INDENTED, f"{PLAIN}    return a\n```", None),
    "an empty line first": (INDENTED, "\n    return a\n", None),
}
# What the model writes where it starts over: the answer is that alone.
ALONE = {
    "in a fence": f"{PLAIN}    return b\n```\n".replace("a: int", "a"),
    "in a fence without a language": "```\ndef f(a):\n    return a\n```\n",
    "behind an empty line": "\n```py\ndef f(a):\n    return a\n```",
    "without a fence": "def f(a):\n    return a\n",
    "behind words": "Sure! Here it is.\n\n```python\ndef f(a):\n    return a\n```\nThat's it.",
    "with another signature": "def f(a, b):\n    return a\n",
}
NOTHING = {
    "nothing": "",
    "space": "\n  \n",
    "the end at once": "```",
    "the end, and words": "```\n\nThis function takes a number.\n",
    "the end of another fence": "~~~\nIt is done.",
}


def cuts(text: str) -> list[list[str]]:
    """The text as it may come: at once, by characters, by lines, by words."""
    return [[text], list(text), text.splitlines(keepends=True), re.findall(r"\s*\S+|\s+\Z", text)]


def joined(beginning: str, pieces: list[str]) -> tuple[str, BegunAnswer]:
    """The answer, and the state at its end."""
    answer = BegunAnswer(beginning)
    return "".join(map(answer.feed, pieces)) + answer.finish(), answer


@pytest.mark.parametrize(("beginning", "said", "kept"), JOINED.values(), ids=JOINED.keys())
def test_it_goes_on(beginning: str, said: str, kept: str) -> None:
    for pieces in cuts(said):
        text, answer = joined(beginning, pieces)
        assert text == beginning + kept, pieces
        assert (answer.started_over, answer.empty) == (False, False)


@pytest.mark.parametrize(("beginning", "said", "kept"), INDENTED_JOINED.values(), ids=INDENTED_JOINED.keys())
def test_it_goes_on_behind_an_indentation(beginning: str, said: str, kept: str | None) -> None:
    expected = f"{PLAIN}    return a\n" if kept is None else beginning + kept
    for pieces in cuts(said):
        text, answer = joined(beginning, pieces)
        assert text.replace("\n\n", "\n").removesuffix("```") == expected, pieces
        assert (answer.started_over, answer.empty) == (False, False)


def test_a_fence_behind_an_indentation_ends_the_code() -> None:
    for pieces in cuts(" ```\n"):
        text, answer = joined(INDENTED, pieces)
        assert (text, answer.started_over, answer.empty) == ("", False, True), pieces


def test_an_engine_is_given_no_blank_before_a_word() -> None:
    assert prefilled(PLAIN) == PLAIN
    assert prefilled(INDENTED) == f"{PLAIN}   "
    assert prefilled(TABBED) == TABBED.removesuffix("\t")


@pytest.mark.parametrize("beginning", [PLAIN, INDENTED], ids=["header", "indentation"])
@pytest.mark.parametrize("said", ALONE.values(), ids=ALONE.keys())
def test_it_starts_over(said: str, beginning: str) -> None:
    for pieces in cuts(said):
        text, answer = joined(beginning, pieces)
        assert text == said, pieces
        assert (answer.started_over, answer.empty) == (True, False)
    assert extract_blocks(said)[0].startswith("def f(")


@pytest.mark.parametrize("beginning", [PLAIN, INDENTED], ids=["header", "indentation"])
@pytest.mark.parametrize("said", NOTHING.values(), ids=NOTHING.keys())
def test_it_writes_nothing(said: str, beginning: str) -> None:
    for pieces in cuts(said):
        text, answer = joined(beginning, pieces)
        assert (text, answer.started_over, answer.empty) == ("", False, True), pieces


def test_what_is_clear_is_passed_on_at_once() -> None:
    answer = BegunAnswer(DOCUMENTED)
    assert [answer.feed(each) for each in ("   ", " return", " a")] == ["", DOCUMENTED + "    return", " a"]
    answer = BegunAnswer(PLAIN)
    lines = ["a += 1\n"] * 7
    assert [bool(answer.feed(each)) for each in lines] == [False] * 5 + [True] * 2, "a long answer isn't held back"
