"""`pillion config init`: a first configuration file, and the schema by which editors complete and check it."""

import json
import os
from pathlib import Path

from pillion.cli.output import console


def init() -> int:
    """Writes the file unless there is one; the schema is always of this version."""
    from pillion.config_load import user_config_file
    from pillion.config_schema import DIRECTIVE, EXAMPLE, SCHEMA_FILE, config_schema
    from pillion.errors import ConfigError

    file = user_config_file(os.environ)
    screen = console()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        schema = json.dumps(config_schema(), indent=2, ensure_ascii=False)
        _write(file.parent / SCHEMA_FILE, f"{schema}\n")
        if file.exists():
            screen.print(f"{file} is there already, and stays as it is.", markup=False)
            if DIRECTIVE not in file.read_text(encoding="utf-8", errors="replace"):
                screen.print(f"For completion in an editor, put this line on top of it: {DIRECTIVE}", markup=False)
            return 0
        with file.open("x", encoding="utf-8") as new:
            new.write(EXAMPLE)
    except OSError as exc:
        raise ConfigError(f"{file} can't be written: {exc.strerror}.") from exc
    screen.print(f"Written: {file}", markup=False)
    screen.print("Name your engines there; `pillion config check` finds mistakes.", markup=False)
    return 0


def _write(file: Path, text: str) -> None:
    """Replaces it in one step: an editor may be reading it."""
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    with partial.open("x", encoding="utf-8") as new:
        new.write(text)
    partial.replace(file)
