"""Two engines that these tests share: started once, and as good as new for each test."""

from collections.abc import Iterator

import pytest

from pillion.fake_engine.process import FakeEngine


@pytest.fixture(scope="session")
def _first_engine() -> Iterator[FakeEngine]:
    with FakeEngine.start() as engine:
        yield engine


@pytest.fixture(scope="session")
def _second_engine() -> Iterator[FakeEngine]:
    with FakeEngine.start() as engine:
        yield engine


@pytest.fixture
def engine(_first_engine: FakeEngine) -> FakeEngine:
    """An engine; the one that drafts where there are two."""
    return _as_new(_first_engine)


@pytest.fixture
def auditing(_second_engine: FakeEngine) -> FakeEngine:
    """A second engine, which audits."""
    return _as_new(_second_engine)


def _as_new(engine: FakeEngine) -> FakeEngine:
    engine.script()
    engine.clear_log()
    engine.change(tokens_per_s=0, prefill_tokens_per_s=0, api_key=None, strict_models=False)
    return engine
