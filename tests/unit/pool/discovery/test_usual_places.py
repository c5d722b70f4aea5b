"""Which ports of this machine are asked, and whose programs get no code."""

import os
from pathlib import Path

import pytest

from pillion.pool.discovery.listeners import is_a_strangers
from pillion.pool.discovery.usual_places import USUAL_PLACES, places_to_ask


@pytest.mark.parametrize(
    ("given", "first"),
    [
        ("", "http://127.0.0.1:11434"),
        ("127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("127.0.0.1", "http://127.0.0.1:11434"),
        ("localhost:11500", "http://127.0.0.1:11500"),
        ("http://localhost:11500/", "http://127.0.0.1:11500"),
        (":11500", "http://127.0.0.1:11500"),
        ("0.0.0.0", "http://127.0.0.1:11434"),  # noqa: S104  # what users write
        ("0.0.0.0:8888", "http://127.0.0.1:8888"),
        ("[::]:11500", "http://[::1]:11500"),
        ("[::1]:11500", "http://[::1]:11500"),
        (' "127.0.0.1:5000" ', "http://127.0.0.1:5000"),
        # not on this machine, or nothing that can be read: only the usual places
        ("192.168.1.5:11434", "http://127.0.0.1:11434"),
        ("gpu.example.com", "http://127.0.0.1:11434"),
        ("https://127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("127.0.0.1:notaport", "http://127.0.0.1:11434"),
        ("127.0.0.1:99999", "http://127.0.0.1:11434"),
        ("http://[::1", "http://127.0.0.1:11434"),
        ("127.0.0.1@evil.example.com", "http://127.0.0.1:11434"),
    ],
)
def test_where_ollama_listens(given: str, first: str) -> None:
    places = places_to_ask({"OLLAMA_HOST": given})
    assert places[0].url == first
    assert len({each.port for each in places}) == len(places)
    assert len({each.name for each in places}) == len(places)
    assert all(each.host in ("127.0.0.1", "[::1]") for each in places)
    assert {each.port for each in places} >= {each.port for each in USUAL_PLACES}


OWN = os.getuid()
ROW = "   0: 0100007F:2CAA 00000000:0000 {state} 00000000:00000000 00:00000000 00000000 {owner:5} 0 123 1 0 100 0\n"


@pytest.mark.parametrize(
    ("rows", "strangers"),
    [
        ([("0A", OWN)], False),
        ([("0A", 0)], False),
        ([("0A", 997)], False),
        ([("0A", 61234)], True),
        ([("0A", 61234), ("0A", OWN)], False),
        ([("01", 61234)], False),
        ([], False),
    ],
    ids=["own", "root's", "a service's", "another person's", "both", "no listener", "nobody's"],
)
def test_whose_program_listens(rows: list[tuple[str, int]], strangers: bool, tmp_path: Path) -> None:
    lines = "".join(ROW.format(state=state, owner=owner) for state, owner in rows)
    (tmp_path / "tcp").write_text(f"  sl  local_address rem_address st …\n{lines}", encoding="utf-8")
    assert is_a_strangers(0x2CAA, tmp_path) is strangers
    assert is_a_strangers(0x2CAB, tmp_path) is False


def test_where_the_system_says_nothing_nobody_is_a_stranger(tmp_path: Path) -> None:
    assert is_a_strangers(11434, tmp_path / "none") is False
    (tmp_path / "tcp").write_text("nonsense\n1 2\n\n", encoding="utf-8")
    assert is_a_strangers(11434, tmp_path) is False
