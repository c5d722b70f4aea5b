"""Reads the configuration: the user's file, the workspace's preferences, the editor's settings, the environment.

A mistake costs only the setting it is in: it becomes a `Problem` that names the place and the nearest known
name, and the rest holds. The command line treats any problem as an error; the language server shows it and works on.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from pydantic import BaseModel, ValidationError

from pillion.config import DEFAULT_ENDPOINTS, Config, Preferences

_PREFERENCES = frozenset(Preferences.model_fields)
_ENVIRONMENT_PREFIX = "PILLION_"
# Read elsewhere, so not settings: the file's place, the model folder.
_OTHER_VARIABLES = frozenset({"PILLION_CONFIG", "PILLION_MODEL_DIR", "PILLION_LOG"})
WORKSPACE_FILE = ".pillion.toml"


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in the configuration: where, the dotted key (may be empty), and what is wrong, in a sentence."""

    source: str
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.source}: {self.key}" if self.key else self.source
        return f"{place}: {self.message}"


def user_config_file(environ: Mapping[str, str]) -> Path:
    """The user's configuration file (it may not exist)."""
    if path := environ.get("PILLION_CONFIG"):
        return Path(path).expanduser()
    return user_config_path("pillion", appauthor=False) / "config.toml"


def load(
    environ: Mapping[str, str] = os.environ,
    *,
    workspace: Path | None = None,
    editor_settings: Mapping[str, Any] | None = None,
) -> tuple[Config, list[Problem]]:
    """The configuration that holds, and every mistake found on the way. Never raises for a user's mistake."""
    problems: list[Problem] = []
    user_file = user_config_file(environ)
    merged = _read_toml(user_file, problems, must_exist="PILLION_CONFIG" in environ)
    _prune(Config, merged, str(user_file), problems)
    preferences: list[tuple[str, Mapping[str, Any]]] = []
    if workspace is not None:
        file = workspace / WORKSPACE_FILE
        preferences.append((str(file), _read_toml(file, problems, must_exist=False)))
    preferences.append(("the editor's settings", editor_settings or {}))
    preferences.append(("the environment", _from_environment(environ)))
    for source, layer in preferences:
        allowed = _only_preferences(layer, source, problems)
        _prune(Preferences, allowed, source, problems)
        _merge(merged, allowed)
    return Config.model_validate(merged), problems


def _read_toml(file: Path, problems: list[Problem], *, must_exist: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if must_exist:
            problems.append(Problem(str(file), "", "PILLION_CONFIG names this file, and it doesn't exist"))
    except OSError as exc:
        problems.append(Problem(str(file), "", f"can't be read: {exc.strerror}"))
    except UnicodeDecodeError as exc:
        problems.append(Problem(str(file), "", f"isn't UTF-8 (byte {exc.start}); none of it is used"))
    except tomllib.TOMLDecodeError as exc:
        problems.append(Problem(str(file), "", f"isn't TOML: {exc}; none of it is used"))
    return {}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """`PILLION_HOVER__BUDGET_S=3` → {"hover": {"budget_s": "3"}}; pydantic turns the strings into numbers."""
    found: dict[str, Any] = {}
    for name, value in environ.items():
        if not name.startswith(_ENVIRONMENT_PREFIX) or name in _OTHER_VARIABLES:
            continue
        section, _, key = name.removeprefix(_ENVIRONMENT_PREFIX).lower().partition("__")
        if key:
            found.setdefault(section, {})[key] = value
        else:
            found[section] = value
    return found


def _only_preferences(layer: Mapping[str, Any], source: str, problems: list[Problem]) -> dict[str, Any]:
    allowed: dict[str, Any] = {}
    for key, value in layer.items():
        if key in Config.model_fields and key not in _PREFERENCES:
            message = "only your own configuration file can set this; a workspace or an editor can't"
            problems.append(Problem(source, key, message))
        else:
            allowed[key] = value
    return allowed


def _merge(into: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _prune(model: type[BaseModel], data: dict[str, Any], source: str, problems: list[Problem]) -> None:
    """Takes the keys that don't validate out of `data`, each as a problem, until what is left validates."""
    while True:
        try:
            model.model_validate(data)
        except ValidationError as exc:
            first = exc.errors(include_url=False)[0]
            path = _path_in(data, first["loc"])
            problems.append(Problem(source, ".".join(map(str, path)), _describe(model, first, path)))
            _remove(data, path, first)
        else:
            return


def _path_in(data: Any, loc: Sequence[int | str]) -> list[int | str]:
    """The part of pydantic's location that exists in the data (unions add names of their own to it)."""
    path: list[int | str] = []
    for part in loc:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            break
        path.append(part)
    return path


def _remove(data: dict[str, Any], path: Sequence[int | str], error: Any) -> None:
    if not path:
        # The only mistake of the whole that the fields don't have: lanes that name unknown endpoints.
        _drop_unknown_endpoints(data)
        return
    if path[0] == "endpoints" and error["type"] != "extra_forbidden":
        path = path[:2]  # half an endpoint is none
    parent: Any = data
    for part in path[:-1]:
        parent = parent[part]
    del parent[path[-1]]


def _drop_unknown_endpoints(data: dict[str, Any]) -> None:
    known = data.get("endpoints") or DEFAULT_ENDPOINTS
    for lane, entries in data["lanes"].items():
        pools = [[entry] if isinstance(entry, str) else entry for entry in entries]
        kept = [[name for name in pool if name in known] for pool in pools]
        data["lanes"][lane] = [pool[0] if len(pool) == 1 else pool for pool in kept if pool]


def _describe(model: type[BaseModel], error: Any, path: Sequence[int | str]) -> str:
    if error["type"] == "extra_forbidden":
        known = _known_names(model, path)
        wrong = str(path[-1])
        near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.6)
        if near:
            return f"unknown key; did you mean “{near[0]}”?"
        return f"unknown key; known here: {', '.join(sorted(known))}"
    if error["type"] == "missing":
        return f"{error['loc'][-1]!r} is missing"
    return str(error["msg"]).removeprefix("Value error, ")


def _known_names(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """The names that are known where `path` ends: follows the models' fields, and a table's values by their type."""
    for part in path[:-1]:
        field = model.model_fields.get(str(part))
        annotation: Any = field.annotation if field is not None else None
        if annotation is None:
            continue  # a key of a table of models, such as endpoints.gpu0: the model stays
        inner = [a for a in getattr(annotation, "__args__", ()) if isinstance(a, type) and issubclass(a, BaseModel)]
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
        elif inner:
            model = inner[-1]
    return list(model.model_fields)
