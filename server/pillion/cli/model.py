"""`pillion model`: model files for the embedded engine."""

import argparse

from pillion.cli.output import console, print_json, write
from pillion.cli.usage import add_part


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True, dest="what")
    pull = add_part(parts, "pull", "fetch a model, verify it, and keep it")
    pull.add_argument("name", nargs="?", help="a known model's name (default: the smallest)")
    listed = add_part(parts, "list", "list the known models, and which of them are here")
    path = add_part(parts, "path", "print where a model's file is")
    path.add_argument("name", help="a known model's name, or the path of a .gguf file")
    for part in (pull, listed, path):
        part.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Runs the chosen part."""
    return int({"pull": _pull, "list": _list, "path": _path}[arguments.what](arguments))


def _pull(arguments: argparse.Namespace) -> int:
    from pillion.cli.compose import model_store
    from pillion.cli.ready_engines import fetch
    from pillion.config.schema import DEFAULT_MODEL
    from pillion.models.known import known_model

    model = known_model(arguments.name or DEFAULT_MODEL)
    store = model_store()
    path = store.path_of(model) if store.has(model) else fetch(model)
    if arguments.json:
        print_json({"name": model.name, "path": str(path), "sha256": model.sha256})
    else:
        write(f"{model.name}: {path}\n")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from rich.text import Text

    from pillion.cli.compose import model_store
    from pillion.models.known import KNOWN_MODELS

    store = model_store()
    rows = [
        {
            "name": model.name,
            "size_bytes": model.size_bytes,
            "licence": model.licence,
            "path": str(store.path_of(model)) if store.has(model) else None,
            "origin": model.origin if isinstance(model.origin, str) else model.origin.requirement.split()[0],
            "summary": model.summary,
        }
        for model in KNOWN_MODELS
    ]
    if arguments.json:
        print_json(rows)
        return 0
    screen = console()
    for row in rows:
        here = ("here", "green") if row["path"] else ("not here", "")
        about = f"  {int(str(row['size_bytes'])) / 1e6:,.0f} MB  {row['licence']}  "
        screen.print(Text.assemble((str(row["name"]), "bold"), about, here))
        screen.print(f"    {row['summary']}")
        screen.print(f"    {row['path'] or row['origin']}", style="dim", markup=False, emoji=False)
    return 0


def _path(arguments: argparse.Namespace) -> int:
    from pillion.cli.compose import model_store

    path = model_store().resolve(arguments.name)
    if arguments.json:
        print_json({"name": arguments.name, "path": str(path)})
    else:
        write(f"{path}\n")
    return 0
