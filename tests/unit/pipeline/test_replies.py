"""What becomes of replies as models really give them: the cases of fixtures/actions/. See tests/support/reply_cases.py."""

from pathlib import Path

import pytest

from tests.support.reply_cases import FOLDER, files_afterwards, read_case, run_case

CASES = sorted(FOLDER.rglob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=[str(each.relative_to(FOLDER).with_suffix("")) for each in CASES])
def test_a_reply_is_applied_right_or_held_back_with_a_reason(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    ended = run_case(case, tmp_path)
    assert ended.end == case.end, f"{ended.words}\n{ended.text}"
    if case.end != "after":
        assert case.sections[case.end].strip() in ended.words
    if case.end in {"after", "held"} and "after" in case.sections:
        assert ended.text == case.sections["after"]
    assert ended.files == files_afterwards(case)
