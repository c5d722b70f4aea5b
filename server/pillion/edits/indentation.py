"""Makes a draft stand where the symbol stands: same depth, same unit (tabs stay tabs), strings untouched."""

import re

from tree_sitter import Node

from pillion.syntax.languages import Language, parse

_LEADING = re.compile(r"[ \t]*")
_DEFAULT_UNIT = "    "


def leading(line: str) -> str:
    """The white space a line begins with."""
    match = _LEADING.match(line)
    return match.group(0) if match else ""


def indent_unit(text: str, default: str = _DEFAULT_UNIT) -> str:
    """One step of indentation as `text` uses it: a tab, or the most common step between two lines."""
    steps: dict[str, int] = {}
    previous = 0
    for line in text.splitlines():
        if not line.strip():
            continue
        white = leading(line)
        if white.startswith("\t"):
            steps["\t"] = steps.get("\t", 0) + 1
        elif (step := len(white) - previous) > 1:
            steps[" " * step] = steps.get(" " * step, 0) + 1
        previous = len(white)
    return max(steps, key=lambda step: steps[step]) if steps else default


def reindent(draft: str, *, base: str, unit: str, language: Language) -> str:
    """`draft` moved to the indentation `base`, in steps of `unit`. Its first line gets no indentation.

    The first line is left bare because the edit begins after the white space that already stands before the symbol.
    Lines that begin inside a string keep every character.
    """
    lines = draft.strip("\n").splitlines(keepends=True)
    if not lines:
        return ""
    inside_string = _lines_inside_strings(language, "".join(lines))
    own_unit = indent_unit("".join(lines))
    own_base = _own_base(lines, inside_string)
    moved: list[str] = []
    for number, line in enumerate(lines):
        if number == 0:
            moved.append(line.lstrip(" \t"))
        elif number in inside_string:
            moved.append(line)
        elif not line.strip():
            moved.append(line.lstrip(" \t"))
        else:
            white = leading(line)
            depth, rest = _steps(white, own_base, own_unit)
            moved.append(base + unit * depth + rest + line[len(white) :])
    return "".join(moved).rstrip()


def _own_base(lines: list[str], inside_string: frozenset[int]) -> str:
    """The indentation the draft was written at.

    Models that are shown a method often start its first line at the margin and give the rest the class's
    indentation: then the closing line, or the least indented one, tells.
    """
    first = leading(lines[0])
    rest = [leading(line) for n, line in enumerate(lines[1:], 1) if line.strip() and n not in inside_string]
    if first or not rest:
        return first
    least = min(rest, key=lambda white: len(white.expandtabs(4)))
    unit = indent_unit("".join(lines))
    last = leading(next(line for line in reversed(lines) if line.strip()))
    closes = lines[-1].strip()[:1] in {"}", ")", "]"}
    if closes:
        return last
    # A body one step in is as it should be; two steps in, the first line lost the class's step.
    depth, _ = _steps(least, "", unit)
    return unit * (depth - 1) if depth > 1 else ""


def _steps(white: str, base: str, unit: str) -> tuple[int, str]:
    """How many units deeper than `base`, and the odd blanks left over (alignment)."""
    width = 4 if unit == "\t" else len(unit)
    columns = max(0, len(white.expandtabs(width)) - len(base.expandtabs(width)))
    return columns // width, " " * (columns % width)


def _lines_inside_strings(language: Language, text: str) -> frozenset[int]:
    """The numbers of the lines that begin inside a string literal, docstrings excepted (they move with the code)."""
    root = parse(language, text.encode("utf-8", "surrogatepass")).root_node
    found: set[int] = set()
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if "string" in node.type and node.end_point.row > node.start_point.row:
            if not _is_docstring(node):
                found.update(range(node.start_point.row + 1, node.end_point.row + 1))
        else:
            stack.extend(node.children)
    return frozenset(found)


def _is_docstring(node: Node) -> bool:
    return node.type == "string" and node.parent is not None and node.parent.type == "expression_statement"
