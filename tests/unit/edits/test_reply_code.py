"""The stream's filter lets through what the edit takes from the whole reply, however the stream is cut."""

from pathlib import Path

import pytest

from pillion.actions.action_row import Output
from pillion.edits.code import wanted_code
from pillion.text.code_filter import CodeFilter
from tests.support.reply_cases import FOLDER, read_case, run_case, task_of

# Marks of a page, and code in a tool's call, are read once the reply is whole.
_WHOLE_ONLY = ("call_of_a_tool", "entities", "typographic", "blanks", "inner_thought", "whole_only")
_LANGUAGES = ("python", "go", "cpp")
CASES = [
    path
    for folder in _LANGUAGES
    for path in sorted((FOLDER / folder).glob("forms_*.txt"))
    if not any(kind in path.stem for kind in _WHOLE_ONLY)
]


@pytest.mark.parametrize("path", CASES, ids=[str(each.relative_to(FOLDER).with_suffix("")) for each in CASES])
def test_the_stream_has_the_code_that_the_edit_takes(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    ended = run_case(case, tmp_path)
    task = task_of(case, tmp_path)
    if task.action.output is not Output.CODE:
        return
    reply = case.sections["reply"]
    wanted = wanted_code(task.target.symbol, task.document)
    stream = CodeFilter(wanted)
    whole = stream.feed(reply) + stream.finish()
    for size in (1, 2, 7, 41):
        pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
        stream = CodeFilter(wanted)
        assert "".join([stream.feed(piece) for piece in pieces]) + stream.finish() == whole
    if ended.end in {"after", "held"}:
        old = {line.strip() for line in task.document.text.splitlines()}
        new = [line.strip() for line in ended.text.splitlines() if line.strip() not in old]
        streamed = {line.strip() for line in whole.splitlines()}
        assert [line for line in new if line not in streamed] == []
