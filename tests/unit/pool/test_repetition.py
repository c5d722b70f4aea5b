"""A model in a loop is noticed; code and prose that repeat themselves for good reasons aren't taken for one."""

import pytest

from pillion.pool.repetition import Repetition

_ROWS = "".join(f'    ("{name}", {number}, True),\n' for number, name in enumerate("abcdefghij" * 30))
_BOARD = "    [0, 0, 0, 0, 0, 0, 0, 0, 0],\n" * 9
_FUNCTION = '''def area(width: float, height: float) -> float:
    """Return the area of a rectangle."""
    if width < 0 or height < 0:
        raise ValueError("a length is never negative")
    return width * height


'''

LOOPS = {
    "a word": "the " * 400,
    "two words": "on and " * 200,
    "a line": "    return self.value\n" * 80,
    "a sentence": "The function returns the value of the field. " * 30,
    "a line in a list": "- It is important to check the input.\n" * 60,
    "two lines": "    a = b\n    b = a\n" * 60,
    "a paragraph": "First it checks the input.\nThen it goes through all of them.\nAt last it gives back the sum.\n"
    * 14,
    "a whole function": _FUNCTION * 7,
    "a call": "print(value)\n" * 60,
    "an import": "from typing import Any\n" * 60,
    "blank lines": "\n" * 1400,
    "blanks": " " * 1400,
    "a sign": "=" * 6400,
    "zeros without end": "0, " * 2200,
    "a quoted word without end": '"a", ' * 1400,
    "after good code": _FUNCTION + _ROWS + "    # and so on\n" * 60,
    "in a field's words": '{"summary": "Takes the price and ' + "the price and " * 60,
    "in a script without capitals": "価格を返します。" * 90,
    "a comment": "# the rest stays as it was\n" * 40,
}

NO_LOOPS = {
    "nothing": "",
    "a function": _FUNCTION,
    "a function, and again as it was": _FUNCTION * 3,
    "a table of similar rows": _ROWS,
    "a long list of numbers": ", ".join(str(number) for number in range(2000)),
    "a long list of zeros": "[" + "0, " * 1000 + "]",
    "a long list of nothing": "[" + "None, " * 300 + "]",
    "a long list of flags": "[" + "False, True, " * 200 + "]",
    "a long list of one word": "[" + '"unknown", ' * 200 + "]",
    "bytes": "    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,\n" * 64,
    "a board": _BOARD * 9,
    "rows of nothing": '    {"a": null, "b": null},\n' * 100,
    "closing braces": "}\n" * 60,
    "closing braces that go back": "".join(" " * (4 * depth) + "}\n" for depth in range(40, 0, -1)),
    "closing tags": "".join(" " * (2 * depth) + "</div>\n" for depth in range(60, 0, -1)),
    "closing brackets": ")" * 200,
    "ends": "".join(" " * (2 * depth) + "end\n" for depth in range(60, 0, -1)),
    "a ruler": "# " + "-" * 200 + "\n",
    "a table's head": "|" + "---|" * 40,
    "a call that is unrolled": "    state = mix(state)\n" * 16,
    "instructions": "    nop\n" * 32,
    "steps": "".join(f"step({number})\n" for number in range(400)),
    "cases": "".join(f"    case {number}:\n        return {number * 2}\n" for number in range(200)),
    "tests": "".join(
        f"def test_{number}():\n    assert f({number}) == {number * number}\n\n\n" for number in range(100)
    ),
    "columns": "".join(
        f"    Column('{name}', Integer, nullable=False),\n" for name in "abcdefghijklmnopqrstuvwxyz" * 4
    ),
    "blank lines between": (_FUNCTION + "\n" * 20) * 2,
    "poor base64": "A" * 2000,
    "noise": "".join("ab \n"[(number * number * 31 + number) % 977 % 4] for number in range(970)),
}


@pytest.mark.parametrize("size", [1, 4, 37, 10_000])
@pytest.mark.parametrize("text", LOOPS.values(), ids=LOOPS)
def test_a_loop_is_noticed(text: str, size: int) -> None:
    reading = Repetition()
    assert any(reading.goes_round(text[at : at + size]) for at in range(0, len(text), size))


@pytest.mark.parametrize("size", [1, 4, 37, 10_000])
@pytest.mark.parametrize("text", NO_LOOPS.values(), ids=NO_LOOPS)
def test_what_repeats_itself_for_good_reasons_goes_on(text: str, size: int) -> None:
    reading = Repetition()
    assert not any(reading.goes_round(text[at : at + size]) for at in range(0, len(text), size))
