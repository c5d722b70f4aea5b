"""Which parts of a draft are complete, line by line."""

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.pipeline.complete_parts import CompleteParts, runnables_of_part
from pillion.pipeline.outcome import Task
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id

ONE = "def one(number):\n    return {}\n"
TWO = "def two(number):\n    return {}\n"
SOURCE = f"RATE = 2\n\n\n{ONE}\n\n{TWO}".replace("{}", "number * RATE")
HELPER = "def _twice(number):\n    return number * 2\n"


def told(source: str, draft: str) -> list[tuple[str, set[str]]]:
    """The last line that was there when something could be run, and what that was."""
    language = language_by_id("python")
    assert language is not None
    document, action = ParsedText.of(language, source), action_by_id("refactor")
    task = Task("file:///numbers.py", action, action.scope.target(document, 0, len(source)), document)
    parts, found, lines = CompleteParts(task, language), [], draft.splitlines(keepends=True)
    for count in range(1, len(lines) + 1):
        for part in parts.new_in("".join(lines[:count])):
            runnables, waits = runnables_of_part(part, language, "engine")
            if waits:
                parts.wait(part)
            if runnables:
                found.append((lines[count - 1].strip(), {each.subject.path[-1] for each in runnables}))
    return found


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        pytest.param(
            f"{ONE}\n\n{TWO}\n\nLAST = 1\n".replace("{}", "RATE * number"),
            [("def two(number):", {"one"}), ("LAST = 1", {"two"})],
            id="each alone",
        ),
        pytest.param(
            f"{ONE}\n\n{TWO}\n\n# the end\n".replace("{}", "RATE * number"),
            [("def two(number):", {"one"})],
            id="a comment may still belong to it",
        ),
        pytest.param(
            f"{HELPER}\n\n{ONE}\n\n{TWO}".replace("{}", "_twice(number)"),
            [("def two(number):", {"one", "_twice"})],
            id="with the helper above it",
        ),
        pytest.param(
            f"{ONE}\n\n{HELPER}\n\n{TWO}".replace("{}", "_twice(number)"),
            [("def two(number):", {"one", "_twice"})],
            id="with the helper below it, once that is there",
        ),
        pytest.param(
            f"RATE = 3\n\n\n{ONE}\n\n{TWO}".replace("{}", "RATE * number"),
            [("def two(number):", {"one"})],
            id="with another constant",
        ),
        pytest.param(f"{ONE}\n\n{TWO}".replace("{}", "number * RATE"), [], id="nothing is new"),
    ],
)
def test_parts_are_given_out_when_they_are_complete(draft: str, expected: list[tuple[str, set[str]]]) -> None:
    assert told(SOURCE, draft) == expected
