"""The driver itself, on VS Code's own TypeScript support: without it, a scenario's failure could be anybody's."""

from pathlib import Path

import pytest

from tests.editors.vscode.code_actions import REFACTOR
from tests.editors.vscode.conftest import StartSession

pytestmark = pytest.mark.asyncio(loop_scope="session")

SOURCE = """export function area(width: number, height: number): number {
    return width * height;
}

const wrong: number = "three";
"""


async def test_a_person_at_work(start_session: StartSession, no_extensions: Path) -> None:
    session = await start_session({"shape.ts": SOURCE}, extensions=no_extensions)
    window = session.window
    await window.open("shape.ts")
    assert await window.text("shape.ts") == SOURCE
    (row,) = await window.problems_with("not assignable")
    assert "Ln 5" in row
    await window.focus("shape.ts")
    await window.go_to_text("shape.ts", "area")
    assert "function area(width: number, height: number)" in await window.hover_with("function area")
    await window.go_to(5, 7)
    await window.actions.choose("Move to a new file", REFACTOR)
    await window.open("wrong.ts")
    await window.text_with("wrong.ts", "const wrong")
    assert session.server.pillions() == []


async def test_changes_and_commands(start_session: StartSession, no_extensions: Path) -> None:
    session = await start_session({"shape.ts": SOURCE}, extensions=no_extensions)
    window = session.window
    await window.open("shape.ts")
    await window.go_to(2, 5)
    await window.type("// å 😋\n    ")
    assert await window.is_changed("shape.ts")
    assert window.read("shape.ts") == SOURCE
    expected = SOURCE.replace("return", "// å 😋\n    return")
    assert await window.save("shape.ts") == expected
    await window.quick.command("Toggle Block Comment")
    await window.page.keyboard.press("Control+Z")
    assert not await window.quick.has_command("Pillion: Explain")
