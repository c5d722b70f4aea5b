"""Editors for tests of the language server."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.editor import Editor

StartEditor = Callable[..., Awaitable[Editor]]


@pytest.fixture
async def start_editor(tmp_path: Path) -> AsyncIterator[StartEditor]:
    """Starts editors with a home in tmp_path; every server must still be able to shut down in good order."""
    editors: list[Editor] = []

    async def start(config: Path | None = None, **kwargs: Any) -> Editor:
        editor = await Editor.start(tmp_path, config, **kwargs)
        editors.append(editor)
        return editor

    yield start
    for editor in editors:
        assert await editor.quit() == 0


@pytest.fixture
def shop_uri(tmp_path: Path) -> str:
    """The URI of a document that is open in the editor only."""
    return (tmp_path / "shop.py").as_uri()
