"""`pillion config`: shows the configuration in force, writes a first file, and finds mistakes."""

import argparse
import asyncio
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.cli.output import console, print_json
from pillion.cli.usage import add_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pillion.config.loading import Problem
    from pillion.config.schema import Config
    from pillion.pool.look import Look


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True, dest="what")
    show = add_part(
        parts, "show", "print the configuration that holds here, defaults included; exit code 2 if it has mistakes"
    )
    add_part(parts, "init", "write a first configuration file, and the schema by which editors complete it")
    schema = add_part(parts, "schema", "print the JSON schema of the configuration file")
    schema.add_argument("--workspace", action="store_true", help="the schema of a workspace's .pillion.toml instead")
    check = add_part(parts, "check", "find every mistake in the configuration; exit code 2 if there is one")
    for part in (show, check):
        part.add_argument("--json", action="store_true", help="print JSON")
    schema.add_argument("--json", action="store_true", help="changes nothing: a schema is JSON")
    check.add_argument(
        "--live",
        action="store_true",
        help="also ask each engine whether it lets you in and has its model; this spends no tokens; exit code 1 if one "
        "can't be used",
    )


def run(arguments: argparse.Namespace) -> int:
    """Runs the chosen part."""
    return {"show": _show, "init": _init, "schema": _schema, "check": _check}[arguments.what](arguments)


def _init(_: argparse.Namespace) -> int:
    from pillion.cli.config_init import init

    return init()


def _show(arguments: argparse.Namespace) -> int:
    from pillion.cli.compose import found_engines
    from pillion.config.loading import load, user_config_file
    from pillion.config.schema import Config, without_secrets
    from pillion.files.toml_lines import toml_lines

    config, problems = load(os.environ, workspace=Path.cwd())
    discovery = found_engines(config, problems)
    config = discovery.added_to(config) if discovery.choice is not None else config
    data = config.model_dump(mode="json", exclude_none=True)
    for endpoint in data["endpoints"].values():  # users paste this output into reports
        if "url" in endpoint:
            endpoint["url"] = without_secrets(endpoint["url"])
    if arguments.json:
        print_json(data)
        _say(problems)
        return 2 if problems else 0
    screen = console()
    file = user_config_file(os.environ)
    if any(each.unusable for each in problems):
        remark = "(it can't be used: these are the defaults)"
    elif problems:
        remark = "(without what is wrong)"
    else:
        remark = "" if file.exists() else "(there is none: these are the defaults)"
    screen.print(f"# {file} {remark}".rstrip(), style="dim", markup=False)
    for sentence in filter(None, (discovery.chosen_in_words, *discovery.remarks)):
        screen.print(f"# {sentence}", style="dim", markup=False)
    # Keys outside of tables come first, as TOML wants them.
    names = sorted(
        (name for name in Config.model_fields if name in data), key=lambda name: isinstance(data[name], dict)
    )
    for line in toml_lines({name: data[name] for name in names}):
        screen.print(line, markup=False)
    _say(problems)
    return 2 if problems else 0


def _say(problems: "Sequence[Problem]") -> None:
    note = console(stderr=True)
    for problem in problems:
        note.print(str(problem), style="yellow", markup=False)


def _schema(arguments: argparse.Namespace) -> int:
    from pillion.config.json_schema import config_schema, workspace_schema

    print_json(workspace_schema() if arguments.workspace else config_schema())
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from pillion.cli.compose import model_store
    from pillion.config.loading import defaults_stand_in, load, user_config_file
    from pillion.pool.look import model_problems

    config, problems = load(os.environ, workspace=Path.cwd())
    file = user_config_file(os.environ)
    problems += model_problems(config, model_store(), str(file))
    others = defaults_stand_in(config, problems, file)
    looks = asyncio.run(_looks(config)) if arguments.live and not others else []
    failing = [look for look in looks if look.seen != "ok"]
    if arguments.json:
        said = [{"source": p.source, "key": p.key, "message": p.message} for p in problems]
        print_json({"problems": said, "endpoints": [asdict(each) for each in looks]} if arguments.live else said)
    else:
        screen = console()
        for problem in problems:
            screen.print(str(problem), markup=False)
        if not problems:
            screen.print(f"{file}: {'no mistakes' if file.exists() else 'there is no such file, so the defaults hold'}")
        if config.uses_cloud:
            screen.print("Note: lanes name cloud endpoints, so code leaves this machine.")
        if arguments.live and others:
            screen.print("No engine was asked: none of yours can be used before this is mended.", style="red")
        for look in looks:
            words = " ".join(filter(None, (look.message, look.hint)))
            colour = "green" if look.seen == "ok" else "red"
            screen.print(f"{look.endpoint}: {look.seen}{f'. {words}' if words else ''}", style=colour, markup=False)
    if problems:
        return 2
    return 1 if failing else 0


async def _looks(config: "Config") -> "list[Look]":
    from pillion.backends.create import create_backends
    from pillion.cli.compose import model_store
    from pillion.pool.pool import Pool

    pool = Pool(create_backends(config, model_store()), config.lanes)
    try:
        return await pool.look_at_all()
    finally:
        await pool.aclose()
