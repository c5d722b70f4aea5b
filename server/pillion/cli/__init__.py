"""The `pillion` command: a table of subcommands, each in a file of its own that is imported when it is used."""

import errno
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from pillion import __version__
from pillion.errors import PillionError, UsageError

if TYPE_CHECKING:
    import argparse

# The arguments with which editors start the server. Editors wait for it, so nothing is loaded to read these.
_EDITOR_STARTS: tuple[list[str], ...] = ([], ["--stdio"], ["serve"], ["serve", "--stdio"])
FAILED, WRONG_USAGE, INTERRUPTED, TERMINATED = 1, 2, 130, 143

# The errors of a full disk and the like, for the file that stdout goes to.
_OUTPUT_ERRORS = frozenset({errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EBADF, getattr(errno, "EDQUOT", errno.ENOSPC)})

# name → what it is for; the module has add_arguments(parser) and run(arguments) -> exit code.
COMMANDS: dict[str, str] = {
    "serve": "run the language server, as editors do (the same as `pillion` alone)",
    "demo": "watch two small models at work on this machine; no GPU needed",
    "ask": "ask a question; its words decide which engine answers",
    "action": "document, explain, refactor or implement a function in a file",
    "drafts": "see the drafts that became no edit: refused, cut off, or not accepted",
    "dismissed": "see the findings that you dismissed, and bring them back",
    "model": "choose, fetch, list and remove the models that run without a server of their own",
    "config": "write, check and show the configuration",
    "editor": "set up your editor",
    "bench": "measure Pillion on this machine",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 1 the work failed, 2 wrong usage or configuration."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given in _EDITOR_STARTS:
        from pillion.cli.serve import serve_stdio

        return _exit_code(serve_stdio)
    if given[0] in {"--stdio", "--allow-remote"} or given[0].startswith("--tcp"):
        given.insert(0, "serve")
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a model's words may not fit the terminal's encoding
        elif stream is None:  # closed by the parent process
            setattr(sys, name, io.StringIO())

    def command() -> int:
        try:
            arguments = _parser(given[0]).parse_args(given)
            return int(arguments.run(arguments))
        finally:
            sys.stdout.flush()  # --help ends here too; at exit it would be too late to report an error

    return _exit_code(command)


def _exit_code(command: Callable[[], int]) -> int:
    """Runs a command; errors become messages and the exit codes of the contract."""
    try:
        return command()
    except PillionError as exc:
        _complain(exc)
        return WRONG_USAGE if isinstance(exc, UsageError) else FAILED
    except KeyboardInterrupt as exc:
        from pillion.cli.signals import Terminated

        if isinstance(exc, Terminated):
            sys.stderr.write("\nterminated\n")
            return TERMINATED
        sys.stderr.write("\ninterrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of the output has gone; Python would complain at exit
        return FAILED
    except OSError as exc:
        if exc.errno not in _OUTPUT_ERRORS or exc.filename is not None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the rest isn't written again at exit
        with suppress(OSError):
            _complain(PillionError(f"The output can't be written: {exc.strerror}."))
        return FAILED


def _parser(chosen: str) -> "argparse.ArgumentParser":
    from pillion.cli.usage import Parser, add_part

    parser = Parser(
        prog="pillion",
        description="A language server for people who run their own models. "
        "One model drafts an edit; another audits the draft while it is being written.",
        epilog="`pillion COMMAND --help` says more.",
    )
    parser.add_argument("--version", action="version", version=f"pillion {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, purpose in COMMANDS.items():
        command = add_part(commands, name, purpose)
        if name == chosen:
            module = importlib.import_module(f"pillion.cli.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser


def _complain(error: PillionError) -> None:
    from pillion.cli.output import write

    write(f"pillion: {error}\n", sys.stderr)
    if error.hint:
        write(f"         {error.hint}\n", sys.stderr)
