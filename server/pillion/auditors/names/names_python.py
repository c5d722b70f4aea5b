"""Python's undefined names, by pyflakes, which follows scopes as Python does and keeps quiet where it can't know."""

import ast
import warnings
from collections.abc import Iterator
from typing import Any

from pillion.auditors.auditor import Passage
from pillion.auditors.passage_findings import Rule, finding, line_starts, mentions
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.syntax.python_trees import parse_module

_MESSAGES = ("UndefinedName", "UndefinedLocal", "UndefinedExport")
# Names from notebooks and gettext, and names for type checkers.
_NOT_OURS = frozenset(
    {"_", "ngettext", "get_ipython", "display", "reveal_type", "reveal_locals", "__class__", "unicode"}
)
# Names may come from anywhere.
_MAGIC = ("globals()", "exec(", "builtins.", "__builtin", "vars()", "locals().update", "_convert_(", "global_enum")


def undefined_names(passage: Passage, source: str) -> Iterator[Finding[InPassage]]:
    """Names that are undefined in the new part and weren't undefined in the document before."""
    if any(magic in passage.text for magic in _MAGIC):
        return
    filename = passage.path.name if passage.path is not None else "draft.py"
    found = list(_undefined(passage.text, filename))
    if not found:
        return
    before = {name for name, *_ in _undefined(passage.before, filename)}
    parses = parsed(passage.before) is not None
    starts = line_starts(passage.text)
    deleted = _deleted(passage.text)
    for name, line, column in found:
        if name in before or name in _NOT_OURS or (not parses and mentions(passage.before, name)):
            continue
        if name in deleted:
            continue  # it is deleted somewhere, but perhaps not before this use
        at = starts[min(line, len(starts)) - 1]
        end = starts[line] if line < len(starts) else len(passage.text)
        start = at + _characters(passage.text[at:end], column)
        span = (start, start + len(name)) if passage.text.startswith(name, start) else (at, end)
        message = f"“{name}” is not defined: define or import it, or correct the name."
        said = finding(passage, Rule(source, "name", "error"), *span, message)
        if said is not None:
            yield said


def undefined_places(text: str) -> dict[str, list[tuple[int, int]]]:
    """The names that are undefined in `text`, and where: lines from 1, columns in bytes."""
    found: dict[str, list[tuple[int, int]]] = {}
    if not any(magic in text for magic in _MAGIC):
        for name, line, column in _undefined(text, "draft.py"):
            if name not in _NOT_OURS:
                found.setdefault(name, []).append((line, column))
    return found


def _deleted(text: str) -> set[str]:
    """The names that a `del` takes away."""
    tree = parsed(text)
    targets = [each for node in ast.walk(tree) if isinstance(node, ast.Delete) for each in node.targets] if tree else []
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def _characters(line: str, column: int) -> int:
    """Python's columns are UTF-8 bytes."""
    return len(line.encode("utf-8", "replace")[:column].decode("utf-8", "replace"))


def _undefined(text: str, filename: str) -> Iterator[tuple[str, int, int]]:
    """Name, line (from 1) and column (bytes). A name that a package exports may be a module of its folder."""
    from pyflakes.checker import Checker

    tree = parsed(text)
    if tree is None:
        return
    try:
        messages: list[Any] = Checker(tree, filename).messages
    except RecursionError:
        return
    for message in messages:
        kind = type(message).__name__
        if kind in _MESSAGES and not (kind == "UndefinedExport" and "def __getattr__" in text):
            yield str(message.message_args[0]), message.lineno, message.col


def parsed(text: str) -> ast.Module | None:
    """The text's syntax tree; None if it can't be parsed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return parse_module(text.removeprefix("\ufeff"))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
