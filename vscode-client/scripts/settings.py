"""Writes what the extension takes from the Python sources: package.json's settings, languages, code actions and
version; and what a new configuration file says, with the schemas that editors check Pillion's files by.

python vscode-client/scripts/settings.py [--check]
"""

import json
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pillion import __version__
from pillion.actions.action_registry import ACTIONS
from pillion.actions.action_row import Action
from pillion.config.json_schema import EXAMPLE, SCHEMA_FILE, config_schema, workspace_schema
from pillion.config.schema import USER_ONLY, Preferences
from pillion.syntax.languages import LANGUAGES

CLIENT = Path(__file__).parents[1]
MANIFEST = CLIENT / "package.json"
WORKSPACE_SCHEMA_FILE = "pillion-workspace.schema.json"
# VS Code's own names for a language that is another one here.
ALSO = {"javascript": ("javascriptreact",)}
# What a JSON schema and a setting have in common.
KEPT = ("type", "enum", "minimum", "exclusiveMinimum", "maximum")
OWN_SETTINGS: dict[str, dict[str, Any]] = {
    "pillion.server.command": {
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "scope": "machine",
        "markdownDescription": "The command that starts the server, and its arguments: "
        '`["/path/to/pillion"]` or `["/path/to/python", "-m", "pillion"]`. '
        "Empty: `pillion` on the PATH, else the copy in this extension, run by any Python 3.11 or newer.",
    },
    "pillion.reviewView": {
        "type": "string",
        "enum": ["inline", "diff"],
        "default": "inline",
        "scope": "window",
        "markdownDescription": "How an edit that waits for you is shown: `inline`, in the file itself, where each change "
        "is accepted or rejected on its own; or `diff`, beside the original (a few added lines are still shown in the "
        "file). Edits of several files, and long ones, are always shown as a diff.",
    },
    "pillion.trace.server": {
        "type": "string",
        "enum": ["off", "messages", "verbose"],
        "default": "off",
        "scope": "window",
        "description": "Writes what VS Code and the server say to each other to the log "
        "(set the log's level to Trace as well).",
    },
}


def settings() -> dict[str, dict[str, Any]]:
    """Every preference as a setting of VS Code, in the configuration's order."""
    schema = Preferences.model_json_schema()
    found = {f"pillion.{'.'.join(path)}": _setting(path, leaf) for path, leaf in _leaves(schema, schema)}
    return {**OWN_SETTINGS, **found}


def languages() -> list[str]:
    """VS Code's language ids."""
    return [name for language in LANGUAGES for name in (language.id, *ALSO.get(language.id, ()))]


def code_actions() -> list[dict[str, Any]]:
    """`contributes.codeActions`: what the menus offer, so that keys can be bound to it."""
    rows = [
        {"kind": action.kind, "title": _title(action), "description": action.help}
        for action in ACTIONS
        if not action.needs_instruction
    ]
    return [{"languages": languages(), "actions": rows}]


def renewed(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with the parts that come from here."""
    properties = settings()
    restricted = [name for name, setting in properties.items() if setting["scope"] == "window"]
    trust = {**manifest["capabilities"]["untrustedWorkspaces"], "restrictedConfigurations": restricted}
    return {
        **manifest,
        "version": __version__,
        "activationEvents": [f"onLanguage:{name}" for name in languages()],
        "capabilities": {**manifest["capabilities"], "untrustedWorkspaces": trust},
        "contributes": {
            **manifest["contributes"],
            "configuration": {"title": "Pillion", "properties": properties},
            "codeActions": code_actions(),
        },
    }


def as_text(whole: dict[str, Any]) -> str:
    """As npm writes it."""
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _leaves(schema: dict[str, Any], node: dict[str, Any]) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    leaves: list[tuple[tuple[str, ...], dict[str, Any]]] = []
    for name, value in node["properties"].items():
        target = schema["$defs"][value["$ref"].rpartition("/")[2]] if "$ref" in value else {}
        if "properties" in target:
            leaves += [((name, *path), leaf) for path, leaf in _leaves(schema, target)]
        else:
            leaves.append(((name,), {**target, **value}))
    return leaves


def _setting(path: tuple[str, ...], leaf: dict[str, Any]) -> dict[str, Any]:
    scope = "application" if path in USER_ONLY else "window"
    kept = {key: leaf[key] for key in KEPT if key in leaf}
    words = _sentence(leaf["description"], leaf.get("enum", ()))
    return {**kept, "default": _number(leaf["default"]), "scope": scope, "markdownDescription": words}


def _sentence(text: str, values: Collection[str]) -> str:
    """A value that the text begins with stays as it is written."""
    first = text if text.partition(":")[0] in values else text[:1].upper() + text[1:]
    return first if first.endswith(".") else f"{first}."


def _number(value: Any) -> Any:
    """As JSON tools write it: 8, not 8.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _title(action: Action) -> str:
    """The title without a symbol's name: “Add a docstring”."""
    return action.told_title or action.title.format(name="").removesuffix(" to ").strip()


def files() -> dict[Path, str]:
    """All that comes from here, as it should be."""
    return {
        MANIFEST: as_text(renewed(json.loads(MANIFEST.read_text(encoding="utf-8")))),
        CLIENT / "configuration" / SCHEMA_FILE: as_text(config_schema()),
        CLIENT / "configuration" / WORKSPACE_SCHEMA_FILE: as_text(workspace_schema()),
        CLIENT / "configuration" / "config.toml": EXAMPLE,
    }


def behind() -> list[Path]:
    """The files that aren't."""
    return [file for file, text in files().items() if not file.exists() or file.read_text(encoding="utf-8") != text]


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(f"{behind()} are behind: run {sys.argv[0]}" if behind() else 0)
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
