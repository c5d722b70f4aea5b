"""The setups for editors: that each is what its editor reads, names the server's command, and leaves no language out."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest

import pillion
from pillion.editors.setups import EDITORS, EditorSetup, absolute_command, neovim_files, own_command, setup_text
from pillion.syntax.languages import LANGUAGES

SCRIPT = ('/opt/my "own" tools\\bin/pillion',)
MODULE = ('/opt/my "own"/python', "-P", "-m", "pillion")
FOLDER = Path(pillion.__file__).parent / "editors"
SERVED = ("serve", "--stdio")
# What the editors call a language, where that isn't LSP's identifier.
OWN_NAMES: dict[str, dict[str, str]] = {
    "helix": {"typescriptreact": "tsx"},
    "sublime": {"javascript": "js", "typescript": "ts", "typescriptreact": "tsx", "cpp": "c++"},
}
EVERYWHERE = [each for each in EDITORS if each.name not in {"neovim", "zed", "vscode"}]


def languages_in(editor: EditorSetup, text: str) -> set[str]:
    """The languages that a setup names, as the editor calls them."""
    match editor.name:
        case "helix":
            return {each["name"] for each in tomllib.loads(text)["language"]}
        case "kate":
            return set(json.loads(text)["servers"])
        case "sublime":
            selector: str = json.loads(text)["clients"]["pillion"]["selector"]
            return {part.removeprefix("source.") for part in selector.split(" | ")}
        case "emacs-eglot":
            # A mode's name says its language, unless it is said beside it.
            return set(re.findall(r"[( ]([a-z]+)-mode", text)) | set(re.findall(r':language-id "(\w+)"', text))
        case _:
            return set(re.findall(r'"([a-z]+)"', text))


@pytest.mark.parametrize("editor", EVERYWHERE, ids=lambda each: each.name)
def test_every_language_is_named(editor: EditorSetup) -> None:
    own = OWN_NAMES.get(editor.name, {})
    wanted = {own.get(language.id, language.id) for language in LANGUAGES}
    assert wanted - languages_in(editor, setup_text(editor, SCRIPT)) == set()


def commands_in(editor: EditorSetup, text: str) -> list[list[str]]:
    """Every command that a setup starts, read by a parser where Python has one."""
    data: Any
    match editor.file.rpartition(".")[2], editor.name:
        case "toml", _:
            data = tomllib.loads(text)["language-server"]["pillion"]
            return [[data["command"], *data["args"]]]
        case _, "kate":
            return [each["command"] for each in json.loads(text)["servers"].values()]
        case _, "sublime":
            return [json.loads(text)["clients"]["pillion"]["command"]]
        case _, "vscode":
            return [[*json.loads(text)["pillion.server.command"], *SERVED]]  # the extension adds those
        case _, "zed":
            data = json.loads(text)["lsp"]["pylsp"]["binary"]
            return [[data["path"], *data["arguments"]]]
        case _:
            string, between = r'"(?:[^"\\]|\\.)*"', " " if editor.file.endswith(".el") else ", "
            found = re.search(rf'(?:{string}{between})+"serve"{between}"--stdio"', text)
            return [[json.loads(each) for each in re.findall(string, found[0])]] if found else []


@pytest.mark.parametrize("command", [SCRIPT, MODULE], ids=["script", "module"])
@pytest.mark.parametrize("editor", EDITORS, ids=lambda each: each.name)
def test_the_command_is_the_servers(editor: EditorSetup, command: tuple[str, ...]) -> None:
    text = setup_text(editor, command)
    commands = commands_in(editor, text)
    assert commands
    assert all(each == [*command, *SERVED] for each in commands), commands
    assert "@COMMAND@" not in text


def test_what_the_path_leads_to_is_never_taken_for_this_pillion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "pillion"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    assert shutil.which("pillion") == "./pillion"
    script = Path(sysconfig.get_path("scripts"), "pillion").resolve()
    assert (own_command(), absolute_command()) == ((str(script),), (str(script),))
    monkeypatch.setenv("PATH", os.path.relpath(script.parent))
    assert (own_command(), absolute_command()) == (("pillion",), (str(script),))


def test_without_a_script_python_starts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path / "none"))
    for command in (own_command(), absolute_command()):
        assert command == (sys.executable, "-P", "-m", "pillion")
        subprocess.run([*command, "--version"], cwd=tmp_path, capture_output=True, check=True)


def test_every_file_belongs_to_an_editor() -> None:
    snippets = {f"snippets/{path.name}" for path in (FOLDER / "snippets").iterdir()}
    assert snippets == {each.file for each in EDITORS if not each.file.startswith("neovim/")}
    assert len({each.name for each in EDITORS}) == len(EDITORS)


def test_neovims_filetypes_are_the_languages() -> None:
    block = re.search(r"filetypes = \{(.*?)\}", neovim_files(SCRIPT)["lua/pillion/init.lua"], re.DOTALL)
    assert block is not None
    named = re.findall(r'"(\w+)"', block[1])
    assert sorted(named) == sorted([*(language.id for language in LANGUAGES), "javascriptreact"])


def test_neovims_module_has_the_servers_version() -> None:
    assert f'M.VERSION = "{pillion.__version__}"' in neovim_files(SCRIPT)["lua/pillion/init.lua"]


LUA = {
    **{path: text for path, text in neovim_files(SCRIPT).items() if path.endswith(".lua")},
    "snippets/neovim-0.7.lua": setup_text(EDITORS[1], SCRIPT),
}


def test_neovims_help_has_every_command_and_fits_its_lines() -> None:
    files = neovim_files(SCRIPT)
    page = files["doc/pillion.txt"]
    commands = re.findall(r'name = "(Pillion\w+)"', files["lua/pillion/commands.lua"])
    assert len(commands) > 10
    assert [each for each in ["Pillion", *commands] if f"*:{each}*" not in page] == []
    named = set(re.findall(r":(Pillion\w*)", "\n".join(LUA.values())))
    assert named - {"Pillion", *commands} == set(), "a message names a command that there isn't"
    assert max(len(line.expandtabs(8)) for line in page.splitlines()) < 80


@pytest.mark.parametrize("name", sorted(LUA))
def test_lua_files_are_short_and_explain_themselves(name: str) -> None:
    text = LUA[name]
    assert text.startswith("--")
    assert len(text.splitlines()) < 300
    assert max(map(len, text.splitlines())) <= 120


def test_the_wheel_has_all_of_it(tmp_path: Path) -> None:
    # What hatchling takes along is settled by .gitignore alone; nothing is left out by a file's ending.
    root = FOLDER.parents[2]
    if not (root / "pyproject.toml").exists():
        root = root.parent
    code = (
        "import sys; from hatchling.builders.wheel import WheelBuilder;"
        "print(*[each.distribution_path for each in WheelBuilder(sys.argv[1]).recurse_included_files()], sep='\\n')"
    )
    result = subprocess.run([sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True)
    packed = set(result.stdout.split())
    ours = {
        path.relative_to(FOLDER.parent.parent).as_posix()
        for path in FOLDER.rglob("*.*")
        if path.suffix != ".pyc" and path.is_file()
    }
    assert ours - packed == set()
