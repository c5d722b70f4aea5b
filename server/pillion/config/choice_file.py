"""Writes the choice of models into the user's configuration file, and leaves the rest of the file as it is."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pillion.config.loading import user_config_file
from pillion.errors import ConfigError, FileError, FileMissingError
from pillion.files.atomic_write import replace_file
from pillion.files.bounded_read import KIB, read_text

_LARGEST_BYTES = 256 * KIB
_KEY = "models"
_LINE = re.compile(rf"^[ \t]*{_KEY}[ \t]*=[^\r\n]*", re.MULTILINE)
_ABOUT = "# What the engines run that Pillion starts itself: good, quick, tiny, or a model's name (pillion model list)."


def keep_choice(environ: Mapping[str, str], chosen: str) -> Path:
    """Writes `models = "…"` and returns the file. The file is made if there is none.

    Raises:
        ConfigError: it can't be written, or isn't TOML.
    """
    file = user_config_file(environ)
    by_hand = f"Write {_KEY} = “{chosen}” into it yourself, above the first table."
    try:
        before = read_text(file, _LARGEST_BYTES)
    except FileMissingError:
        before = ""
    except FileError as exc:
        raise ConfigError(str(exc), hint=by_hand) from exc
    after = _with_choice(before, chosen)
    try:
        expected = {**tomllib.loads(before.removeprefix("\ufeff")), _KEY: chosen}
        right = tomllib.loads(after.removeprefix("\ufeff")) == expected
    except (ValueError, RecursionError) as exc:
        raise ConfigError(f"{file} isn't TOML, so the choice can't be written into it: {exc}.", hint=by_hand) from exc
    if not right:
        raise ConfigError(f"{file} is written in a way that only you can change.", hint=by_hand)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, after.encode())
    except FileError as exc:
        raise ConfigError(str(exc), hint=by_hand) from exc
    except OSError as exc:
        raise ConfigError(f"{file} can't be written: {exc.strerror}.", hint=by_hand) from exc
    return file


def _with_choice(text: str, chosen: str) -> str:
    # A name is the name of a set, of a model or of a file: TOML's basic strings need these two escaped.
    value = chosen.replace("\\", "\\\\").replace('"', '\\"')
    line = f'{_KEY} = "{value}"'
    table = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    top = text[: table.start()] if table else text
    if match := _LINE.search(top):
        return text[: match.start()] + line + text[match.end() :]
    end = "\r\n" if "\r\n" in text else "\n"
    # The first line may be the one that names the schema to editors.
    first = re.match(r"\ufeff?(?:#:schema[^\n]*(?:\n|\Z))?", text)
    at = first.end() if first else 0
    head = text[:at] + (end if at and not text[:at].endswith(("\n", "\ufeff")) else "")
    rest = f"{end}{text[at:]}" if text[at:].strip() else ""
    return f"{head}{_ABOUT}{end}{line}{end}{rest}"
