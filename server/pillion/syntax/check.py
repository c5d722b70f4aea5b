"""Checks whether a text parses, and whether two texts are the same code apart from documentation."""

import ast
import warnings
from collections.abc import Callable
from functools import lru_cache

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle
from pillion.syntax.nodes import first_string
from pillion.syntax.python_trees import tried_again


def first_error(parsed: ParsedText) -> str | None:
    """Where and why a text doesn't parse, or None if it does. Lines count from 1.

    Python is also given to Python's own compiler: tree-sitter's grammar lets some things through
    (`return` at the top level, Python 2's print). Nothing is run.
    """
    root = parsed.tree.root_node
    if root.has_error:
        # Python names the fault, and not only its place; for a NUL it doesn't know the place.
        known = parsed.language.id == "python" and "\0" not in parsed.text
        if known and (said := _python_error(parsed.text)) is not None:
            return said
        node = _deepest_error(root)
        what = f"{node.type!r} is missing" if node.is_missing else "this can't be read"
        return f"line {node.start_point.row + 1}: {what}"
    if parsed.language.id == "python":
        return _python_error(parsed.text)
    return None


def error_count(parsed: ParsedText) -> int:
    """The number of places that the grammar can't read."""
    count = 0
    stack = [parsed.tree.root_node]
    while stack:
        node = stack.pop()
        count += node.is_error or node.is_missing
        stack.extend(child for child in node.children if child.has_error or child.is_missing)
    return count


def new_error(before: ParsedText, after: ParsedText) -> str | None:
    """The first error in `after`, if it has more of them than `before`."""
    error = first_error(after)
    if error is None or first_error(before) is None:
        return error
    return error if error_count(after) > error_count(before) else None


def unreadable_python(text: str) -> tuple[int, str] | None:
    """Where and why Python's own parser can't read a text, or None if it can. Code that only makes sense inside other
    code (`return`, `nonlocal`) can be read too."""
    error = _python_error(text, ast.PyCF_ONLY_AST)
    if error is None:
        return None
    line, _, reason = error.removeprefix("line ").partition(": ")
    return int(line), reason


@lru_cache(maxsize=32)
def _python_error(text: str, flags: int = 0) -> str | None:
    """One text is checked by all that look at a draft."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in the user's own strings are not ours to report
        try:
            # A byte order mark is part of the file, but not of the code to compile.
            tried_again(lambda: compile(text.removeprefix("\ufeff"), "<draft>", "exec", flags, dont_inherit=True))
        except (SyntaxError, ValueError) as exc:
            return f"line {getattr(exc, 'lineno', None) or 1}: {getattr(exc, 'msg', None) or exc}"
        except (RecursionError, MemoryError):
            return "line 1: nested too deeply"
    return None


def _deepest_error(node: Node) -> Node:
    while True:
        broken = next((child for child in node.children if child.has_error or child.is_missing), None)
        if broken is None:
            return node
        node = broken


Fingerprint = tuple[object, ...]


def behaviour_fingerprint(parsed: ParsedText, symbol: Node) -> Fingerprint:
    """A symbol's shape and tokens without comments and docstrings: equal fingerprints, equal behaviour."""
    docstrings = {
        doc.id for node in parsed.symbols.walk(symbol) if (doc := parsed.symbols.docstring_node(node)) is not None
    }

    if parsed.language.doc_style is DocStyle.DOCSTRING and symbol.parent is None:
        docstrings |= {doc.id for doc in [first_string(symbol)] if doc is not None}

    def skip(node: Node) -> bool:
        return node.type in parsed.language.comments or node.id in docstrings

    return _fingerprint(symbol, skip)


def _fingerprint(root: Node, skip: Callable[[Node], bool]) -> Fingerprint:
    """The nodes in order, with their depths. Without recursion: deeply nested code would exceed Python's limit."""
    found: list[object] = []
    stack: list[tuple[Node, int]] = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        if skip(node):
            continue
        if node.child_count == 0:
            found.append((depth, node.type, node.text))
        else:
            found.append((depth, node.type))
            stack.extend((child, depth + 1) for child in reversed(node.children))
    return tuple(found)
