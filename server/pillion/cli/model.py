"""`pillion model`: model files for the embedded engine."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from pillion.cli.output import console, print_json, write
from pillion.cli.usage import add_part
from pillion.errors import ModelError, UsageError

if TYPE_CHECKING:
    from pillion.models.known import KnownModel
    from pillion.models.store import ModelStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True, dest="what")
    pull = add_part(parts, "pull", "fetch a model, verify it, and keep it")
    pull.add_argument(
        "name", nargs="?", help="a known model's name, or the address of a .gguf file (default: the smallest)"
    )
    pull.add_argument("--sha256", metavar="HASH", default="", help="the hash of a file that is named by its address")
    listed = add_part(parts, "list", "list the models: what they need, what they are good for, and which are here")
    path = add_part(parts, "path", "print where a model's file is")
    path.add_argument("name", help="a model's name, or the path of a .gguf file")
    remove = add_part(parts, "remove", "remove a model's file, and what unfinished downloads of it left")
    remove.add_argument("name", help="a model's name")
    use = add_part(parts, "use", "choose what the engines run that Pillion starts itself, and fetch it")
    use.add_argument("name", help="good (1.5B drafts, 0.5B audits), quick (0.5B), tiny (135M), or a model's name")
    for part in (pull, listed, path, remove, use):
        part.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Runs the chosen part."""
    parts = {"pull": _pull, "list": _list, "path": _path, "remove": _remove, "use": _use}
    return int(parts[arguments.what](arguments))


def _pull(arguments: argparse.Namespace) -> int:
    from pillion.backends.pull import pull, pull_from_address
    from pillion.cli.compose import model_store
    from pillion.cli.ready_engines import fetch
    from pillion.config.schema import DEFAULT_MODEL
    from pillion.models.pulled import model_at

    store, name = model_store(), arguments.name or DEFAULT_MODEL
    if "://" in name:
        model = model_at(name, arguments.sha256)
        path = fetch(model, pull_from_address)
    elif arguments.sha256:
        raise UsageError("--sha256 goes with an address; the hashes of known models are known.")
    else:
        model = _named(store, name)
        path = store.path_of(model) if store.has(model) else fetch(model, pull)
    if arguments.json:
        print_json({"name": model.name, "path": str(path), "sha256": model.sha256})
    else:
        write(f"{model.name}: {path}\n")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from pillion.cli.model_list import rows, show

    found = rows()
    if arguments.json:
        print_json(found)
    else:
        show(found, console())
    return 0


def _path(arguments: argparse.Namespace) -> int:
    from pillion.cli.compose import model_store
    from pillion.models.store import is_path

    store = model_store()
    if not is_path(arguments.name):
        _named(store, arguments.name)
    path = store.resolve(arguments.name)
    if arguments.json:
        print_json({"name": arguments.name, "path": str(path)})
    else:
        write(f"{path}\n")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from pillion.cli.compose import model_store
    from pillion.models.room import in_mb

    store = model_store()
    model = _named(store, arguments.name)
    files = store.files_of(model)
    freed = store.remove(model)
    if arguments.json:
        print_json({"name": model.name, "removed": [str(each) for each in files], "freed_bytes": freed})
    elif files:
        write(f"{model.name} is removed: {in_mb(freed)} are free again.\n")
    else:
        write(f"{model.name} isn't on this machine.\n")
    return 0


def _use(arguments: argparse.Namespace) -> int:
    import os

    from pillion.cli.compose import model_store
    from pillion.cli.ready_engines import fetch_if_known, own_endpoints
    from pillion.config.choice_file import keep_choice
    from pillion.config.model_sets import MODEL_SETS, model_set

    store, name = model_store(), arguments.name
    if name not in MODEL_SETS:
        try:
            store.insist_on_name(name)
        except ModelError as exc:
            raise UsageError(str(exc), hint=f"{', '.join(MODEL_SETS)}, or a model's name. {exc.hint}") from exc
    file, models = keep_choice(os.environ, name), model_set(name)
    for each in models.names:
        fetch_if_known(each)
    unused = own_endpoints()
    if arguments.json:
        print_json({"models": name, **asdict(models), "configuration": str(file), "own_endpoints": unused})
        return 0
    write(f"{models.driver} drafts, {models.passenger} audits and answers ({file}).\n")
    if unused:
        write("Your configuration names endpoints, so these models are used only without them.\n")
    return 0


def _named(store: "ModelStore", name: str) -> "KnownModel":
    """The model with this name.

    Raises:
        UsageError: there is none.
    """
    try:
        return store.find(name)
    except ModelError as exc:
        raise UsageError(str(exc), hint=exc.hint) from exc
