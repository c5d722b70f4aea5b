"""Reads the configuration: the user's file, the workspace's preferences, the editor's settings, the environment.

A mistake affects only its own setting: it becomes a `Problem` that names the place and the nearest known name, and all
other settings apply. The command line treats any problem as an error; the language server shows it and goes on.
"""

import difflib
import os
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from pydantic import BaseModel, ValidationError

from pillion.config.default_lanes import DEFAULT_ENDPOINTS, unknown_endpoint
from pillion.config.schema import USER_ONLY, Config, Preferences, without_secrets
from pillion.errors import FileError, FileMissingError
from pillion.files.bounded_read import KIB, in_time
from pillion.files.toml import TomlBounds, read_toml

_PREFERENCES = frozenset(Preferences.model_fields)
_ENVIRONMENT_PREFIX = "PILLION_"
# These variables are read elsewhere and are no settings: the file's place, the folders for models and state, log level.
_OTHER_VARIABLES = frozenset({"PILLION_CONFIG", "PILLION_MODEL_DIR", "PILLION_STATE_DIR", "PILLION_LOG"})
WORKSPACE_FILE = ".pillion.toml"
# The size limit of a workspace's file, which anybody may have written; real ones are far smaller.
_WORKSPACE_BOUNDS = TomlBounds(size_bytes=64 * KIB, depth=8, keys=500)
_USER_BOUNDS = TomlBounds()
_READ_WITHIN_S = 2.0
_UNUSED = "none of it is used"
# The limit for one file. Nobody reads more problems, and each needs a search for the nearest known name.
_MOST_PROBLEMS = 50
_LONGEST_KEY = 80
# An address without its scheme: a host's name or number, and perhaps a port and a path.
_HOST = re.compile(r"(?:[\w.@:-]{1,100}|\[[0-9a-fA-F:]{2,40}\](?::\d{1,5})?)(?:/[\w./-]{0,60})?")


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in the configuration: its source, its dotted key (may be empty), and what is wrong, in a sentence."""

    source: str
    key: str
    message: str
    unusable: bool = False
    """It is the user's whole file that can't be used, and nothing stands in for it but the defaults."""

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.source, self.key, self.message)))

    @property
    def brief(self) -> str:
        """The same with a file's name instead of its path, for messages that are one line wide."""
        return str(replace(self, source=Path(self.source).name)) if os.path.isabs(self.source) else str(self)


@dataclass(slots=True)
class Remembered:
    """The content of the user's file when it could last be read."""

    table: dict[str, Any] | None = None


def user_config_file(environ: Mapping[str, str]) -> Path:
    """The user's configuration file (it may not exist)."""
    if path := environ.get("PILLION_CONFIG"):
        return Path(os.path.expanduser(path))  # Path's own expanduser raises if the named user doesn't exist
    return user_config_path("pillion", appauthor=False) / "config.toml"


def load(
    environ: Mapping[str, str] = os.environ,
    *,
    workspace: Path | None = None,
    editor_settings: Mapping[str, Any] | None = None,
    remembered: Remembered | None = None,
) -> tuple[Config, list[Problem]]:
    """The configuration that applies, and every mistake found on the way. Never raises for a user's mistake.

    While the user's file can't be read, its `remembered` content applies.
    """
    problems: list[Problem] = []
    user_file = user_config_file(environ)
    merged = _users(user_file, problems, remembered or Remembered(), must_exist=bool(environ.get("PILLION_CONFIG")))
    _prune(Config, merged, str(user_file), problems)
    preferences: list[tuple[str, Mapping[str, Any]]] = []
    if workspace is not None:
        file = workspace / WORKSPACE_FILE
        own = _read(file, _WORKSPACE_BOUNDS, problems, must_exist=False)
        for *tables, key in sorted(USER_ONLY):
            table: Any = own
            for name in tables:
                table = table.get(name) if isinstance(table, dict) else None
            if isinstance(table, dict) and table.pop(key, None) is not None:
                message = "only you can set this, in your own configuration, your editor or the environment"
                problems.append(Problem(str(file), ".".join((*tables, key)), message))
        preferences.append((str(file), own))
    preferences.append(("the editor's settings", _set(editor_settings or {})))
    preferences += [("the environment", layer) for layer in _from_environment(environ)]
    for source, layer in preferences:
        allowed = _only_preferences(layer, source, problems)
        _prune(Preferences, allowed, source, problems)
        _merge(merged, allowed)
    return Config.model_validate(merged), problems


def _users(file: Path, problems: list[Problem], remembered: Remembered, *, must_exist: bool) -> dict[str, Any]:
    """The user's own table. If the file can be read, its content is remembered."""
    found: list[Problem] = []
    table = _read(file, _USER_BOUNDS, found, must_exist=must_exist)
    broken = next((each for each in found if each.unusable), None)
    if broken is None:
        remembered.table = deepcopy(table)
    elif remembered.table is not None:
        message = broken.message.replace(_UNUSED, "what it said before holds until it can be read")
        found, table = [Problem(str(file), "", message)], deepcopy(remembered.table)
    problems += found
    return table


def defaults_stand_in(config: Config, problems: Sequence[Problem], file: Path) -> bool:
    """Whether the default endpoints are used because of mistakes in the user's file, or because it can't be read."""
    own = [each for each in problems if each.source == str(file)]
    cause = any(each.unusable or each.key.split(".")[0] == "endpoints" for each in own)
    return cause and config.endpoints.keys() == set(DEFAULT_ENDPOINTS)


def _read(file: Path, bounds: TomlBounds, problems: list[Problem], *, must_exist: bool) -> dict[str, Any]:
    if str(file) == os.devnull:  # the way to say: no configuration file
        return {}
    try:
        return in_time(lambda: read_toml(file, bounds), file, _READ_WITHIN_S)
    except FileMissingError:
        if must_exist:
            problems.append(Problem(str(file), "", "PILLION_CONFIG names this file, and it doesn't exist"))
    except FileError as exc:
        problems.append(Problem(str(file), "", f"{exc.reason}; {_UNUSED}", unusable=bounds is _USER_BOUNDS))
    return {}


def _set(settings: Mapping[str, Any]) -> dict[str, Any]:
    """An editor's settings without nulls, which mean that the user didn't set anything."""
    return {
        section: {key: each for key, each in value.items() if each is not None} if isinstance(value, Mapping) else value
        for section, value in settings.items()
        if value is not None
    }


def _from_environment(environ: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """`PILLION_HOVER__BUDGET_S=3` → {"hover": {"budget_s": "3"}}; pydantic turns the strings into numbers.

    Variables without a section are a layer of their own, before the others.
    """
    whole: dict[str, Any] = {}
    found: dict[str, Any] = {}
    for name, value in environ.items():
        if not name.startswith(_ENVIRONMENT_PREFIX) or name in _OTHER_VARIABLES:
            continue
        section, _, key = name.removeprefix(_ENVIRONMENT_PREFIX).lower().partition("__")
        if key:
            found.setdefault(section, {})[key] = value
        else:
            whole[section] = value
    return whole, found


def _only_preferences(layer: Mapping[str, Any], source: str, problems: list[Problem]) -> dict[str, Any]:
    allowed: dict[str, Any] = {}
    for key, value in layer.items():
        if key in Config.model_fields and key not in _PREFERENCES:
            message = "only your own configuration file can set this; a workspace or an editor can't"
            problems.append(Problem(source, key, message))
        else:
            # A copy, because mistakes are removed from it and the layer belongs to the caller.
            allowed[key] = dict(value) if isinstance(value, Mapping) else value
    return allowed


def _merge(into: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _prune(model: type[BaseModel], data: dict[str, Any], source: str, problems: list[Problem]) -> None:
    """Removes invalid values from `data` until the rest is valid, and reports each of them as a problem."""
    broken: set[str] = set()  # endpoints that were removed: lanes that name them aren't another mistake
    while errors := _errors(model, data):
        # A misspelt key is often the reason why another key is missing, so it is reported first.
        unknown_keys = [error for error in errors if error["type"] == "extra_forbidden"]
        found: dict[tuple[int | str, ...], str] = {}
        for error in unknown_keys or errors:
            path = _path_in(data, error["loc"])
            if path:  # pydantic reports an entry of a union once for each of its types: the first is enough
                found.setdefault(path, _describe(model, error, path))
        said = [Problem(source, _dotted(path), message) for path, message in list(found.items())[:_MOST_PROBLEMS]]
        if more := len(found) - len(said):
            said.append(Problem(source, "", f"has {more:,} more such mistakes"))
        problems += said
        if not unknown_keys:
            # Half an endpoint is of no use.
            found = {path[:2] if path[0] == "endpoints" else path: "" for path in found}
            broken.update(str(path[1]) for path in found if path[0] == "endpoints" and len(path) > 1)
        for path in reversed(found):  # from the end, so that indices in lists stay right
            _remove(data, path)
        if not found and not _drop_unknown_endpoints(data, broken, source, problems):
            data.clear()


def _dotted(path: Sequence[int | str]) -> str:
    """A key for a message that is one line wide."""
    whole = ".".join(map(str, path))
    return whole if len(whole) <= _LONGEST_KEY else f"{whole[: _LONGEST_KEY - 1]}…"


def _errors(model: type[BaseModel], data: dict[str, Any]) -> list[Any]:
    try:
        model.model_validate(data)
    except ValidationError as exc:
        return exc.errors(include_url=False)
    return []


def _path_in(data: Any, loc: Sequence[int | str]) -> tuple[int | str, ...]:
    """The part of pydantic's location that exists in the data (unions add their own names to it).

    Settings are three deep at most: `endpoints.gpu0.url`, the second entry of `lanes.simple`.
    """
    depth = 0
    for part in loc[:3]:
        in_table = isinstance(data, dict) and part in data
        if not in_table and not (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            break
        data = data[part]
        depth += 1
    return tuple(loc[:depth])


def _remove(data: dict[str, Any], path: Sequence[int | str]) -> None:
    parent: Any = data
    for part in path[:-1]:
        parent = parent[part]
    del parent[path[-1]]
    if parent == []:
        _remove(data, path[:-1])  # a lane that lost all its entries gets its default


def _drop_unknown_endpoints(data: dict[str, Any], broken: set[str], source: str, problems: list[Problem]) -> bool:
    """Removes names of unknown endpoints from the lanes. A lane that is empty then gets its default."""
    known = data.get("endpoints") or DEFAULT_ENDPOINTS
    # The endpoints that the user configured, even with mistakes: names of the defaults used instead would not help.
    configured = [*data.get("endpoints", {}), *sorted(broken)] or list(DEFAULT_ENDPOINTS)
    dropped = False
    for lane, entries in list(data.get("lanes", {}).items()):
        pools = [[entry] if isinstance(entry, str) else entry for entry in entries]
        unknown = [name for pool in pools for name in pool if name not in known]
        problems += [
            Problem(source, f"lanes.{lane}", unknown_endpoint(name, configured))
            for name in unknown
            if name not in broken
        ]
        if not unknown:
            continue
        dropped = True
        kept = [[name for name in pool if name in known] for pool in pools]
        data["lanes"][lane] = [pool[0] if len(pool) == 1 else pool for pool in kept if pool]
        if not data["lanes"][lane]:
            del data["lanes"][lane]
    return dropped


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
    if error["type"] in {"model_type", "dict_type"}:
        return f"must be a table, [{'.'.join(map(str, path))}]"
    if str(error["type"]).startswith("url_"):
        return _about_url(error["input"])
    if path[0] == "lanes" and len(path) > 2:
        return "must be an endpoint's name, or a list of names"
    return str(error["msg"]).removeprefix("Value error, ")


def _about_url(value: object) -> str:
    text = str(value)
    if "://" not in text and _HOST.fullmatch(text):
        return f"“http://” is missing: write “{without_secrets(f'http://{text}')}”"
    return "must be an engine's address, such as “http://localhost:11434”"


def _known_names(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """The names that are known at the end of `path`: follows the models' fields, and a table's values by their type."""
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
