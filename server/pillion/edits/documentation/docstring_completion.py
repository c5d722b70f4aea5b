"""Adds what is missing to a docstring, in its own style and the signature's order. What is there stays as it is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pillion.edits.documentation.python_docstrings import Facts, PythonStyle, facts_in_style, style_in
from pillion.text.replacement import Replacement

_WIDTH = 88
_OPENING = re.compile(r"""[rRuU]?(\"{3}|'{3}|"|')""")
_TITLES: Mapping[str, re.Pattern[str]] = {
    "parameters": re.compile(r"Args|Arguments|Parameters|Params|Other Parameters|Keyword Args|Keyword Arguments"),
    "returns": re.compile(r"Returns?"),
    "yields": re.compile(r"Yields?"),
    "raises": re.compile(r"Raises?|Except|Exceptions"),
    "other": re.compile(r"Examples?|Notes?|See Also|References|Warnings?|Warns|Attributes|Todo|Usage|Tips?|Methods"),
}
_ORDER = tuple(_TITLES)
_SPHINX = {
    "parameters": re.compile(r"[ \t]*:(?:param|parameter|arg|argument|key|keyword|type)\b"),
    "returns": re.compile(r"[ \t]*:(?:returns?|rtype)\b"),
    "yields": re.compile(r"[ \t]*:(?:yields?|ytype)\b"),
    "raises": re.compile(r"[ \t]*:(?:raises?|except|exception)\b"),
}
_ENTRY = r"[ \t]*(?::(?:param|arg|key)\w*\b[^:]*\b)?(?:\*{0,2}\w+,[ \t]*)*\*{0,2}NAME\b"
_HEADER_LINES = {PythonStyle.GOOGLE: 2, PythonStyle.NUMPY: 3, PythonStyle.SPHINX: 1}  # with the empty line before


@dataclass(slots=True)
class _Section:
    """Lines [start, end) of a docstring: a section with its title, or fields of one kind."""

    kind: str
    start: int
    body: int
    end: int


@dataclass(slots=True)
class _Additions:
    """New lines behind old ones, by the old line's number."""

    behind: dict[int, list[str]] = field(default_factory=dict)

    def add(self, line: int, lines: Iterable[str]) -> None:
        self.behind.setdefault(line, []).extend(lines)


def completed_docstring(
    docstring: str,
    start: int,
    indent: str,
    unit: str,
    newline: str,
    facts: Facts,
    names: Sequence[str],
    style: PythonStyle,
) -> list[Replacement]:
    """The additions to a docstring that begins at `start`. `facts` are what is missing, `names` all parameters in
    order; `style` counts if the docstring itself has none."""
    opening = _OPENING.match(docstring)
    if opening is None:
        raise ValueError("it isn't a docstring")
    quote, first, last = opening[1], opening.end(), len(docstring) - len(opening[1])
    text = docstring[first:last].rstrip()
    lines = text.splitlines() or [""]
    style = style_in([docstring]) or style
    width = _WIDTH - len(indent)
    new = _additions(lines, facts, names, style, indent, unit, width)
    raw = opening[0][0] in "rR"
    made: list[Replacement] = []
    if len(quote) == 1:
        made.append(Replacement(start + first, start + first, quote * 2))
    ends = _line_ends(text)
    closes_line = "\n" not in docstring[first + len(text) : last]
    for number, added in sorted(new.behind.items()):
        words = "".join(f"{newline}{f'{indent}{line}'.rstrip()}" for line in _safe(added, quote, raw))
        if number == len(lines) - 1 and closes_line:
            words += newline + indent
        at = start + first + ends[number]
        made.append(Replacement(at, at, words))
    if len(quote) == 1:
        made.append(Replacement(start + last, start + last, quote * 2))
    return made


def _additions(
    lines: Sequence[str], facts: Facts, names: Sequence[str], style: PythonStyle, indent: str, unit: str, width: int
) -> _Additions:
    """The new lines without the docstring's own indentation."""
    sections = _sections(lines, style)
    new = _Additions()
    wanted: dict[str, Facts] = {
        "parameters": Facts(parameters=facts.parameters),
        "returns": Facts(returns=facts.returns, result=facts.result),
        "yields": Facts(yields=facts.yields, result=facts.result),
        "raises": Facts(raises=facts.raises),
    }
    for kind, own in wanted.items():
        whole = facts_in_style(own, style, unit, width)
        if not whole:
            continue
        section = next((each for each in sections if each.kind == kind), None)
        if section is not None and kind == "parameters":
            for name, words in facts.parameters.items():
                entry = _entry(Facts(parameters={name: words}), lines, section, style, indent, unit, width)
                new.add(_behind(name, names, lines, section), entry)
        elif section is not None:
            new.add(section.end - 1, _entry(own, lines, section, style, indent, unit, width))
        else:
            _add_section(kind, whole, lines, sections, style, new)
    return new


def _add_section(
    kind: str, whole: list[str], lines: Sequence[str], sections: Sequence[_Section], style: PythonStyle, new: _Additions
) -> None:
    """Puts a section that isn't there yet in its place among the others."""
    later = [each for each in sections if _ORDER.index(each.kind) > _ORDER.index(kind)]
    before = [each for each in sections if _ORDER.index(each.kind) < _ORDER.index(kind)]
    if not later:
        behind, put = len(lines) - 1, new.behind.get(len(lines) - 1, [])
        joined = style is PythonStyle.SPHINX and (any(each.end == len(lines) for each in before) or bool(put))
        new.add(behind, whole[1:] if joined else whole)
        return
    at = later[0].start
    while at > 0 and not lines[at - 1].strip():
        at -= 1
    joined = style is PythonStyle.SPHINX and bool(before) and before[-1].end == later[0].start
    new.add(max(at - 1, 0), whole[1:] if joined else whole)


def _entry(
    own: Facts, lines: Sequence[str], section: _Section, style: PythonStyle, indent: str, unit: str, width: int
) -> list[str]:
    """One entry for a section that is there, with the section's own indentation."""
    if style is PythonStyle.GOOGLE and section.body < section.end:
        outer, inner = (_white(lines[each]) for each in (section.start, section.body))
        unit = inner[len(outer) :] or unit
        indent_more = outer[len(indent) :] if outer.startswith(indent) else ""
        found = facts_in_style(own, style, unit, width)[_HEADER_LINES[style] :]
        return [indent_more + each for each in found]
    return facts_in_style(own, style, unit, width)[_HEADER_LINES[style] :]


def _behind(name: str, names: Sequence[str], lines: Sequence[str], section: _Section) -> int:
    """The line behind which a parameter's entry belongs: the end of the entry of one before it."""
    for earlier in reversed(names[: names.index(name)]):
        entry = re.compile(_ENTRY.replace("NAME", re.escape(earlier)))
        for number in range(section.body, section.end):
            if entry.match(lines[number]):
                return _end_of_entry(number, lines, section)
    return section.body - 1


def _end_of_entry(number: int, lines: Sequence[str], section: _Section) -> int:
    """The last line of the entry that begins at this line: those behind it are indented deeper, or are a type."""
    own, end = len(_white(lines[number])), number
    name = re.search(r":(?:param|arg|key)\w*\b[^:]*?(\w+):", lines[number])
    for each in range(number + 1, section.end):
        is_type = name is not None and re.match(rf"[ \t]*:type[ \t]+{re.escape(name[1])}:", lines[each]) is not None
        if lines[each].strip() and len(_white(lines[each])) <= own and not is_type:
            break
        end = each if lines[each].strip() else end
    return end


def _sections(lines: Sequence[str], style: PythonStyle) -> list[_Section]:
    if style is PythonStyle.SPHINX:
        return _fields(lines)
    found: list[_Section] = []
    numpy = style is PythonStyle.NUMPY
    for number, line in enumerate(lines):
        title = line.strip() if numpy else line.strip().removesuffix(":")
        kind = next((kind for kind, titles in _TITLES.items() if titles.fullmatch(title)), None)
        under = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if kind is None or (not under.startswith("---") if numpy else not line.rstrip().endswith(":")):
            continue
        if found:
            found[-1].end = min(found[-1].end, _last_text(lines, number))
        found.append(_Section(kind, number, number + (2 if numpy else 1), len(lines)))
    for each in () if numpy else found:
        outer = len(_white(lines[each.start]))
        for number in range(each.body, each.end):
            if lines[number].strip() and len(_white(lines[number])) <= outer:
                each.end = _last_text(lines, number)
                break
    return found


def _fields(lines: Sequence[str]) -> list[_Section]:
    """Sphinx: the fields, those of one kind that follow each other as one section."""
    found: list[_Section] = []
    for number, line in enumerate(lines):
        kind = next((kind for kind, marks in _SPHINX.items() if marks.match(line)), None)
        if kind is not None and found and found[-1].kind == kind:
            found[-1].end = number + 1
        elif kind is not None:
            found.append(_Section(kind, number, number, number + 1))
        elif found and line.strip() and len(_white(line)) > len(_white(lines[found[-1].start])):
            found[-1].end = number + 1
        elif line.strip() and found:
            found.append(_Section("other", number, number, number + 1))
    return found


def _last_text(lines: Sequence[str], end: int) -> int:
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return end


def _white(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _line_ends(text: str) -> list[int]:
    """Where each line of a text ends, before its line end."""
    ends, at = [], 0
    for line in text.splitlines(keepends=True) or [""]:
        ends.append(at + len(line.rstrip("\r\n")))
        at += len(line)
    return ends


def _safe(lines: Iterable[str], quote: str, raw: bool) -> Iterable[str]:
    """The model's words as they may stand between these quotes."""
    other = "'" if quote[0] == '"' else '"'
    for line in lines:
        safe = line.replace(quote[0] * 3, other * 3)
        yield safe.replace("\\", "/") if raw else safe.replace("\\", "\\\\")
