"""`pillion editor`: setups for editors, and what it writes into a user's configuration and takes away again."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.editors import setup_files as editor_files
from pillion.editors.editor_names import editor_named
from pillion.editors.setup_files import Change, FileChange
from pillion.editors.setups import EDITORS, neovim_files
from pillion.errors import UsageError
from tests.cli.test_commands import pillion
from tests.support.editor import private_environment

INSTALL = ("editor", "neovim", "--install")
UNINSTALL = ("editor", "neovim", "--uninstall")
# The index of the help is shared with other pages, so it isn't among the files that are Pillion's alone.
TAGS = "doc/tags"
FILES = sorted([*neovim_files(("pillion",)), TAGS])
USERS_OWN = 'vim.g.pillion = { review = "always" }\n'


def nvim_folder(home: Path) -> Path:
    """Neovim's configuration folder, with a file of the user's own."""
    folder = home / ".config" / "nvim"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "init.lua").write_text(USERS_OWN)
    return folder


def files_in(folder: Path) -> dict[str, str]:
    """Path → text of all that is there but the note of what was written."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != "installed.json")
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def in_terminal(home: Path, answer: str, *arguments: str) -> tuple[int, str]:
    """Runs the command in a terminal where somebody types an answer; its exit code and what was shown."""
    near, far = pty.openpty()
    command = [sys.executable, "-P", "-m", "pillion", *arguments]
    with subprocess.Popen(command, env=private_environment(home, None), stdin=far, stdout=far, stderr=far) as process:
        os.close(far)
        os.write(near, answer.encode())
        shown = b""
        try:
            while piece := os.read(near, 65536):
                shown += piece
        except OSError:
            pass  # Linux says so when the other side of a terminal has gone
        code = process.wait(60)
    os.close(near)
    return code, shown.decode()


def test_lists_the_editors(tmp_path: Path) -> None:
    plain, as_json = pillion("editor", home=tmp_path), pillion("editor", "--json", home=tmp_path)
    assert [each["name"] for each in json.loads(as_json.stdout)] == [each.name for each in EDITORS]
    assert all(each.title in plain.stdout for each in EDITORS)
    assert (plain.returncode, as_json.returncode) == (0, 0)


@pytest.mark.parametrize("name", [each.name for each in EDITORS])
def test_prints_a_setup_and_where_it_belongs(name: str, tmp_path: Path) -> None:
    editor = next(each for each in EDITORS if each.name == name)
    plain, as_json = pillion("editor", name, home=tmp_path), pillion("editor", name, "--json", home=tmp_path)
    data = json.loads(as_json.stdout)
    # stdout is the setup alone, so that it can be piped into a file.
    assert plain.stdout == data["text"]
    assert editor.where in plain.stderr.replace("\n", " ")
    assert data["where"] == editor.where


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("editor", "ed"), 2, "There is no setup for 'ed'.\n         Known editors: neovim, neovim-0.7, helix"),
        (("editor", "vim"), 2, "zed, vscode. Did you mean neovim?"),
        (("editor", "hellix"), 2, "Did you mean helix?"),
        (("editor", "Sublme Text"), 2, "Did you mean sublime?"),
        (("editor", "intellij"), 2, "`pillion serve --stdio` suits any other."),
        (("editor", "nvimm", "--install"), 2, "Did you mean neovim?"),
        (("editor", "code", "--install"), 2, "Only Neovim's setup can be written."),
        (("editor", "helix", "--install"), 2, "Only Neovim's setup can be written."),
        (("editor", "--uninstall"), 2, "Only Neovim's setup can be written."),
        ((*INSTALL, "--uninstall"), 2, "not allowed with argument --install"),
        (INSTALL, 2, "without a terminal nobody can be asked.\n         --yes does it unasked."),
        ((*INSTALL, "--json"), 2, "without a terminal nobody can be asked."),
    ],
)
def test_mistakes_change_nothing(arguments: tuple[str, ...], code: int, message: str, tmp_path: Path) -> None:
    folder = nvim_folder(tmp_path)
    result = pillion(*arguments, home=tmp_path)
    assert (result.returncode, message in result.stderr) == (code, True), result.stderr
    assert files_in(folder) == {"init.lua": USERS_OWN}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("nvim", "neovim"),
        ("NeoVim", "neovim"),
        ("nvim 0.11.4", "neovim"),
        ("nvim-0.7", "neovim-0.7"),
        ("neovim 0.7", "neovim-0.7"),
        ("code", "vscode"),
        ("VS Code", "vscode"),
        ("vs-code", "vscode"),
        ("Visual Studio Code", "vscode"),
        ("codium", "vscode"),
        ("code.exe", "vscode"),
        ("hx", "helix"),
        ("Helix", "helix"),
        ("emacs", "emacs-lsp-mode"),
        ("Emacs 29.4", "emacs-lsp-mode"),
        ("eglot", "emacs-eglot"),
        ("subl", "sublime"),
        ("Sublime Text 4", "sublime"),
        ("zeditor", "zed"),
    ],
)
def test_an_editor_by_what_people_call_it(name: str, meant: str) -> None:
    assert editor_named(name).name == meant


def test_the_usual_name_installs_too(tmp_path: Path) -> None:
    assert pillion("editor", "nvim", "--install", "--yes", home=tmp_path).returncode == 0
    assert (tmp_path / ".config" / "nvim" / "plugin" / "pillion.lua").exists()


OTHERS_TAGS = "aaa\tother.txt\t/*aaa*\nzzz\tother.txt\t/*zzz*\n"


def test_the_index_of_the_help_is_shared(tmp_path: Path) -> None:
    folder = nvim_folder(tmp_path)
    (folder / "doc").mkdir()
    (folder / TAGS).write_text(OTHERS_TAGS)
    installed = json.loads(pillion(*INSTALL, "--yes", "--json", home=tmp_path).stdout)
    assert {each["path"]: each["change"] for each in installed["files"]}[TAGS] == "updated"
    lines = (folder / TAGS).read_text().splitlines()
    assert lines == sorted(lines)
    assert "pillion\tpillion.txt\t/*pillion*" in lines
    assert set(OTHERS_TAGS.splitlines()) < set(lines)
    assert "Everything is there already." in pillion(*INSTALL, home=tmp_path).stdout
    pillion(*UNINSTALL, "--yes", home=tmp_path)
    assert files_in(folder) == {"init.lua": USERS_OWN, TAGS: OTHERS_TAGS}


def test_a_help_page_that_the_user_changed_keeps_its_tags(tmp_path: Path) -> None:
    folder = nvim_folder(tmp_path)
    pillion(*INSTALL, "--yes", home=tmp_path)
    (folder / "doc" / "pillion.txt").write_text("*pillion* my own\n")
    pillion(*UNINSTALL, "--yes", home=tmp_path)
    assert sorted(files_in(folder)) == ["doc/pillion.txt", TAGS, "init.lua"]


def test_all_that_is_written_can_be_seen_on_a_screen(tmp_path: Path) -> None:
    _, shown = in_terminal(tmp_path, "y\n", *INSTALL)
    lines = shown.splitlines()
    folder, lua = str(tmp_path / ".config" / "nvim"), [each for each in FILES if each.startswith("lua/")]
    assert folder in "".join(lines).replace(" ", "")
    assert f"lua/pillion: {len(lua)} new files" in shown
    assert len(lines) < 24
    (tmp_path / ".config/nvim/lua/pillion/say.lua").write_text("-- mine\n")
    _, shown = in_terminal(tmp_path, "n\n", *INSTALL)
    assert f"lua/pillion: {len(lua) - 1} files as they should be" in shown
    assert "lua/pillion/say.lua: replaced" in shown


def test_installs_and_uninstalls_exactly_its_own(tmp_path: Path) -> None:
    folder = nvim_folder(tmp_path)
    installed = json.loads(pillion(*INSTALL, "--yes", "--json", home=tmp_path).stdout)
    assert sorted(each["path"] for each in installed["files"]) == FILES
    assert {each["change"] for each in installed["files"]} == {"new"}
    found = files_in(folder)
    assert sorted(found) == sorted([*FILES, "init.lua"])
    assert "@COMMAND@" not in found["plugin/pillion.lua"]
    assert "Everything is there already." in pillion(*INSTALL, home=tmp_path).stdout
    removed = pillion(*UNINSTALL, "--yes", home=tmp_path)
    assert removed.returncode == 0
    assert [path.name for path in folder.iterdir()] == ["init.lua"]
    assert files_in(folder) == {"init.lua": USERS_OWN}
    assert "There is nothing of Pillion's in" in pillion(*UNINSTALL, home=tmp_path).stdout


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("\x04", 1)])
def test_asks_first(answer: str, code: int, tmp_path: Path) -> None:
    folder = nvim_folder(tmp_path)
    done, shown = in_terminal(tmp_path, answer, *INSTALL)
    assert (done, "plugin/pillion.lua: a new file" in shown) == (code, True), shown
    assert sorted(files_in(folder)) == (sorted([*FILES, "init.lua"]) if code == 0 else ["init.lua"])
    assert (folder / "init.lua").read_text() == USERS_OWN


def test_what_the_user_changed_is_shown_kept_and_never_removed(tmp_path: Path) -> None:
    folder = nvim_folder(tmp_path)
    pillion(*INSTALL, "--yes", home=tmp_path)
    changed = folder / "lua" / "pillion" / "status.lua"
    changed.write_text("-- my own\n")
    assert "so they stay: lua/pillion/status.lua" in pillion(*UNINSTALL, "--yes", home=tmp_path).stdout
    assert files_in(folder) == {"init.lua": USERS_OWN, "lua/pillion/status.lua": "-- my own\n"}
    again = pillion(*INSTALL, "--yes", home=tmp_path)
    assert "lua/pillion/status.lua: replaced; it isn't as Pillion wrote it, so a copy is kept" in again.stdout
    assert "--- my own" in again.stdout
    assert changed.with_name("status.lua.yours1").read_text() == "-- my own\n"
    assert changed.read_text() == neovim_files(("pillion",))["lua/pillion/status.lua"]


def test_the_copy_that_is_kept_has_the_users_bytes(tmp_path: Path) -> None:
    folder = nvim_folder(tmp_path)
    pillion(*INSTALL, "--yes", home=tmp_path)
    changed = folder / "lua" / "pillion" / "status.lua"
    latin = "-- né à Genève\r\n".encode("latin-1")
    changed.write_bytes(latin)
    pillion(*INSTALL, "--yes", home=tmp_path)
    assert changed.with_name("status.lua.yours1").read_bytes() == latin


def test_what_cannot_be_removed_or_copied_is_said(tmp_path: Path) -> None:
    path = "lua/pillion/old.lua"
    (tmp_path / path).mkdir(parents=True)  # nobody can unlink or copy a folder
    for change, words in ((Change.REMOVED, "can't be removed"), (Change.YOURS, "can't be copied")):
        with pytest.raises(UsageError, match=words):
            editor_files.install(tmp_path, [FileChange(path, change, "", "")])


def test_an_older_setup_is_brought_up_to_date(tmp_path: Path) -> None:
    folder = nvim_folder(tmp_path)
    pillion(*INSTALL, "--yes", home=tmp_path)
    # As if an older Pillion had written one file differently, and one that isn't needed any more.
    script = (
        "import sys; from pathlib import Path; from pillion.editors import setup_files as files;"
        "folder = Path(sys.argv[1]); texts = {path: (folder / path).read_text() for path in sys.argv[2:]};"
        "texts |= {'lua/pillion/status.lua': '-- older\\n', 'lua/pillion/old.lua': '-- old\\n'};"
        "files.install(folder, files.planned(folder, texts))"
    )
    own = [path for path in FILES if path != TAGS]
    subprocess.run([sys.executable, "-c", script, str(folder), *own], check=True)
    updated = pillion(*INSTALL, "--yes", home=tmp_path)
    assert "lua/pillion/status.lua: brought up to date" in updated.stdout
    assert "lua/pillion/old.lua: removed" in updated.stdout
    assert sorted(path for path in files_in(folder) if "yours" not in path) == sorted([*FILES, "init.lua"])


def test_a_forged_note_removes_nothing_outside(tmp_path: Path) -> None:
    folder = nvim_folder(tmp_path)
    pillion(*INSTALL, "--yes", home=tmp_path)
    outside = tmp_path / "precious.lua"
    outside.write_text("-- precious\n")
    note = folder / "lua" / "pillion" / "installed.json"
    digest = "b" * 64
    note.write_text(json.dumps({str(outside): digest, "../../precious.lua": digest, "init.lua": 3}))
    assert pillion(*UNINSTALL, "--yes", home=tmp_path).returncode == 0
    assert outside.exists()
    assert (folder / "init.lua").exists()


def test_a_link_to_a_folder_stays(tmp_path: Path) -> None:
    folder = nvim_folder(tmp_path)
    (tmp_path / "dotfiles").mkdir()
    (folder / "lua").symlink_to(tmp_path / "dotfiles")
    pillion(*INSTALL, "--yes", home=tmp_path)
    removed = pillion(*UNINSTALL, "--yes", home=tmp_path)
    assert (removed.returncode, removed.stderr) == (0, "")
    assert (folder / "lua").is_symlink()
    assert list((tmp_path / "dotfiles").iterdir()) == []


@pytest.mark.parametrize(
    ("environment", "where"),
    [
        ({}, ".config/nvim"),
        ({"NVIM_APPNAME": "mine"}, ".config/mine"),
        ({"XDG_CONFIG_HOME": ""}, ".config/nvim"),
        ({"XDG_CONFIG_HOME": "{home}/elsewhere"}, "elsewhere/nvim"),
    ],
)
def test_the_folder_is_neovims(environment: dict[str, str], where: str, tmp_path: Path) -> None:
    given = {name: value.format(home=tmp_path) for name, value in environment.items()}
    result = pillion(*INSTALL, "--yes", "--json", home=tmp_path, config=None, stdin="", **given)
    assert json.loads(result.stdout)["folder"] == str(tmp_path / where)
    assert (tmp_path / where / "plugin" / "pillion.lua").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("a file where a folder should be")
    result = pillion(*INSTALL, "--yes", home=tmp_path)
    assert result.returncode == 2
    assert "can't be" in result.stderr
    assert "Traceback" not in result.stderr
