"""Where code decides: in each language, and nowhere else."""

import pytest

from pillion.syntax.decision_points import DECISIONS, DecisionClass, class_of, decision_points
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import LANGUAGES, language_by_id

# Language, code, and its decisions.
DECIDED = {
    "python: comparisons": ("python", "if a < b <= c != d and e in f or not g: x", "< <= != and in or"),
    "python: two words": ("python", "x = a is not b or c not in d", "is_not or not_in"),
    "python: constants and jumps": (
        "python",
        "for a in b:\n    if True: pass\n    elif None: break\n    else: continue\nraise E from None\n",
        "True pass None break continue raise None",
    ),
    "python: arithmetic": ("python", "x += a[1:] // -2 ** 3 % 0.5", "+= 1 // 2 ** 3 % 0.5"),
    "python: no decisions": ("python", "from x import *\nf(*a, **k)\n# 1 < 2\ns = '1 < 2'\nlambda a, /, *, b: ~a", ""),
    "python: half of it": ("python", "def f(a):\n    if a < 1:\n        return (a +", "< 1 return"),
    "javascript": (
        "javascript",
        "function f(x) { for (const k of x) { if (x === null && !y || 'a' in x) return x.a[1] ** 2; x -= 1 } throw e }",
        "=== null && || in return 1 ** 2 -= 1 throw",
    ),
    "javascript: no decisions": ("javascript", "const s = `1 < 2`, r = /a+b/; f(...a); for (const k in x) {}", ""),
    "typescript": (
        "typescript",
        "function f<T>(a: Array<number>): boolean { return a.length >= 2 || a[0] !== undefined; }",
        "return >= 2 || 0 !== undefined",
    ),
    "typescriptreact": ("typescriptreact", "const a = <p>1 + 1 {n > 1 ? null : true}</p>;", "> 1 null true"),
    "go": (
        "go",
        "package p\nfunc f(x *int) (int, error) { if x == nil && *x > 1 { return 0, nil }\n x += 2\n break }",
        "== nil && > 1 return 0 nil += 2 break",
    ),
    "rust": (
        "rust",
        "fn f<T>(x: Vec<u8>) -> bool { let f = || 1; if *y >= 2.5 && true { return x % 2 == 0 } continue }",
        "1 >= 2.5 && true return % 2 == 0 continue",
    ),
    "java": (
        "java",
        "class A { boolean f(List<Integer> x) { if (x == null || x.n < 0x1F) return false; x *= 2; throw e; } }",
        "== null || < 0x1F return false *= 2 throw",
    ),
    "c": (
        "c",
        "int f(int *x) { if (x != NULL && *x > 1) { return -y; } a -= 1; goto end; }",
        "!= NULL && > 1 return -= 1 goto",
    ),
    "cpp": (
        "cpp",
        "template<class T> bool f(std::vector<int>& x) { return x == nullptr || a / 2 < 3; }",
        "return == nullptr || / 2 < 3",
    ),
}


@pytest.mark.parametrize(("language_id", "code", "decided"), DECIDED.values(), ids=DECIDED)
def test_what_is_decided(language_id: str, code: str, decided: str) -> None:
    language = language_by_id(language_id)
    assert language is not None
    points = decision_points(ParsedText.of(language, code))
    assert " ".join(point.shown.replace(" ", "_") for point in points) == decided
    assert all(code[point.start : point.end] == point.text for point in points)
    assert all(class_of(point.text, language) is point.kind for point in points)


def test_every_language_has_a_row() -> None:
    assert DECISIONS.keys() == {language.id for language in LANGUAGES}


def test_only_a_part_is_looked_at() -> None:
    language = language_by_id("python")
    assert language is not None
    parsed = ParsedText.of(language, "é = 1 < 2\nb = 3 > 4\n")
    assert [point.text for point in decision_points(parsed, 10)] == ["3", ">", "4"]
    assert [(point.start, point.text) for point in decision_points(parsed, 0, 10)] == [(4, "1"), (6, "<"), (8, "2")]


@pytest.mark.parametrize(
    ("language_id", "word", "kind"),
    [
        ("python", "<=", DecisionClass.COMPARISON),
        ("python", "//", DecisionClass.ARITHMETIC),
        ("javascript", "//", None),
        ("python", "None", DecisionClass.CONSTANT),
        ("go", "None", None),
        ("rust", "return", DecisionClass.JUMP),
        ("java", "17", DecisionClass.NUMBER),
        ("python", "1](command:a", None),
        ("python", "x", None),
        ("python", "", None),
        ("python", "):", None),
    ],
)
def test_the_class_of_a_models_word(language_id: str, word: str, kind: DecisionClass | None) -> None:
    language = language_by_id(language_id)
    assert language is not None
    assert class_of(word, language) is kind
