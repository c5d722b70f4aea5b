"""What the VS Code extension declares is in step with the sources."""

import importlib.util
import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pillion import __version__
from pillion.actions.action_registry import ACTIONS
from pillion.config.schema import USER_ONLY, Preferences
from pillion.syntax.languages import LANGUAGES, language_by_id

REPOSITORY = Path(__file__).parents[3]
CLIENT = REPOSITORY / "vscode-client"
MANIFEST: dict[str, Any] = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))
CONTRIBUTES: dict[str, Any] = MANIFEST["contributes"]
PROPERTIES: dict[str, dict[str, Any]] = CONTRIBUTES["configuration"]["properties"]
COMMANDS = {row["command"] for row in CONTRIBUTES["commands"]}
JSON_TYPES = {bool: "boolean", int: "integer", float: "number"}


def preferences(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldInfo, Any]]:
    """Every field that isn't a table itself: its path, and its default as JSON has it."""
    defaults = model().model_dump(mode="json")
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from preferences(field.annotation, (*path, name))
        else:
            yield (*path, name), field, defaults[name]


FIELDS = list(preferences(Preferences))


def script() -> ModuleType:
    """vscode-client/scripts/settings.py."""
    spec = importlib.util.spec_from_file_location("vscode_settings", CLIENT / "scripts" / "settings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_files_are_what_the_script_writes() -> None:
    assert script().behind() == []


@pytest.mark.parametrize(("path", "field", "default"), FIELDS, ids=[".".join(path) for path, _, _ in FIELDS])
def test_a_preference_is_a_setting(path: tuple[str, ...], field: FieldInfo, default: Any) -> None:
    setting = PROPERTIES[f"pillion.{'.'.join(path)}"]
    assert setting["default"] == default
    assert setting["scope"] == ("application" if path in USER_ONLY else "window")
    assert setting["markdownDescription"].rstrip(".").lower() == (field.description or "").rstrip(".").lower()
    if (known := JSON_TYPES.get(field.annotation)) is not None:  # type: ignore[arg-type]
        assert setting["type"] == known
        assert known == "boolean" or setting.get("exclusiveMinimum") == 0 or setting["minimum"] >= 1
    else:
        assert setting["type"] == "string"
        assert setting["enum"] == [member.value for member in field.annotation]  # type: ignore[union-attr]


def test_nothing_else_is_a_setting() -> None:
    own = {"pillion.server.command", "pillion.reviewView", "pillion.trace.server"}
    assert set(PROPERTIES) == own | {f"pillion.{'.'.join(path)}" for path, _, _ in FIELDS}


def test_a_workspace_chooses_no_program() -> None:
    assert PROPERTIES["pillion.server.command"]["scope"] == "machine"


def test_what_the_menus_offer_can_be_bound_to_keys() -> None:
    (row,) = CONTRIBUTES["codeActions"]
    offered = {action["kind"]: action["description"] for action in row["actions"]}
    assert offered == {action.kind: action.help for action in ACTIONS if not action.needs_instruction}
    assert all(re.fullmatch(r"[A-Z][a-z ]+", action["title"]) for action in row["actions"])


def test_every_language_activates_the_extension() -> None:
    activating = [event.removeprefix("onLanguage:") for event in MANIFEST["activationEvents"]]
    assert CONTRIBUTES["codeActions"][0]["languages"] == activating
    assert {language.id for language in LANGUAGES} <= set(activating)
    assert all(language_by_id(name) for name in activating)


def test_the_versions_are_the_same() -> None:
    lock = json.loads((CLIENT / "package-lock.json").read_text(encoding="utf-8"))
    assert {MANIFEST["version"], lock["version"], lock["packages"][""]["version"]} == {__version__}


def used_commands() -> Iterator[str]:
    """The commands that menus, keys and the walkthrough name."""
    for rows in CONTRIBUTES["menus"].values():
        yield from (row["command"] for row in rows if "command" in row)
    yield from (row["command"] for row in CONTRIBUTES["keybindings"])
    for walkthrough in CONTRIBUTES["walkthroughs"]:
        for step in walkthrough["steps"]:
            yield from re.findall(r"\(command:([\w.]+)", step["description"])


def server_commands() -> set[str]:
    """What the server's features register; the language client makes them VS Code's commands by itself."""
    features = REPOSITORY / "server" / "pillion" / "lsp" / "features"
    sources = "\n".join(path.read_text(encoding="utf-8") for path in features.glob("*.py"))
    assert "server.command" in sources
    return set(re.findall(r'"(pillion\.\w+)"', sources))


def test_what_menus_and_keys_name_is_declared() -> None:
    assert {name for name in used_commands() if name.startswith("pillion.")} <= COMMANDS


def test_the_extensions_commands_are_not_the_servers() -> None:
    assert "pillion.run" in server_commands()
    assert COMMANDS & server_commands() == set()


def test_each_declared_command_is_registered() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (CLIENT / "src").rglob("*.ts"))
    assert {name for name in COMMANDS if f'"{name}"' not in sources} == set()


@pytest.mark.parametrize("command", ["pillion.askPillion", "pillion.explain"])
def test_words_on_code_are_for_languages_that_are_read(command: str) -> None:
    keys, menus = CONTRIBUTES["keybindings"], CONTRIBUTES["menus"]["editor/context"]
    conditions = [row["when"].split(" && ") for row in (*keys, *menus) if row["command"] == command]
    by_key, in_menu = conditions
    assert "editorLangId in pillion.languages" in in_menu
    # Whoever knows the key is told why it does nothing there.
    assert "editorLangId in pillion.languages" not in by_key
    assert [each for each in conditions if "!editorReadonly" in each] == (conditions if "ask" in command else [])
    extension = (CLIENT / "src" / "extension.ts").read_text(encoding="utf-8")
    assert '"setContext", "pillion.languages"' in extension


def test_walkthrough_pictures_and_the_icon_are_there() -> None:
    media = [step["media"] for walkthrough in CONTRIBUTES["walkthroughs"] for step in walkthrough["steps"]]
    files: list[str] = [MANIFEST["icon"], *(each.get("markdown") or each["svg"] for each in media)]
    assert [name for name in files if not (CLIENT / name).is_file()] == []


def test_the_readme_says_what_the_manifest_does() -> None:
    readme = (CLIENT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(pillion\.[\w.]+)` \|.*\| `(.*)` \|$", readme, re.MULTILINE))
    assert rows
    defaults = {name: PROPERTIES[name]["default"] for name in rows}
    assert rows == {
        name: default if isinstance(default, str) else json.dumps(default) for name, default in defaults.items()
    }
    for row in CONTRIBUTES["keybindings"]:
        key = "Esc" if row["key"] == "escape" else f"Ctrl+K {row['key'][-1].upper()}"
        assert key in readme


def test_about_as_many_libraries_are_installed_as_users_are_told() -> None:
    source = (CLIENT / "src" / "server" / "installSteps.ts").read_text(encoding="utf-8")
    said = re.search(r"ABOUT = (\d+)", source)
    assert said is not None
    assert abs(len(libraries("pillion", set())) - 1 - int(said[1])) <= 4


def libraries(name: str, found: set[str]) -> set[str]:
    """A distribution that is installed here, and all that it needs here."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    if plain not in found:
        found.add(plain)
        for each in map(Requirement, metadata.requires(name) or []):
            if each.marker is None or each.marker.evaluate({"extra": ""}):
                libraries(each.name, found)
    return found


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (CLIENT / "package-lock.json").read_text(encoding="utf-8")
