"""The bench that measures how soon a function of a draft has been run."""

from pillion.bench.run_delays import measure


def test_functions_are_run_while_the_draft_streams() -> None:
    delays = measure(rounds=1, tokens_per_s=100.0)
    assert delays.delays_s
    assert 0 < delays.median_s < 5
    assert len(delays.tails_s) == 1
    assert delays.words
