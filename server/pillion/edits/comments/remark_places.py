"""Where a draft's new comments go in the user's code: above the same line, behind it, or between the same tokens."""

from collections.abc import Sequence
from itertools import groupby

from pillion.edits.comments.new_remarks import NewRemark
from pillion.edits.comments.remarks import Remark, Remarked, indentation, line_end, line_start
from pillion.edits.indentation import indent_unit, unit_of
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement

_MOST_COLUMNS = 40


class RemarkPlaces:
    """Places comments of `draft` in `user`, which has the same tokens."""

    def __init__(self, user: Remarked, draft: Remarked, symbol: Symbol, document: ParsedText) -> None:
        self._user = user
        self._draft = draft
        self._symbol = symbol
        self._language = document.language
        self._text = document.text
        self._newline = next((each for each in ("\r\n", "\n", "\r") if each in document.text), "\n")
        self._unit = unit_of(symbol, document.text)
        self._inserted: dict[int, str] = {}
        self._replaced: list[Replacement] = []

    def replacements(self, new: Sequence[NewRemark]) -> tuple[Replacement, ...]:
        """The changes of the document."""
        self._inserted, self._replaced = {}, []
        for _, group in groupby(new, key=lambda each: (each.gap, id(each.above), each.remark.own_line, each.instead)):
            together = list(group)
            first = together[0]
            if first.instead is not None:
                self._replaced.append(Replacement(first.instead.start, first.instead.end, first.text))
            elif first.remark.own_line:
                self._on_own_lines(together)
            else:
                for each in together:
                    self._beside_code(each)
        inserted = (Replacement(at, at, text) for at, text in self._inserted.items())
        return tuple(sorted([*inserted, *self._replaced]))

    def _insert(self, at: int, text: str) -> None:
        self._inserted[at] = self._inserted.get(at, "") + text

    def _on_own_lines(self, new: Sequence[NewRemark]) -> None:
        gap, above = new[0].gap, new[0].above
        if gap == len(self._user.tokens) and above is None:
            self._at_the_end(new)
            return
        place = above.start if above is not None else self._top_of(gap)
        at = self._line_above(place)
        if at is None:
            return
        indent = indentation(self._text, at) if above is not None else self._indent(new[0].remark, gap, at)
        lines = self._lines(new, indent)
        before, behind = (0, 0) if above is not None or self._user.gaps[gap] else self._blank_lines(new, gap, at)
        text = self._newline.join(lines) + self._newline
        blank = self._newline
        kept = self._blank_above(at)
        for _ in range(min(behind, kept)):
            at = line_start(self._text, at - 1)
        more_behind = behind - min(behind, kept)
        more_before = max(0, before - (kept - min(behind, kept)))
        self._insert(at, blank * min(more_before, 1) + text + blank * min(more_behind, 1))

    def _top_of(self, gap: int) -> int:
        return self._user.tokens[gap].start if gap else self._symbol.start

    def _line_above(self, place: int) -> int | None:
        """The beginning of the line of `place`, or of the first line above it where a comment may be; None if the
        symbol isn't the first on its line."""
        at = line_start(self._text, place)
        while (outer := self._leaf_around(at)) is not None or self._is_continued(at):
            at = line_start(self._text, outer if outer is not None else at - 1)
        first = line_start(self._text, self._symbol.start)
        return None if at <= first and self._text[first : self._symbol.start].strip() else at

    def _leaf_around(self, at: int) -> int | None:
        """The beginning of the string or text that the line at `at` begins in."""
        return next((each.start for each in self._user.leaves if each.start < at < each.end), None)

    def _is_continued(self, at: int) -> bool:
        above = self._text[:at].rstrip("\r\n")
        return at > 0 and above.endswith("\\") and len(self._text[len(above) : at].replace("\r\n", "\n")) == 1

    def _blank_above(self, at: int) -> int:
        count = 0
        while at > 0 and not self._text[line_start(self._text, at - 1) : at].strip():
            at = line_start(self._text, at - 1)
            count += 1
        return count

    def _blank_lines(self, new: Sequence[NewRemark], gap: int, at: int) -> tuple[int, int]:
        """How many blank lines the draft has above and below these comments."""
        if gap == 0:
            return 0, 0
        text = self._draft.text
        first, last = new[0].remark, new[-1].remark
        begin, end = self._draft.tokens[gap - 1].end, self._draft.tokens[gap].start
        above = [line for line in text[begin : line_start(text, first.start)].split("\n")[1:-1] if not line.strip()]
        below = [line for line in text[last.end : end].split("\n")[1:-1] if not line.strip()]
        return len(above), len(below)

    def _at_the_end(self, new: Sequence[NewRemark]) -> None:
        end = line_end(self._text, self._symbol.end)
        if self._has_code(self._symbol.end, end):
            return
        last, text = self._user.tokens[-1].start, self._draft.text
        same = indentation(text, self._draft.tokens[-1].start) == indentation(text, new[0].remark.start)
        base = indentation(self._text, self._symbol.start)
        indent = indentation(self._text, last) if same else base + self._unit
        self._insert(end, "".join(self._newline + line for line in self._lines(new, indent)))

    def _beside_code(self, new: NewRemark) -> None:
        """Behind the same token: at the end of its line, or inside of it."""
        gap, remark = new.gap, new.remark
        if gap == 0:
            self._on_own_lines([new])
            return
        before = self._user.tokens[gap - 1]
        end = line_end(self._text, before.end)
        if remark.before_code:
            self._between_tokens(new)
        elif remark.is_one_line and not self._has_code(before.end, end) and not self._text[:end].endswith("\\"):
            at = before.end + len(self._text[before.end : end].rstrip())
            if not self._user.gaps[gap] or self._user.gaps[gap][0].start > end:
                self._insert(at, self._space_before(remark) + new.text)
        else:
            self._above_line_of(before.start, new)

    def _between_tokens(self, new: NewRemark) -> None:
        gap, remark = new.gap, new.remark
        if gap == len(self._user.tokens) or not remark.is_one_line:
            return
        before, behind = self._user.tokens[gap - 1], self._user.tokens[gap]
        between = self._text[before.end : behind.start]
        if "\n" in between or "\r" in between:
            self._above_line_of(behind.start, new)
        elif not between.strip():
            draft = self._draft
            space = draft.text[draft.tokens[gap - 1].end : remark.start]
            rest = draft.text[remark.end : draft.tokens[gap].start]
            if not space.strip() and not rest.strip():
                self._replaced.append(Replacement(before.end, behind.start, space + new.text + rest))

    def _above_line_of(self, place: int, new: NewRemark) -> None:
        at = self._line_above(place)
        if at is not None:
            self._insert(at, self._newline.join(self._lines([new], indentation(self._text, at))) + self._newline)

    def _has_code(self, start: int, end: int) -> bool:
        """Whether a token begins in [start, end), apart from those that may be left out."""
        optional = {";", ","}
        return any(
            start <= each.start < end and not each.is_comment and each.text not in optional
            for each in self._user.leaves
        )

    def _space_before(self, remark: Remark) -> str:
        text = self._draft.text
        code = text[line_start(text, remark.start) : remark.start]
        space = code[len(code.rstrip()) :]
        if 0 < len(space) <= _MOST_COLUMNS:
            return space
        return "  " if self._language.doc_style is DocStyle.DOCSTRING else " "

    def _indent(self, remark: Remark, gap: int, at: int) -> str:
        """The indentation of a comment above the line at `at`: like the draft's, next to the same code."""
        text, tokens = self._draft.text, self._draft.tokens
        below = indentation(self._text, at)
        if gap == 0:
            return below
        own, theirs = (indentation(text, place).expandtabs() for place in (remark.start, tokens[gap].start))
        if len(own) <= len(theirs):
            return below
        above = indentation(self._text, self._user.tokens[gap - 1].start)
        if own == indentation(text, tokens[gap - 1].start).expandtabs() and len(above) > len(below):
            return above
        step = len(indent_unit(text).expandtabs()) or 1
        return below + self._unit * max(1, (len(own) - len(theirs)) // step)

    def _lines(self, new: Sequence[NewRemark], indent: str) -> list[str]:
        """The lines of comments that stand on lines of their own, with the blank lines between them."""
        lines: list[str] = []
        last_end: int | None = None
        for each in new:
            text = self._draft.text
            if last_end is not None and text[last_end : each.remark.start].count("\n") > 1:
                lines.append("")
            last_end = each.remark.end
            first, *rest = each.text.split("\n")
            column = len(indentation(text, each.remark.start))
            lines.append(indent + first.rstrip())
            for line in rest:
                white = len(line) - len(line.lstrip(" \t"))
                lines.append((indent + line[min(column, white) :]).rstrip())
        return lines
