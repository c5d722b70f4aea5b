"""The constants of a program that inputs are made with: what it compares with, looks for and splits at."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pillion.sandbox.inputs.python_uses import AnyFunction

_MOST = 24
_LONGEST = 40
_LARGEST = 10**7
_MOST_PATTERNS = 4
_OF_PATTERNS = ("compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer")
_HELPER = "_pillion_"
_CLASSES = {"d": "7", "w": "a", "s": " ", "D": "x", "W": "-", "S": "b", "t": "\t", "n": "\n", "b": "", "A": "", "Z": ""}


@dataclass(frozen=True, slots=True)
class Constants:
    """Those of the function come before those of the code that it uses."""

    numbers: tuple[int | float, ...]
    texts: tuple[str, ...]
    patterns: tuple[str, ...] = ()

    @property
    def characters(self) -> tuple[str, ...]:
        """Single characters that the code looks for, and the characters of short texts that aren't words."""
        found = [each for text in self.texts if len(text) <= 6 and not text.isalpha() for each in text]
        return tuple(dict.fromkeys([*(each for each in self.texts if len(each) == 1), *found]))[:_MOST]

    @property
    def words(self) -> tuple[str, ...]:
        """The longer texts."""
        return tuple(each for each in self.texts if len(each) > 1)


def constants_of(function: AnyFunction, tree: ast.Module) -> Constants:
    """The constants of a function, then of the rest of its program."""
    numbers: dict[int | float, None] = {}
    texts: dict[str, None] = {}
    patterns: dict[str, None] = {}
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    own = [node for statement in body for node in ast.walk(statement)]
    for node in (*own, *_of_others(tree)):
        match node:
            case ast.Call(ast.Attribute(attr=name) | ast.Name(name), [ast.Constant(str() as pattern), *_]) if (
                _is_of_patterns(node.func, name)
            ):
                patterns.setdefault(pattern)
                texts.update(dict.fromkeys(_matching(pattern)))
            case ast.Constant(bool()):
                pass
            case ast.Constant(int() | float() as number) if abs(number) <= _LARGEST:
                numbers.setdefault(number)
            case ast.Constant(str() as text) if 0 < len(text) <= _LONGEST and not _is_pattern(text):
                texts.setdefault(text)
            case ast.Constant(bytes() as raw) if 0 < len(raw) <= _LONGEST:
                texts.setdefault(raw.decode("latin-1"))
    return Constants(tuple(numbers)[:_MOST], tuple(texts)[:_MOST], tuple(patterns)[:_MOST_PATTERNS])


def _of_others(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes of the program, but for what the sandbox's helpers say."""
    left: list[ast.AST] = [each for each in tree.body if not getattr(each, "name", "").startswith(_HELPER)]
    documentation = _documentation(tree)
    while left:
        node = left.pop(0)
        if id(node) in documentation:
            continue
        yield node
        match node:
            case ast.Call(ast.Name(name), arguments) if name.startswith(_HELPER):
                left += [each for each in arguments if not isinstance(each, ast.Tuple | ast.Constant)]
            case _:
                left += ast.iter_child_nodes(node)


def _documentation(tree: ast.Module) -> set[int]:
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, AnyFunction | ast.ClassDef | ast.Module)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


def _is_of_patterns(function: ast.expr, name: str) -> bool:
    """Whether it is a function of the module `re`, as a program of the sandbox may call it, too."""
    of = function.value if isinstance(function, ast.Attribute) else None
    module = of.id if isinstance(of, ast.Name) else name.rpartition("_")[0]
    return name.rpartition("_")[2] in _OF_PATTERNS and module.strip("_") == "re"


def _is_pattern(text: str) -> bool:
    return len(text) > 3 and re.search(r"\\[dwsb]|\(\?|\[\^|\]\+", text) is not None


def _matching(pattern: str) -> list[str]:
    """Texts that look like what a simple pattern matches."""
    if len(pattern) > 200:
        return []
    text = re.sub(r"\(\?(?:P<\w+>|[:=!<]+)|[()^$]", "", pattern)
    text = re.sub(r"\[\^?(\\?.)[^\]]*\]", r"\1", text)
    text = re.sub(r"\{\d*,?\d*\}|[+?]", "", text)
    several = []
    for branch in text.split("|")[:4]:
        plain = (
            re.sub(r"\\(.)", lambda match: _CLASSES.get(match[1], match[1]), branch).replace(".*", "x").replace("*", "")
        )
        several.append(plain)
    return [each for each in several if 0 < len(each) <= _LONGEST]
