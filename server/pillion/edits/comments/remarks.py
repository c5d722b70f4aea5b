"""The comments of a symbol, each by its place between two tokens, which it has in every version of the same code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle, Language
from pillion.syntax.leaves import Leaf

_MARKS = re.compile(r"^(?:\{\s*)?(?:#+|/\*+!?|//[/!]*)|\*/(?:\s*\})?$")
_STARS = re.compile(r"^[ \t]*\*(?!/)", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_CLOSERS = frozenset(")]}>")
_QUOTED = re.compile(r"([rbuf]{0,2})(?:'([^'\"\\]*)'|\"([^'\"\\]*)\")", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment. `own_line`: it begins its line. `before_code`: code follows on its last line."""

    text: str
    start: int
    end: int
    own_line: bool
    before_code: bool

    @property
    def words(self) -> str:
        """See `words_of`."""
        return words_of(self.text)

    @property
    def is_one_line(self) -> bool:
        """Whether it has only one line."""
        return _LINE_END.search(self.text) is None


@dataclass(frozen=True, slots=True)
class Remarked:
    """A part of a text: its tokens, and the comments before each of them and after the last.

    Docstrings, JavaScript's semicolons and commas before a closing bracket are none of the `tokens`.
    """

    text: str
    leaves: tuple[Leaf, ...]
    tokens: tuple[Leaf, ...]
    gaps: tuple[tuple[Remark, ...], ...]

    @classmethod
    def of(cls, parsed: ParsedText, leaves: tuple[Leaf, ...], start: int, end: int) -> "Remarked":
        """The part [start, end), with the comments directly above it, and those at the end of its block."""
        text = parsed.text
        inside = [number for number, each in enumerate(leaves) if start <= each.start and each.end <= end]
        first, last = (inside[0], inside[-1]) if inside else (0, -1)
        tokens: list[Leaf] = []
        gaps: list[list[Remark]] = [list(_above(text, leaves, first))]
        for number in range(first, last + 1):
            leaf = leaves[number]
            if leaf.is_comment:
                gaps[-1].append(_remark(text, leaf))
            elif not leaf.in_docstring and not _is_optional(leaves, number, parsed.language):
                tokens.append(leaf)
                gaps.append([])
        gaps[-1] += _below(text, leaves, last + 1, start)
        return cls(text, leaves, tuple(tokens), tuple(map(tuple, gaps)))

    def difference(self, other: "Remarked") -> int | None:
        """The number of the first token that isn't the same, or that only one of both has; None if all are the same.
        Neither quotes of another kind nor columns inside of a string count."""
        pairs = zip(self.tokens, other.tokens, strict=False)
        differing = (number for number, (one, two) in enumerate(pairs) if not same_token(one.text, two.text))
        shorter = min(len(self.tokens), len(other.tokens))
        return next(differing, None if len(self.tokens) == len(other.tokens) else shorter)

    @property
    def remarks(self) -> Iterator[Remark]:
        """All comments, in order."""
        return (each for gap in self.gaps for each in gap)


def same_token(one: str, two: str) -> bool:
    """Whether two tokens are the same, whatever their quotes and the columns inside of a string."""
    return one == two or _plain(one) == _plain(two)


def words_of(comment: str) -> str:
    """What a comment says, without its marks: equal for two layouts of one comment."""
    said = _MARKS.sub("", _STARS.sub("", comment))
    return " ".join(said.split()).rstrip(".").casefold()


def line_start(text: str, at: int) -> int:
    """Where the line of `at` begins."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """Where the line of `at` ends, before its line end."""
    found = _LINE_END.search(text, at)
    return found.start() if found is not None else len(text)


def indentation(text: str, at: int) -> str:
    """The white space at the beginning of the line of `at`."""
    line = text[line_start(text, at) : line_end(text, at)]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _remark(text: str, leaf: Leaf) -> Remark:
    own_line = not text[line_start(text, leaf.start) : leaf.start].strip()
    behind = text[leaf.end : line_end(text, leaf.end)].strip()
    return Remark(leaf.text, leaf.start, leaf.end, own_line, bool(behind))


def _above(text: str, leaves: Sequence[Leaf], first: int) -> list[Remark]:
    """The comments on the lines above a leaf, down to it without a blank line."""
    found: list[Remark] = []
    below = line_start(text, leaves[first].start) if first < len(leaves) else 0
    for leaf in reversed(leaves[:first]):
        remark = _remark(text, leaf)
        if not leaf.is_comment or not remark.own_line or text[leaf.end : below].strip():
            break
        if len(_LINE_END.findall(text[leaf.end : below])) > 1:
            break
        found.insert(0, remark)
        below = line_start(text, leaf.start)
    return found


def _below(text: str, leaves: Sequence[Leaf], behind: int, start: int) -> list[Remark]:
    """The comments behind a symbol that belong to it: on its last line, or below it and deeper than its first line."""
    found: list[Remark] = []
    margin = len(indentation(text, start).expandtabs())
    for leaf in leaves[behind:]:
        remark = _remark(text, leaf)
        on_last_line = not found and "\n" not in text[leaves[behind - 1].end : leaf.start].replace("\r", "\n")
        deeper = remark.own_line and len(indentation(text, leaf.start).expandtabs()) > margin
        if not leaf.is_comment or not (on_last_line or deeper):
            break
        found.append(remark)
    return found


def _is_optional(leaves: Sequence[Leaf], number: int, language: Language) -> bool:
    text = leaves[number].text
    if text == ";":
        return language.doc_style is DocStyle.JSDOC
    following = next((each.text for each in leaves[number + 1 :] if not each.is_comment), "")
    return text == "," and following in _CLOSERS


def _plain(token: str) -> str:
    """A token with quotes of one kind, if nothing in it depends on them, and a string's lines without indentation: the
    model saw the code at the margin."""
    if "\n" in token:
        return "\n".join(line.strip() for line in token.splitlines())
    quoted = _QUOTED.fullmatch(token)
    return f'{quoted[1]}"{quoted[2] or quoted[3] or ""}"' if quoted is not None else token
