"""Adds the tags that are missing to a JSDoc, Javadoc or Doxygen comment. What is there stays as it is."""

import re
from collections.abc import Sequence

from pillion.edits.documentation.python_docstrings import Facts
from pillion.syntax.languages import DocStyle
from pillion.text.replacement import Replacement

_TAG = re.compile(r"[ \t]*(?:/\*[*!])?[ \t]*\*?[ \t]*[@\\]([a-z]+)")
_PARAMETER = re.compile(
    r"[@\\](?:param|arg|argument)\b(?:\[[\w,]+\])?[ \t]*(?:\{.*\}[ \t]*)?\[?\.{0,3}([A-Za-z_$][\w$]*)"
)
_KINDS = {
    "param": 1, "arg": 1, "argument": 1, "tparam": 0, "template": 0, "typeparam": 0, "brief": 0, "summary": 0,
    "description": 0, "return": 2, "returns": 2, "result": 2, "yield": 2, "yields": 2,
    "throws": 3, "throw": 3, "exception": 3, "raises": 3,
}  # fmt: skip
_LAST = 4


def completed_comment(
    comment: str, start: int, indent: str, newline: str, facts: Facts, names: Sequence[str], style: DocStyle
) -> list[Replacement]:
    """The additions to a doc comment that begins at `start`. `facts` are what is missing, `names` all parameters."""
    inner = comment.removesuffix("*/")
    text = inner.rstrip().rstrip("*").rstrip() if "\n" in inner else inner.rstrip()
    lines = text.splitlines()
    mark = "\\" if re.search(r"\\(?:param|brief|return)", comment) and "@" not in comment else "@"
    new: dict[int, list[str]] = {}
    tags = _tags(lines)
    for name, words in facts.parameters.items():
        new.setdefault(_behind_parameter(name, names, lines, tags), []).append(f"{mark}param {name} {words}")
    result = "returns" if style is DocStyle.JSDOC else "return"
    for said, tag in ((facts.returns, result), (facts.yields, "yields")):
        if said:
            new.setdefault(_behind(2, lines, tags), []).append(f"{mark}{tag} {said}")
    for name, words in facts.raises.items():
        thrown = f"{{{name}}}" if style is DocStyle.JSDOC else name
        new.setdefault(_behind(3, lines, tags), []).append(f"{mark}throws {thrown} {words}")
    return _replacements(new, comment, text, start, indent, newline)


def _replacements(
    new: dict[int, list[str]], comment: str, text: str, start: int, indent: str, newline: str
) -> list[Replacement]:
    lines = text.splitlines(keepends=True)
    star = f"{newline}{indent} * "
    made: list[Replacement] = []
    if len(lines) == 1 and (opened := re.match(r"/\*[*!]", comment)) is not None:
        made.append(Replacement(start + opened.end(), start + opened.end(), star.rstrip(" ")))
    at = 0
    for number, line in enumerate(lines):
        end = at + len(line.rstrip("\r\n"))
        words = "".join(star + each.replace("*/", "* /") for each in new.get(number, ()))
        if words and number == len(lines) - 1 and "\n" not in comment[len(text) :]:
            words += newline + indent + ("" if comment[len(text)] == " " else " ")
        if words:
            made.append(Replacement(start + end, start + end, words))
        at += len(line)
    return made


def _tags(lines: Sequence[str]) -> list[tuple[int, int]]:
    """The lines with tags, and each tag's place in the usual order."""
    found = ((number, _TAG.match(line)) for number, line in enumerate(lines))
    return [(number, _KINDS.get(tag[1], _LAST)) for number, tag in found if tag is not None]


def _behind(order: int, lines: Sequence[str], tags: Sequence[tuple[int, int]]) -> int:
    """The line behind which a tag of this place in the order belongs."""
    later = next((number for number, each in tags if each > order), None)
    last = (later if later is not None else len(lines)) - 1
    while last > 0 and not lines[last].strip(" \t*/"):
        last -= 1
    return last


def _behind_parameter(name: str, names: Sequence[str], lines: Sequence[str], tags: Sequence[tuple[int, int]]) -> int:
    numbers = [number for number, _ in tags]
    known = {found[1]: number for number, each in tags if each == 1 and (found := _PARAMETER.search(lines[number]))}
    for earlier in reversed(names[: names.index(name)]):
        if earlier in known:
            end = next((each for each in numbers if each > known[earlier]), len(lines)) - 1
            while end > known[earlier] and not lines[end].strip(" \t*/"):
                end -= 1
            return end
    first = next((number for number, each in tags if each >= 1), None)
    return first - 1 if first is not None and first > 0 else _behind(1, lines, tags)
