"""Comments come into the user's code at the draft's places, in every language; fixtures/actions/ has the replies of models."""

import random
from itertools import pairwise
from pathlib import Path

import pytest

from pillion.actions.comments import SAME_TOKENS
from pillion.edits.comments.comment_insertions import comment_replacements
from pillion.edits.invariants import check_invariants
from pillion.prompts.shown_code import outdented
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import LANGUAGES, language_by_path
from pillion.syntax.leaves import leaves_of
from pillion.text.replacement import apply_replacements

FIXTURES = Path(__file__).parents[3] / "fixtures"
FOUND = sorted(
    (*(FIXTURES / "units").iterdir(), FIXTURES / "stubs" / "text_table_render.py", FIXTURES / "demo" / "shop.py")
)
FILES = [each for each in FOUND if language_by_path(each.name) is not None]


def commented(code: str, language_id: str, rng: random.Random) -> str:
    """The code with a comment of its own above some of its lines."""
    language = next(each for each in LANGUAGES if each.id == language_id)
    mark = "#" if language_id == "python" else "//"
    leaves = leaves_of(ParsedText.of(language, code))
    for above, below in reversed(list(pairwise(leaves))):
        start = code.rfind("\n", 0, below.start) + 1
        begins_line = not code[start : below.start].strip() and start > above.start
        if begins_line and not (above.is_comment or below.is_comment or below.in_docstring) and rng.random() < 0.5:
            comment = f"{code[start : below.start]}{mark} why {rng.randrange(1000)}\n"
            code = code[:start] + comment + code[start:]
    return code


def tokens(parsed: ParsedText) -> list[str]:
    return [each.text for each in leaves_of(parsed) if not each.is_comment]


@pytest.mark.parametrize("path", FILES, ids=[each.name for each in FILES])
def test_each_comment_stands_where_the_draft_has_it(path: Path) -> None:
    language = language_by_path(path.name)
    assert language is not None
    document = ParsedText.of(language, path.read_bytes().decode())
    rng = random.Random(path.name)  # noqa: S311  (it is to be the same each time)
    tried = 0
    for symbol in map(document.symbols.read, document.symbols.walk()):
        margin = document.text.rfind("\n", 0, symbol.start) + 1
        if not symbol.name or document.text[margin : symbol.start].strip():
            continue
        code = outdented(symbol, document)
        reply = commented(code, language.id, rng)
        if tokens(ParsedText.of(language, reply)) != tokens(ParsedText.of(language, code)):
            continue  # in JSX it would be text
        made = comment_replacements(f"```{language.id}\n{reply}\n```", symbol, document)
        after = apply_replacements(document.text, made)
        check_invariants([SAME_TOKENS], symbol, document, after)
        # A declaration may end with a semicolon, and an attribute's comment belongs above the attribute.
        wanted, there = (sorted(line.strip(" \t;") for line in text.splitlines()) for text in (reply, after))
        assert not [line for line in wanted if wanted.count(line) > there.count(line)]
        if "#[" not in reply:
            shown = [line.strip(" \t;") for line in after[margin:].splitlines()]
            assert shown[: reply.count("\n") + 1] == [line.strip(" \t;") for line in reply.splitlines()], symbol.name
        tried += len(made)
    assert tried > 0


def test_every_language_is_tried() -> None:
    assert {language.id for each in FILES if (language := language_by_path(each.name)) is not None} == {
        each.id for each in LANGUAGES
    }


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_line_ends_and_wide_characters(newline: str) -> None:
    language = LANGUAGES[0]
    text = "a = '🥞'\n\n\ndef f(é):\n    return é\n".replace("\n", newline)
    document = ParsedText.of(language, text)
    (symbol,) = map(document.symbols.read, document.symbols.walk())
    made = comment_replacements("def f(é):\n    # wégen 🥞\n    return é  # so\n", symbol, document)
    wanted = "a = '🥞'\n\n\ndef f(é):\n    # wégen 🥞\n    return é  # so\n".replace("\n", newline)
    assert apply_replacements(text, made) == wanted
