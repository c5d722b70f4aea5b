"""Free text finds its tier by the user's own words, and says by which."""

import pytest

from pillion.actions.classify import TIER_WORDS, Classification, classify, own_words
from pillion.tiers import Tier

INFLECTIONS = {
    "docstring": ["docstring", "docstrings", "doc-string", "doc string", "document", "documenting", "documentation"],
    "comments": ["comment", "comments", "commented", "commenting"],
    "lint": ["lint", "lints", "linted", "linting", "linter", "linters"],
    "rename": ["rename", "renames", "renamed", "renaming"],
    "explain": ["explain", "explains", "explained", "explaining", "explanation", "explanations"],
    "refactor": ["refactor", "refactors", "refactored", "refactoring", "refactorings"],
    "debug": ["debug", "debugs", "debugged", "debugging", "fix this bug in", "fixing the bugs in", "bugfix", "bug-fix"],
    "tests": ["test", "tests", "tested", "testing", "unittests", "unit-test"],
    "implement": ["implement", "implements", "implemented", "implementing", "implementation"],
    "create": ["create", "creates", "created", "creating", "creation"],
    "design": ["design", "designs", "designed", "designing"],
    "architect": ["architect", "architects", "architecting", "architecture"],
}
TIERS = {
    Tier.SIMPLE: {"docstring", "comments", "lint", "rename", "explain"},
    Tier.MODERATE: {"refactor", "debug", "tests"},
    Tier.COMPLEX: {"implement", "create", "design", "architect"},
}
FORMS = [(form, word) for word, forms in INFLECTIONS.items() for form in forms]
FORMS_IT = [f"{form} it" for form, _ in FORMS]


@pytest.mark.parametrize(("form", "word"), FORMS, ids=[form for form, _ in FORMS])
def test_every_form_of_the_twelve_words_decides(form: str, word: str) -> None:
    tier = next(tier for tier, words in TIERS.items() if word in words)
    assert (classify(f"{form} it").word, classify(f"{form} it").tier) == (word, tier)
    assert classify(f"Now {form.upper()}, if it suits you").word == word


def test_there_are_twelve_words() -> None:
    assert TIER_WORDS.keys() == INFLECTIONS.keys()
    assert len(TIER_WORDS) == 12


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("create a test", "tests", id="what-is-created"),
        pytest.param("don't refactor, explain it", "explain", id="dont"),
        pytest.param("don\u2019t refactor, explain it", "explain", id="curly-apostrophe"),
        pytest.param("dont create anything; rename it", "rename", id="no-apostrophe"),
        pytest.param("do not write any tests, debug it", "debug", id="two-words-between"),
        pytest.param("no tests please. implement it", "implement", id="no"),
        pytest.param("refactor without creating classes", "refactor", id="negated-second"),
        pytest.param("instead of a test, design a fake", "design", id="instead-of"),
        pytest.param("rather than create it, explain it", "explain", id="rather-than"),
        pytest.param("never comment code", None, id="only-negated"),
        pytest.param("I have no idea, explain it", "explain", id="negation-of-something-else"),
        pytest.param("it is not very well and still somehow tested", "tests", id="negation-far-away"),
        pytest.param("the contest and the latest attestation", None, id="inside-other-words"),
        pytest.param("run test_create and my_lint", None, id="inside-identifiers"),
        pytest.param("make create() and app.test faster", None, id="names-out-of-the-code"),
        pytest.param("make test.py faster", None, id="file-name"),
        pytest.param("make it better.\nRefactor!", "refactor", id="second-line"),
        pytest.param("refactor/debug this", "refactor", id="slash"),
        pytest.param("(test) it", "tests", id="in-parentheses"),
        pytest.param("test it.", "tests", id="full-stop"),
        pytest.param("Fix a very old bug: create fails", "debug", id="fix-a-bug"),
        pytest.param("don't fix the bug, explain it", "explain", id="not-fixing-the-bug"),
        pytest.param("fix the lint", "lint", id="fix-something-else"),
        pytest.param("fix it and debugging gets easier", "debug", id="fix-far-from-a-bug"),
    ],
)
def test_the_first_word_that_is_asked_for_decides(text: str, word: str | None) -> None:
    assert classify(text).word == word


PASTED = {
    "fence": "```python\ndef create(): implement()\n```\n",
    "fence with tildes": "~~~\ncreate and implement\n~~~\n",
    "longer closing fence": "```\ncreate\n`````\n",
    "fence in a fence": "````\n```\ncreate\n```\nimplement\n````\n",
    "indented fence": "  ```\n  create\n  ```\n",
    "fence with CRLF": "```\r\ncreate\r\n```\r\n",
    "inline code": "`create` and ``implement `x` here`` ",
    "traceback": (
        "Traceback (most recent call last):\n"
        '  File "test.py", line 1, in create\n    implement()\n'
        "ValueError: create failed in a test\n"
    ),
    "error line": "app.errors.CreateError: implement me\n",
    "pytest's error line": "E   AssertionError: test create\n",
    "javascript stack": "TypeError: create is not a function\n    at create (app.js:1:2)\n  at implement (b.js:2:2)\n",
    "diff": "--- a/create.py\n+++ b/create.py\n@@ -1,2 +1,2 @@ implement\n- create test\n+ design test\n  lint\n",
    "diff from git": "diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-    test()\n+    create\n",
    "removed line": "-create()\n+implement\n",
    "quotation": "> please create a test\n>implement\n",
    "indented code": "    create the test\n\timplement\n",
}


@pytest.mark.parametrize("pasted", PASTED.values(), ids=PASTED.keys())
def test_what_is_pasted_says_nothing(pasted: str) -> None:
    assert classify(pasted).word is None
    assert classify(f"{pasted}rename it").word == "rename"
    assert classify(f"rename it:\n{pasted}").word == "rename"


@pytest.mark.parametrize(
    "pasted",
    ["```\ncreate\nimplement", "~~~ test\ncreate", 'Traceback (most recent call last):\n  File "test.py"\n    create'],
    ids=["fence", "tildes", "traceback"],
)
def test_what_is_pasted_may_have_no_end(pasted: str) -> None:
    assert classify(f"rename it\n{pasted}").word == "rename"
    assert classify(pasted).word is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("please:\n- refactor x\n- test x", "refactor", id="dashes"),
        pytest.param("* refactor x", "refactor", id="stars"),
        pytest.param("+ refactor x", "refactor", id="pluses"),
        pytest.param("1. refactor x", "refactor", id="numbers"),
        pytest.param("- this:\n    - refactor x", "refactor", id="nested"),
        pytest.param("don't use `create`: refactor it", "refactor", id="after-inline-code"),
        pytest.param("```x``` refactor", "refactor", id="code-span-of-three-ticks"),
        pytest.param("it's 3 ` and refactor", "refactor", id="lone-backtick"),
    ],
)
def test_lists_and_what_stands_beside_code_are_own_words(text: str, word: str) -> None:
    assert classify(text).word == word


def test_the_reason_quotes_the_user() -> None:
    assert classify("Refactoring, please") == Classification(Tier.MODERATE, "refactor", "you wrote “Refactoring”")
    assert "“fix this bug”" in classify("fix\n  this bug").reason


@pytest.mark.parametrize(
    ("text", "tier", "reason"),
    [
        pytest.param("what does this do", Tier.SIMPLE, "a question", id="question-word"),
        pytest.param("can you tell me what this does?", Tier.SIMPLE, "a question", id="tell-me"),
        pytest.param("this is slow, make it fast", Tier.MODERATE, "a change", id="statement"),
        pytest.param("can you make it faster?", Tier.MODERATE, "a change", id="request-in-question-form"),
        pytest.param("why " + "very " * 30 + "slow", Tier.MODERATE, "a question", id="long-question"),
        pytest.param("make it faster", Tier.MODERATE, "a change", id="imperative"),
        pytest.param("```\nx = 1\n```", Tier.MODERATE, "no words of your own", id="pasted-only"),
        pytest.param("", Tier.MODERATE, "no words", id="nothing"),
        *(
            pytest.param(text, Tier.SIMPLE, "a greeting: the small model answers", id=text)
            for text in ("hi", "Hello!", "hey there", "good morning, Pillion", "thank you so much", "Thanks a lot!")
        ),
        *(
            pytest.param(text, Tier.SIMPLE, "a single word: the small model answers", id=text)
            for text in ("decorators", "Hallo", "sorting", "help", "foo", "ok.", "co-routines")
        ),
        *(
            pytest.param(text, Tier.MODERATE, "a change", id=text)
            for text in (
                "simplify",
                "Optimize!",
                "optimise",
                "faster",
                "inline",
                "cleanup",
                "rewrite",
                "fix",
                "hi, make it faster",
                "优化这个函数",
            )
        ),
    ],
)
def test_without_a_word_a_short_question_is_simple_and_the_rest_moderate(text: str, tier: Tier, reason: str) -> None:
    found = classify(text)
    assert (found.tier, found.word) == (tier, None)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("what does this do?", "a question: the small model answers", id="question"),
        pytest.param("make it faster", "a change to the code (“faster”, “make”): the large model does it", id="change"),
        pytest.param("why does the test fail?", "you wrote “test”: the large model answers", id="hard-question"),
        pytest.param("explain it", "you wrote “explain”: the small model answers", id="explain"),
        pytest.param("rename it", "you wrote “rename”: the small model does it", id="simple"),
        pytest.param("refactor it", "you wrote “refactor”: the large model does it", id="moderate"),
        pytest.param(
            "implement it", "you wrote “implement”: the large model does it, and the small one checks", id="complex"
        ),
    ],
)
def test_the_reason_is_in_a_users_words(text: str, reason: str) -> None:
    assert classify(text).reason == reason


@pytest.mark.parametrize("text", [*FORMS_IT, *PASTED.values(), "", "why?", "make it so", "why " * 40])
def test_no_reason_speaks_of_tiers(text: str) -> None:
    reason = classify(text).reason
    assert not any(word in reason for word in ("tier", "occurs", *(tier.value for tier in Tier)))


def test_the_same_text_always_gives_the_same_answer() -> None:
    texts = ["create it", "what is it?", "```\ncreate\n```", "don't test"]
    assert [classify(text) for text in texts] == [classify(text) for text in reversed(texts)][::-1]


def test_own_words_keeps_the_words_around() -> None:
    assert own_words("a `b` c\n```\nd\n```\ne").split() == ["a", "c", "e"]


def test_long_texts_full_of_negations_are_read_quickly() -> None:
    # Looking back to the beginning for each word took minutes.
    assert classify("not test it, " * 20_000 + "lint it").word == "lint"


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("Optimize this algorithm", Tier.COMPLEX),
        ("Build a caching layer with TTL", Tier.COMPLEX),
        ("I need a service that watches a folder and uploads what is new", Tier.COMPLEX),
        ("explain how to implement a binary tree", Tier.SIMPLE),
        ("create a comment above the loop", Tier.SIMPLE),
        ("what does this test do", Tier.SIMPLE),
        ("optimise this loop", Tier.MODERATE),
    ],
)
def test_what_is_asked_for_decides_and_not_one_word(text: str, tier: Tier) -> None:
    assert classify(text).tier is tier
    assert classify(f"{text}\n\n```python\n" + "def create(): implement(design)\n" * 2000 + "```\n").tier is tier


def test_the_reason_names_what_is_asked_for_in_the_users_words() -> None:
    reason = classify("Build a caching layer with TTL").reason
    assert reason.startswith("new code or structure (“")
    assert any(word in reason for word in ("Build", "caching", "layer"))
