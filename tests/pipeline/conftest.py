"""The two engines of these tests."""

from collections.abc import Iterator

import pytest

from pillion.fake_engine.process import FakeEngine
from tests.support.engines import SharedEngines


@pytest.fixture(scope="session")
def _first_engine() -> Iterator[SharedEngines]:
    with SharedEngines() as engines:
        yield engines


@pytest.fixture(scope="session")
def _second_engine() -> Iterator[SharedEngines]:
    with SharedEngines() as engines:
        yield engines


@pytest.fixture
def engine(_first_engine: SharedEngines) -> FakeEngine:
    """An engine; the one that drafts where there are two."""
    return _first_engine.as_new("fake-model")


@pytest.fixture
def auditing(_second_engine: SharedEngines) -> FakeEngine:
    """A second engine, which audits."""
    return _second_engine.as_new("fake-model")
