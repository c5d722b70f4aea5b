"""Gives a draft the symbol's indentation: same depth, same unit (tabs stay tabs), strings untouched."""

import re
from collections import Counter
from itertools import pairwise

from tree_sitter import Node

from pillion.syntax.languages import Language, parse
from pillion.syntax.symbols import Symbol

_LEADING = re.compile(r"[ \t]*")
_DEFAULT_UNIT = "    "
_TAB_WIDTH = 4
# Other steps come from lines that are aligned with something.
_UNITS = frozenset({2, 3, 4, 8})
_CLOSERS = frozenset("}])")


def leading(line: str) -> str:
    """The white space at a line's beginning."""
    match = _LEADING.match(line)
    return match.group(0) if match else ""


def base_of(symbol: Symbol, text: str) -> str:
    """The indentation of the line that `symbol` begins on."""
    return leading(text[text.rfind("\n", 0, symbol.start) + 1 : symbol.start])


def unit_of(symbol: Symbol, text: str, default: str = _DEFAULT_UNIT) -> str:
    """One step of indentation in `symbol`: from its line to its body's. If there is none, that of the whole text."""
    base = base_of(symbol, text)
    for line in text[symbol.header_end : symbol.end].split("\n")[1:]:
        white = leading(line)
        if line.strip() and white.startswith(base) and white != base:
            return white[len(base) :]
    return indent_unit(text, default)


def indent_unit(text: str, default: str = _DEFAULT_UNIT) -> str:
    """One step of indentation in `text`: a tab, or the most common step between two lines."""
    steps = _steps_in([leading(line) for line in text.split("\n") if line.strip()])
    if not steps:
        return default
    # If two steps are equally common, the smaller one counts: deeper steps come from aligned lines.
    return min(steps, key=lambda step: (-steps[step], len(step)))


def _steps_in(indents: list[str]) -> Counter[str]:
    steps: Counter[str] = Counter()
    for previous, white in pairwise(indents):
        if white.startswith("\t"):
            steps["\t"] += 1
        elif (step := len(white) - len(previous)) in _UNITS:
            steps[" " * step] += 1
    return steps


def reindent(draft: str, *, base: str, unit: str, language: Language) -> str:
    """`draft` moved to the indentation `base`, in steps of `unit`. Its first line gets no indentation.

    The first line gets none because the edit begins after the white space that is already before the symbol.
    Lines that begin inside a string keep every character.
    """
    text = draft.strip("\n")
    lines = text.split("\n")
    inside_string = lines_inside_strings(language, text)
    own_base, own_width = _own_indentation(lines, inside_string, language)
    moved = [lines[0].lstrip(" \t")]
    for number, line in enumerate(lines[1:], 1):
        if number in inside_string:
            moved.append(line)
        elif not line.strip():
            moved.append(line.lstrip(" \t"))
        else:
            white = leading(line)
            depth, rest = divmod(max(0, len(white.expandtabs(own_width)) - own_base), own_width)
            moved.append(base + unit * depth + " " * rest + line[len(white) :])
    return "\n".join(moved).rstrip()


def _own_indentation(lines: list[str], inside_string: frozenset[int], language: Language) -> tuple[int, int]:
    """The column at which the draft was written, and the number of columns of one of its steps.

    For a method, models often start the first line at the margin and give the rest the class's indentation. Then the
    closing line tells the column; without one, the body is assumed to be one step deeper.
    """
    code = [line for number, line in enumerate(lines) if line.strip() and number not in inside_string]
    rest = [leading(line) for line in code[1:]]
    first = leading(code[0]) if code else ""
    if not rest:
        return len(first.expandtabs(_TAB_WIDTH)), _TAB_WIDTH
    unit = indent_unit("\n".join(code[1:]), default="")
    if "\t" in unit or any("\t" in white for white in rest):
        unit = "\t"
    columns = [len(white.expandtabs(_TAB_WIDTH)) for white in rest]
    least = min(columns)
    own = len(first.expandtabs(_TAB_WIDTH))
    width = _TAB_WIDTH if unit == "\t" else len(unit)
    if not own:
        outermost = [line.strip() for line, column in zip(code[1:], columns, strict=True) if column == least]
        if language.id != "python" and code[-1].strip()[0] in _CLOSERS:
            own = columns[-1]
        elif code[0].startswith("@") or all(line[0] in _CLOSERS for line in outermost):
            own = least  # these lines are as deep as the first
        else:
            own = max(0, least - (width or least))
    return own, width or min((column - own for column in columns if column > own), default=_TAB_WIDTH)


def lines_inside_strings(language: Language, text: str) -> frozenset[int]:
    """The numbers of the lines that begin inside a string literal, except docstrings (they move with the code)."""
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
