"""Messages out of bytes: however they are cut, and whatever is between them."""

import pytest

from pillion.rpc.framing import BadFrame, Framer
from tests.support.raw_client import framed

ONE, TWO = b'{"a": "\xc3\xa9"}', b'{"b": "Content-Length: 3\\r\\n\\r\\nno header"}'


def frames(*chunks: bytes) -> list[bytes | str]:
    framer, found = Framer(), list[bytes | str]()
    for chunk in chunks:
        framer.feed(chunk)
        while (frame := framer.next()) is not None:
            found.append(frame.reason if isinstance(frame, BadFrame) else frame)
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 1000])
def test_it_does_not_matter_how_they_come(size: int) -> None:
    sent = framed(ONE) + framed(TWO) + framed(b"") + framed(ONE)
    assert frames(*(sent[at : at + size] for at in range(0, len(sent), size))) == [ONE, TWO, b"", ONE]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        pytest.param(b"content-length: 2\r\nX: y\r\n\r\n{}", [b"{}"], id="any-case"),
        pytest.param(b"X: y\r\nContent-Length:2\r\n\r\n{}", [b"{}"], id="any-order"),
        pytest.param(b"Content-Length: 2 \n\n{}", [b"{}"], id="unix-line-ends"),
        pytest.param(b"X: y\r\n\r\n" + framed(ONE), ["a header has no Content-Length", ONE], id="no-length"),
        pytest.param(b"Content-Length: -5\r\n\r\n" + framed(ONE), ["a header has no Content-Length", ONE], id="negative"),
        pytest.param(b"Content-Length: 1e3\r\n\r\n{}" + framed(ONE), ["a header has no Content-Length", ONE], id="no-number"),
        pytest.param(b"Content-Length: 999999999999\r\n\r\n{}" + framed(ONE), ["a Content-Length is more than any message has", ONE], id="huge"),
        pytest.param(b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", ["a Content-Length is more than any message has"], id="absurd"),
        pytest.param(b"Content-Length: 3\r\n\r\n" + ONE + framed(TWO), [ONE[:3], TWO], id="too-small"),
        pytest.param(b"Content-Length: 300\r\n\r\n" + ONE + framed(TWO), [ONE, TWO], id="too-large"),
        pytest.param(b"Content-Length: %d\r\n\r\n" % (len(ONE) + 8) + ONE + framed(TWO), [ONE, TWO], id="a-little-too-large"),
    ],
)  # fmt: skip
def test_who_counts_wrong_loses_one_message(sent: bytes, found: list[bytes | str]) -> None:
    assert frames(sent) == found


def test_a_flood_of_anything_is_not_kept() -> None:
    framer, bad = Framer(), 0
    for _ in range(100):
        framer.feed(b"x" * 65_536)
        bad += isinstance(framer.next(), BadFrame)
    assert len(framer._buffer) <= 2 * 65_536
    assert bad >= 99, "and it is said"
    framer.feed(framed(ONE))
    assert framer.next() == ONE


def test_a_large_body_in_many_pieces_takes_no_time() -> None:
    body = b'"' + b"Content-Lengt" * 1_000_000 + b'"'
    sent = framed(body)
    assert frames(*(sent[at : at + 65_536] for at in range(0, len(sent), 65_536))) == [body]
