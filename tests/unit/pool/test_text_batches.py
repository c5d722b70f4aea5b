"""What comes within a moment goes on together, in order, and nothing of it is lost."""

import asyncio

import pytest

from pillion.pool.text_batches import GATHER_S, TextBatches


async def test_the_first_goes_on_at_once_and_its_followers_together() -> None:
    passed: list[str] = []
    with TextBatches(passed.append) as gathered:
        for text in "abc":
            gathered.add(text)
        assert passed == ["a"]
        await asyncio.sleep(15 * GATHER_S)
        assert passed == ["a", "bc"], "nobody has to come after them"
        gathered.add("d")
        gathered.add("e")
    assert passed == ["a", "bc", "d", "e"], "the end waits for nothing"


async def test_a_slow_stream_is_passed_on_piece_by_piece() -> None:
    passed: list[str] = []
    with TextBatches(passed.append) as gathered:
        for text in "abc":
            gathered.add(text)
            await asyncio.sleep(1.5 * GATHER_S)
            assert passed[-1] == text


async def test_nothing_is_lost_when_the_stream_is_cancelled() -> None:
    passed: list[str] = []

    async def stream() -> None:
        with TextBatches(passed.append) as gathered:
            gathered.add("a")
            gathered.add("b")
            await asyncio.sleep(60)

    task = asyncio.create_task(stream())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "".join(passed) == "ab"


async def test_an_error_that_nobody_heard_of_is_told_to_who_comes_next() -> None:
    def broken(text: str) -> None:
        if text != "a":
            raise ValueError(text)

    gathered = TextBatches(broken)
    gathered.add("a")
    gathered.add("b")
    await asyncio.sleep(15 * GATHER_S)
    with pytest.raises(ValueError, match="b"):
        gathered.add("c")
