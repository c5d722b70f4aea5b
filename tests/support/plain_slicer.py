"""A slicer for documents that run as they are."""

import ast
from pathlib import Path

from pillion.errors import CannotRunError
from pillion.sandbox.slices.slice import Slice


def plain_slice(text: str, path: tuple[str, ...], file: Path | None = None, workspace: Path | None = None) -> Slice:
    """The whole document; a method is called on an instance of its class that is made without arguments."""
    body = ast.parse(text).body
    for name in path[:-1]:
        body = next(each.body for each in body if isinstance(each, ast.ClassDef) and each.name == name)
    found = [each for each in body if isinstance(each, ast.FunctionDef) and each.name == path[-1]]
    if not found:
        raise CannotRunError(f"there is no {path[-1]}")
    own = ast.get_source_segment(text, found[0], padded=True) or ""
    if len(path) == 1:
        return Slice(text, path[0], own)
    return Slice(text, f"_receiver.{path[-1]}", own, f"_receiver = {path[0]}()")
