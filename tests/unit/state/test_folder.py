"""The state folder is the user's alone."""

import os
import stat
from pathlib import Path

import pytest

from pillion.errors import FileError
from pillion.jobs.dismissals import Dismissals
from pillion.models.trust import Measured, TrustStore
from pillion.state.dismissal_file import Dismissal, DismissalFile
from pillion.state.folder import ready_folder
from pillion.state.kept_drafts import DraftFolder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and owners are POSIX'")
GOOD = Measured("small", 0.75, 0.3, 0.1, functions=40, mutants=40, at="2026-01-02")


def mode(path: Path) -> int:
    """Who may do what."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277, 0o777])
def test_nobody_else_may_look_into_it_whatever_the_umask(umask: int, tmp_path: Path) -> None:
    state = tmp_path / "pillion"
    before = os.umask(umask)
    try:
        assert ready_folder(state, "drafts", "x") == state / "drafts" / "x"
        assert DraftFolder(state).keep("7f", "implement", "rate", "text") is not None
        DismissalFile(state).add([Dismissal("0" * 32)])
        assert TrustStore(state).keep(GOOD) is not None
    finally:
        os.umask(before)
    assert {mode(each) for each in (state, *state.rglob("*")) if each.is_dir()} == {0o700}
    assert all(mode(each) & 0o077 == 0 for each in state.rglob("*"))


@pytest.mark.parametrize(("was", "becomes"), [(0o755, 0o700), (0o777, 0o700), (0o701, 0o700), (0o500, 0o500)])
def test_one_that_others_may_look_into_is_mended(was: int, becomes: int, tmp_path: Path) -> None:
    state = tmp_path / "pillion"
    state.mkdir()
    state.chmod(was)
    ready_folder(state)
    assert mode(state) == becomes
    state.chmod(0o700)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give folders away")
async def test_somebody_elses_is_refused_with_a_word(tmp_path: Path) -> None:
    state = tmp_path / "pillion"
    state.mkdir(mode=0o777)
    os.chown(state, 1234, 1234)
    with pytest.raises(FileError, match="belongs to another user, so nothing is kept there") as caught:
        ready_folder(state, "drafts")
    assert "PILLION_STATE_DIR" in caught.value.hint
    assert DraftFolder(state).keep("7f", "implement", "rate", "text") is None
    assert TrustStore(state).keep(GOOD) is None
    assert "belongs to another user" in await Dismissals(state).save([Dismissal("0" * 32)])
    assert list(state.iterdir()) == []


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link", "file/in"):
        with pytest.raises(FileError):
            ready_folder(tmp_path / name)
