"""Python's three styles of docstrings: which one a project writes, and how each shows facts."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

_NARROWEST = 40


class PythonStyle(StrEnum):
    """See https://www.sphinx-doc.org/en/master/usage/extensions/napoleon.html for the first two."""

    GOOGLE = "google"
    NUMPY = "numpy"
    SPHINX = "sphinx"


# A docstring of each style has such lines; `:return:` and `:returns:` both mean the result.
_MARKS: Mapping[PythonStyle, re.Pattern[str]] = {
    PythonStyle.GOOGLE: re.compile(
        r"^[ \t]+(?:Args|Arguments|Returns|Raises|Yields|Attributes):[ \t]*\r?$", re.MULTILINE
    ),
    PythonStyle.NUMPY: re.compile(
        r"^[ \t]*(?:Parameters|Returns|Raises|Yields|Attributes)[ \t]*\r?\n[ \t]*-{3,}[ \t]*\r?$", re.MULTILINE
    ),
    PythonStyle.SPHINX: re.compile(r"^[ \t]*:(?:param\b[^:\n]*|returns?|raises\b[^:\n]*|yields?):", re.MULTILINE),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a documentation says behind its summary. `result`: the type that the header declares; empty if none."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    returns: str = ""
    yields: str = ""
    raises: Mapping[str, str] = field(default_factory=dict)
    result: str = ""


def style_in(texts: Iterable[str]) -> PythonStyle | None:
    """The style of the first text that has docstrings with facts, the most frequent one there; None if none has."""
    for text in texts:
        counts = Counter({style: len(marks.findall(text)) for style, marks in _MARKS.items()})
        ((style, count),) = counts.most_common(1)
        if count:
            return style
    return None


def facts_in_style(facts: Facts, style: PythonStyle, unit: str, width: int) -> list[str]:
    """The lines behind the summary, with the empty lines between sections. `unit` is one level of indentation."""
    match style:
        case PythonStyle.GOOGLE:
            return _google(facts, unit, width)
        case PythonStyle.NUMPY:
            return _numpy(facts, unit, width)
        case PythonStyle.SPHINX:
            return _sphinx(facts, unit, width)


def _google(facts: Facts, unit: str, width: int) -> list[str]:
    lines: list[str] = []

    def section(title: str, named: Mapping[str, str]) -> None:
        if named:
            lines.extend(["", f"{title}:"])
        for name, words in named.items():
            lines.extend(_hanging(f"{name}: {words}", unit, unit * 2, width))

    section("Args", facts.parameters)
    for title, words in (("Returns", facts.returns), ("Yields", facts.yields)):
        if words:
            lines += ["", f"{title}:", *_hanging(words, unit, unit, width)]
    section("Raises", facts.raises)
    return lines


def _numpy(facts: Facts, unit: str, width: int) -> list[str]:
    lines: list[str] = []

    def section(title: str) -> None:
        lines.extend(["", title, "-" * len(title)])

    if facts.parameters:
        section("Parameters")
        for name, words in facts.parameters.items():
            lines.extend([name, *_hanging(words, unit, unit, width)])
    for title, words in (("Returns", facts.returns), ("Yields", facts.yields)):
        if words:
            section(title)
            # The type comes first. Where the header has none, the words are all there is.
            lines.extend([facts.result, *_hanging(words, unit, unit, width)] if facts.result else [words])
    if facts.raises:
        section("Raises")
        for name, words in facts.raises.items():
            lines.extend([name, *_hanging(words, unit, unit, width)])
    return lines


def _sphinx(facts: Facts, unit: str, width: int) -> list[str]:
    lines: list[str] = []
    for name, words in facts.parameters.items():
        lines += _hanging(f":param {name}: {words}", "", unit, width)
    for tag, words in (("returns", facts.returns), ("yields", facts.yields)):
        if words:
            lines += _hanging(f":{tag}: {words}", "", unit, width)
    for name, words in facts.raises.items():
        lines += _hanging(f":raises {name}: {words}", "", unit, width)
    return ["", *lines] if lines else []


def _hanging(words: str, first: str, later: str, width: int) -> list[str]:
    return textwrap.wrap(
        words,
        max(_NARROWEST, width),
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
