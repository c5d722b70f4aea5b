"""Gives a draft the symbol's indentation: same depth, same unit (tabs stay tabs), strings untouched."""

import re
from collections import Counter
from itertools import accumulate, pairwise
from textwrap import dedent

from tree_sitter import Node

from pillion.syntax.languages import Language, parse
from pillion.syntax.symbols import Symbol

_LEADING = re.compile(r"[ \t]*")
_DEFAULT_UNIT = "    "
_TAB_WIDTH = 4
# Other steps come from lines that are aligned with something.
_UNITS = frozenset({2, 3, 4, 8})
_OPENERS = frozenset("{[(")
_QUOTES = frozenset("\"'")
_CLOSERS = frozenset("}])")
_STRINGS = frozenset({"template_literal_type"})
# Their lines that begin with # stand at the margin, however deep the code is.
_WITH_PREPROCESSOR = frozenset({"c", "cpp"})


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
    Lines that begin inside a string keep every character; those of a docstring or a comment move with its first line.
    """
    text = draft.strip("\n")
    lines = text.split("\n")
    inner = _inner_lines(language, text)
    own_base, own_width = _own_indentation(lines, frozenset(inner), language, base, unit)
    moved = [lines[0].lstrip(" \t")]
    whites, steps = [base], [(0, base)]
    for number, line in enumerate(lines[1:], 1):
        white = leading(line)
        if number in inner:
            whites.append(_moved_along(lines, number, inner[number], whites, own_base))
        elif not line.strip() or _is_of_the_preprocessor(line, language):
            whites.append("")
        else:
            column = max(0, len(white.expandtabs(own_width)) - own_base)
            depth, rest = divmod(column, own_width)
            if rest or _is_aligned(line, lines[number - 1]):
                whites.append(_aligned(column, steps))
            else:
                whites.append(base + unit * depth)
                steps.append((column, whites[-1]))
        moved.append(whites[-1] + line[len(white) :])
    return "\n".join(moved).rstrip()


def _is_aligned(line: str, above: str) -> bool:
    """Whether it begins below what stands behind a bracket that is still open, or a string below another one."""
    column = len(leading(line))
    behind = above[column - 1 :] if column > len(leading(above)) else ""
    if behind[:1] in _OPENERS and behind[1:].strip():
        depths = accumulate((each in _OPENERS) - (each in _CLOSERS) for each in behind)
        return all(depth > 0 for depth in depths)
    return behind[1:2] in _QUOTES and line[column : column + 1] in _QUOTES


def _aligned(column: int, steps: list[tuple[int, str]]) -> str:
    """The white space of a line at `column` that is aligned with a part of a line above, which is less deep."""
    at, white = next(each for each in reversed(steps) if each[0] < column)
    return white + " " * (column - at)


def _moved_along(lines: list[str], number: int, first: int | None, whites: list[str], own_base: int) -> str:
    """The white space of a line that begins inside a token whose first line is `first`; None: the line stays."""
    line = lines[number]
    white = leading(line)
    if first is None or not line.strip():
        return white if first is None else ""
    # The first line of a draft often lost its white space.
    old = leading(lines[first]) or (" " * own_base if not first else "")
    if white.startswith(old):
        return whites[first] + white[len(old) :]
    further = len(white.expandtabs(_TAB_WIDTH)) - len(old.expandtabs(_TAB_WIDTH))
    return whites[first] + " " * further if further >= 0 else white


def _is_of_the_preprocessor(line: str, language: Language) -> bool:
    return language.id in _WITH_PREPROCESSOR and line.startswith("#")


def _own_indentation(
    lines: list[str], inner: frozenset[int], language: Language, base: str, unit: str
) -> tuple[int, int]:
    """The column at which the draft was written, and the number of columns of one of its steps.

    For a method, models often start the first line at the margin and give the rest the class's indentation. Then the
    closing line tells the column; without one, the body is assumed to be one step deeper. `base` and `unit` are the
    document's: a body that is as deep as there was written with the same steps.
    """
    step = len(unit.expandtabs(_TAB_WIDTH))
    inside = len((base + unit).expandtabs(_TAB_WIDTH))
    code = [
        line
        for number, line in enumerate(lines)
        if line.strip() and number not in inner and not _is_of_the_preprocessor(line, language)
    ]
    rest = [leading(line) for line in code[1:]]
    first = leading(code[0]) if code else ""
    if not rest:
        return len(first.expandtabs(_TAB_WIDTH)), _TAB_WIDTH
    own_unit = indent_unit("\n".join(code[1:]), default="")
    if "\t" in own_unit or any("\t" in white for white in rest):
        own_unit = "\t"
    columns = [len(white.expandtabs(_TAB_WIDTH)) for white in rest]
    least = min(columns)
    own = len(first.expandtabs(_TAB_WIDTH))
    width = _TAB_WIDTH if own_unit == "\t" else len(own_unit)
    if not own:
        outermost = [line.strip() for line, column in zip(code[1:], columns, strict=True) if column == least]
        if language.id != "python" and code[-1].strip()[0] in _CLOSERS:
            own = columns[-1]
        elif code[0].startswith("@") or all(line[0] in _CLOSERS for line in outermost):
            own = least  # these lines are as deep as the first
        elif not width and least == inside:
            own, width = inside - step, step
        else:
            own = max(0, least - (width or least))
    return own, width or min((column - own for column in columns if column > own), default=_TAB_WIDTH)


def dedented(code: str, language: Language) -> str:
    """`code` moved to the margin. Lines inside strings stay as they are, and say nothing about its column."""
    lines = code.split("\n")
    held = lines_inside_strings(language, code)
    plain = dedent("\n".join(line for number, line in enumerate(lines) if number not in held)).split("\n")
    moved = iter(plain)
    return "\n".join(line if number in held else next(moved) for number, line in enumerate(lines))


def set_in(code: str, *, base: str, unit: str, language: Language) -> str:
    """`code`, which is statements, at the indentation `base` in steps of `unit`; the first line without it.

    Lines inside strings stay as they are.
    """
    lines = dedented(code.strip("\n").rstrip(), language).split("\n")
    held = lines_inside_strings(language, "\n".join(lines))
    step = indent_unit("\n".join(line for number, line in enumerate(lines) if number not in held), default=unit)
    moved = []
    for number, line in enumerate(lines):
        if number in held or not line.strip():
            moved.append(line if number in held else "")
            continue
        white = leading(line)
        deep, odd = divmod(len(white), len(step)) if step and set(white) <= set(step[:1]) else (0, 0)
        indent = unit * deep + " " * odd if deep or odd else white
        moved.append((base if number else "") + indent + line[len(white) :])
    return "\n".join(moved)


def lines_inside_strings(language: Language, text: str) -> frozenset[int]:
    """The numbers of the lines that begin inside a string literal, except docstrings (they move with the code)."""
    return frozenset(number for number, first in _inner_lines(language, text).items() if first is None)


def _inner_lines(language: Language, text: str) -> dict[int, int | None]:
    """The lines that begin inside a string or a comment, by their numbers. Those of docstrings and comments move with
    the line on which these begin; those of other strings stay (None)."""
    root = parse(language, text.encode("utf-8", "surrogatepass")).root_node
    found: dict[int, int | None] = {}
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        is_comment = node.type in language.comments
        if not is_comment and not _is_string(node):
            stack.extend(node.children)
            continue
        first = node.start_point.row
        # Rust's doc comments hold their line's end.
        last = node.end_point.row - (node.end_point.column == 0)
        moves = is_comment or _is_docstring(node)
        found.update(
            dict.fromkeys(
                range(first + 1, last + 1 if is_comment else node.end_point.row + 1), first if moves else None
            )
        )
    return found


def _is_string(node: Node) -> bool:
    """Whether all that is in a node's lines is a string. Strings that stand one below the other are code."""
    return node.type in _STRINGS or ("string" in node.type and node.type != "concatenated_string")


def _is_docstring(node: Node) -> bool:
    return node.type == "string" and node.parent is not None and node.parent.type == "expression_statement"
