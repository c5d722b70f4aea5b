"""`pillion config init`: writes a first configuration file, and the schema with which editors complete and check it."""

import json
import os
from pathlib import Path

from pillion.cli.output import console
from pillion.errors import ConfigError, FileError
from pillion.files.atomic_write import create_file, replace_file
from pillion.files.bounded_read import MIB, read_bytes

_LARGEST_BYTES = MIB


def init() -> int:
    """Writes the file unless there is one. Always writes this version's schema."""
    from pillion.cli.compose import found_engines
    from pillion.config.json_schema import DIRECTIVE, SCHEMA_FILE, config_schema, first_file
    from pillion.config.loading import load, user_config_file

    file = user_config_file(os.environ)
    screen = console()
    schema = json.dumps(config_schema(), indent=2, ensure_ascii=False)
    discovery = found_engines(*load({**os.environ, "PILLION_CONFIG": os.devnull}))
    found = {"endpoints": discovery.endpoints, "lanes": discovery.lanes} if discovery.choice is not None else {}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file.parent / SCHEMA_FILE, f"{schema}\n".encode())
        if not create_file(file, first_file(discovery.chosen_in_words, found).encode()):
            screen.print(f"{file} is there already, and stays as it is.", markup=False)
            if DIRECTIVE not in _text_of(file):
                screen.print(f"For completion in an editor, put this line on top of it: {DIRECTIVE}", markup=False)
            return 0
    except OSError as exc:
        raise ConfigError(f"{file} can't be written: {exc.strerror}.") from exc
    except FileError as exc:
        raise ConfigError(str(exc)) from exc
    screen.print(f"Written: {file}", markup=False)
    for sentence in filter(None, (discovery.chosen_in_words, *discovery.remarks)):
        screen.print(sentence, markup=False)
    if found:
        screen.print("They are in the file. `pillion config check --live` asks them.", markup=False)
        return 0
    screen.print("Name your engines there; `pillion config check` finds mistakes.", markup=False)
    return 0


def _text_of(file: Path) -> str:
    return read_bytes(file, _LARGEST_BYTES).decode("utf-8", "replace")
