"""What a draft adds that nobody sees is named; what the document had, and what scripts and emoji need, passes."""

import re

import pytest

from pillion.auditors.characters import CharactersAuditor
from pillion.syntax.languages import LANGUAGES
from pillion.text.hidden import STEERING
from tests.unit.auditors.cases import passage

HIDDEN = {
    "U+202E": "a = 'x\u202e y'\n",
    "U+202A": "# \u202a\nx = 1\n",
    "U+2066": "if a != 'user\u2066 # only admin\u2069':\n    pass\n",
    "U+200E": "a = 1  # \u200e\n",
    "U+200F": "s = 'שלום\u200f'\n",
    "U+061C": "s = '\u061cx'\n",
    "U+200B": "ad\u200bmin = True\n",
    "U+200C": "ad\u200cmin = True\n",
    "U+200D": "ad\u200dmin = True\n",
    "U+FEFF": "x = 1\n\ufeffy = 2\n",
    "U+2060": "x\u2060 = 1\n",
    "U+0000": "x = '\0'\n",
    "U+0008": "x = 1 # ok\b\b\n",
    "U+001B": "print('\x1b[2J')\n",
    "U+000C": "x = 1\n\f\ny = 2\n",
    "U+000B": "x = 1\n\v\ny = 2\n",
    "U+000D": "x = 1 # harmless\rimport os\n",
    "U+001F": "\x1f\nx = 1\n",
    "U+007F": "x = '\x7f'\n",
    "U+009B": "x = '\x9b31m'\n",
    "U+0085": "x = 1 # a\x85b\n",
    "U+2028": "// a\u2028b\n",
    "U+2029": "// a\u2029b\n",
    "U+E0041": "x = 'a\U000e0041\U000e0042'\n",
    "U+E0100": "x = 'a\U000e0100'\n",
    "U+FE0F": "x = 'a\ufe0f'\n",
    "U+FE01": "x = '😀\ufe01'\n",
    "U+3164": "const \u3164 = 1\n",
    "U+115F": "x = '\u115f'\n",
    "U+D800": "x = '\ud800'\n",
}
PASSES = {
    "tabs": "\tx = 1\n",
    "crlf": "x = 1\r\ny = 2\r\n",
    "a family": "# 👨\u200d👩\u200d👧\u200d👦\n",
    "a heart on fire": "x = '❤\ufe0f\u200d🔥'\n",
    "a skin tone": "x = '🧑🏽\u200d🚀'\n",
    "a keycap": "x = '1\ufe0f\u20e3'\n",
    "a check mark": "print('✔\ufe0f done')\n",
    "the flag of Scotland": "x = '🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f'\n",
    "hebrew": "s = 'שלום'  # עולם\n",
    "persian in a string": "s = 'می\u200cخواهم'\n",
    "hindi in a comment": "# क्\u200dष\n",
    "an ideograph's variant": "s = '葛\U000e0100'\n",
    "accents": "s = 'e\u0301, naïve, ‘quoted’ – …'\n",
    "escapes": "s = '\\u202e\\x1b'\n",
}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.id)
@pytest.mark.parametrize(("name", "text"), HIDDEN.items(), ids=HIDDEN)
def test_what_nobody_sees_is_an_error_in_every_language(language: object, name: str, text: str) -> None:
    found = CharactersAuditor().audit(passage(getattr(language, "id", ""), text))
    assert found
    for each in found:
        assert (each.severity, each.code, each.source) == ("error", "check/hidden-character", "characters")
        assert text[each.start : each.end] == each.quote != ""
        assert re.search(f"[{STEERING}\u200c\u200d\ufe00-\ufe0f]", each.quote + each.message) is None
        assert each.message.isprintable()
    assert name in "".join(each.message for each in found)


@pytest.mark.parametrize("language_id", ["python", "typescript", "c"])
@pytest.mark.parametrize("text", PASSES.values(), ids=PASSES)
def test_what_scripts_and_emoji_need_passes(language_id: str, text: str) -> None:
    comments = text if language_id == "python" else re.sub("# ", "// ", text)
    strings = comments if language_id == "python" else re.sub("'([^']*)'", r'"\1"', comments)
    assert list(CharactersAuditor().audit(passage(language_id, strings))) == []


@pytest.mark.parametrize(
    ("before", "text"),
    [
        pytest.param("a = 'x\u202e y'\n", "b = 1\na = 'x\u202e y'\n", id="a line"),
        pytest.param("total = 'x\u202e y' + z\n", "whole = 'x\u202e y'\n", id="a renamed variable"),
        pytest.param("x = 1\n\f\ny = 2\n", "\f\n\fx = 2\n", id="form feeds"),
        pytest.param("x = 1\ry = 2\r", "x = 3\rz = 4\r", id="an old Macintosh"),
        pytest.param("\ufeffimport os\n", "\ufeffimport re\n", id="a mark at the beginning"),
    ],
)
def test_what_the_document_had_is_not_the_drafts_fault(before: str, text: str) -> None:
    assert list(CharactersAuditor().audit(passage("python", text, before))) == []


@pytest.mark.parametrize(
    ("before", "text"),
    [
        pytest.param("a = 'x\u202e y'\n", "a = 'x\u202e y'\nb = '\u202e'\n", id="one more"),
        pytest.param("s = '\u202e'\n", "if role != 'user\u202e':\n    pass\n", id="one that moved"),
        pytest.param("x = '\ufeff'\n", "\ufeffx = 1\n", id="a mark that was elsewhere"),
    ],
)
def test_one_that_is_there_excuses_no_other(before: str, text: str) -> None:
    assert len(CharactersAuditor().audit(passage("python", text, before))) == 1


def test_a_joiner_in_a_name_is_no_word_of_its_script() -> None:
    (found,) = CharactersAuditor().audit(passage("javascript", "const می\u200cخ = 1; const s = `${می\u200cخ}`\n"))
    assert "U+200C" in found.message


def test_a_flood_is_said_in_few_words() -> None:
    text = "".join(f"x{each} = '{chr(0x202A + each % 5)}\x1b'\n" for each in range(5000))
    found = CharactersAuditor().audit(passage("python", text))
    assert 0 < len(found) <= 3
    (line,) = CharactersAuditor().audit(passage("python", "x = '" + "".join(map(chr, range(1, 9))) + "'\n"))
    assert line.message.count("U+") == 4
    assert "and 4 more" in line.message
