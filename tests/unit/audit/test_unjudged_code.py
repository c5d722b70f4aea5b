"""What of a draft waits for the model auditor, what is worth reading ahead, and that none of it is lost."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.audit.unjudged_code import UnjudgedCode
from pillion.syntax.units import Unit

LINE = "    some_name = another_name + 1\n"  # 33 characters: four of them are worth a request


def unit(text: str, index: int = 0, start: int = 0) -> Unit:
    return Unit(index, start, start + len(text), text)


def test_as_much_as_a_request_is_worth_is_read_ahead_and_only_once() -> None:
    reading = UnjudgedCode()
    for _ in range(3):
        reading.add(LINE, [])
        assert not reading.is_worth_reading
    reading.add(LINE + "    half a line", [])
    assert reading.is_worth_reading
    assert reading.begin_reading() == 4 * LINE, "only whole lines: what a line becomes isn't known before its end"
    assert not reading.is_worth_reading
    reading.add("\n" + 3 * LINE, [])
    assert not reading.is_worth_reading
    reading.add(LINE, [])
    assert reading.is_worth_reading


def test_what_was_read_ahead_is_the_beginning_of_what_is_asked_later() -> None:
    reading = UnjudgedCode()
    reading.add(6 * LINE, [])
    read = reading.begin_reading()
    reading.add(2 * LINE, [unit(7 * LINE)])
    units, code = reading.take_closed()
    assert (units, code) == ((unit(7 * LINE),), 7 * LINE)
    assert code.startswith(read)
    assert not reading.is_worth_reading, "one line is left"


def test_what_was_read_behind_a_question_is_read_again_behind_its_answer() -> None:
    reading = UnjudgedCode()
    reading.add(7 * LINE, [])
    assert reading.begin_reading() == 7 * LINE
    reading.add("", [unit(2 * LINE)])
    reading.take_closed()
    assert reading.is_worth_reading, "the engine has it in its cache, but in another place"
    assert reading.begin_reading() == 5 * LINE


def test_answers_are_read_too() -> None:
    reading = UnjudgedCode()
    reading.add(LINE, [])
    reading.answered("x" * (120 - len(LINE) - 1))
    assert not reading.is_worth_reading
    reading.answered("x")
    assert reading.is_worth_reading
    assert reading.begin_reading() == LINE
    assert not reading.is_worth_reading
    reading.answered("x" * 1000)
    reading.add(LINE, [unit(2 * LINE)])
    reading.take_closed()
    assert not reading.is_worth_reading, "the question goes behind the answer and has both read"


def test_what_wasnt_judged_waits_again_before_the_rest() -> None:
    reading = UnjudgedCode()
    first, second = unit(3 * LINE), unit(LINE, 1, 3 * len(LINE))
    reading.add(3 * LINE, [first])
    taken, _ = reading.take_closed()
    assert not reading.has_closed
    reading.add(LINE, [second])
    reading.put_back(taken)
    assert reading.take_all() == ((first, second), 4 * LINE)
    assert reading.take_all() == ((), "")


@pytest.mark.parametrize(
    ("texts", "beginning", "has_closed"),
    [
        pytest.param([], "", False, id="nothing"),
        pytest.param(["\n\n"], "\n\n", False, id="blank"),
        pytest.param(["\n", LINE], "\n" + LINE, True, id="blank first: its places are still the draft's"),
        pytest.param([LINE, LINE], LINE, True, id="the first of two"),
    ],
)
def test_the_beginning(texts: list[str], beginning: str, has_closed: bool) -> None:
    reading = UnjudgedCode()
    for index, text in enumerate(texts):
        reading.add(text, [unit(text, index)])
    assert (reading.beginning, reading.has_closed) == (beginning, has_closed)
    assert reading.take_all()[1] == ("".join(texts) if has_closed else "")


@given(st.integers(0, 2**32), st.lists(st.sampled_from(["a = 1\n", LINE, "\n", "b", "  c = 'ü🥞'\r\n"]), max_size=40))
def test_all_of_it_is_taken_once_and_in_order(seed: int, pieces: list[str]) -> None:
    """Units close, are read ahead, taken and put back at random; together they are the draft."""
    chance = random.Random(seed)  # noqa: S311 - a schedule, no secret
    reading = UnjudgedCode()
    still_open, start, index = "", 0, 0
    taken: list[Unit] = []
    for piece in pieces:
        still_open += piece
        closed: list[Unit] = []
        while "\n" in still_open and chance.random() < 0.6:
            length = still_open.index("\n") + 1
            closed.append(unit(still_open[:length], index, start))
            still_open, start, index = still_open[length:], start + length, index + 1
        reading.add(piece, closed)
        if chance.random() < 0.3:
            waits = "".join(pieces[: pieces.index(piece)])
            assert reading.begin_reading().count("\n") <= waits.count("\n") + len(pieces)
        if chance.random() < 0.4:
            units, code = reading.take_closed()
            assert code == "".join(each.text for each in units)
            if chance.random() < 0.5:
                reading.put_back(units)
            else:
                taken += units
    if still_open:
        reading.add("", [unit(still_open, index, start)])
    taken += reading.take_closed()[0]
    assert "".join(each.text for each in taken) == "".join(pieces)
    assert [each.index for each in taken] == list(range(len(taken)))
