"""From a draft of a whole function or file, the part that stands in the place of some of its code.

Everything around that place has to be the same in the draft, apart from layout, comments and docstrings.
"""

from pillion.edits.comments.remarks import Remarked, line_end, line_start, same_token, words_of
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle
from pillion.syntax.leaves import Leaf, leaves_of

Range = tuple[int, int]


def part_between(old: ParsedText, around: Range, place: Range, new: ParsedText, drafted: Range) -> str | None:
    """The text of `new` that stands where `place` is in `old`; see range_between. Comments at its ends that `old` has
    beside the place are none of it."""
    found = range_between(old, around, place, new, drafted)
    if found is None:
        return None
    known = _comments_beside(old, around, place)
    return _without_known(new.text[found[0] : found[1]], *known, new)


def range_between(old: ParsedText, around: Range, place: Range, new: ParsedText, drafted: Range) -> Range | None:
    """[start, end) of what stands in `new` where `place` is in `old`, in whole lines if nothing else is on them; None
    if the code around it has changed. `around` is the whole function or file in `old`, `drafted` in `new`."""
    tokens, written = _tokens(old, around), _tokens(new, drafted)
    above = [each for each in tokens if each.end <= place[0]]
    below = [each for each in tokens if each.start >= place[1]]
    if len(written) < len(above) + len(below):
        return None
    head, tail = written[: len(above)], written[len(written) - len(below) :]
    if not _same(above, head) or not _same(below, tail):
        return None
    start = _behind_docstring(head[-1].end if head else drafted[0], old, place, new, drafted)
    end = tail[0].start if tail else drafted[1]
    text = new.text
    if head:
        if new.language.doc_style is DocStyle.JSDOC and text[start:end].lstrip().startswith(";"):
            start = text.index(";", start) + 1
        rest = text[start : min(line_end(text, start), end)]
        if "\n" in text[start:end] and (not rest.strip() or _is_comment(rest, new)):
            start = line_end(text, start) + 1
    if tail and not text[max(line_start(text, end), start) : end].strip():
        end = max(line_start(text, end), start)
    return start, end


def _comments_beside(old: ParsedText, around: Range, place: Range) -> tuple[str, str]:
    """The text between the code and the place, above and below it."""
    tokens = _tokens(old, around)
    above = max((each.end for each in tokens if each.end <= place[0]), default=around[0])
    below = min((each.start for each in tokens if each.start >= place[1]), default=around[1])
    return old.text[above : place[0]], old.text[place[1] : below]


def _tokens(parsed: ParsedText, span: Range) -> tuple[Leaf, ...]:
    return Remarked.of(parsed, leaves_of(parsed), *span).tokens


def _behind_docstring(start: int, old: ParsedText, place: Range, new: ParsedText, drafted: Range) -> int:
    """The end of the docstring at `start`, if it is none of the place's."""
    if any(each.in_docstring and place[0] <= each.start < place[1] for each in leaves_of(old)):
        return start
    first = next((each for each in leaves_of(new) if start <= each.start < drafted[1] and not each.is_comment), None)
    return first.end if first is not None and first.in_docstring else start


def _same(one: list[Leaf], other: tuple[Leaf, ...]) -> bool:
    return all(same_token(mine.text, theirs.text) for mine, theirs in zip(one, other, strict=True))


def _is_comment(line: str, parsed: ParsedText) -> bool:
    leaves = leaves_of(ParsedText.of(parsed.language, line.strip()))
    return bool(leaves) and all(each.is_comment for each in leaves)


def _without_known(part: str, above: str, below: str, parsed: ParsedText) -> str:
    """The part without the comments at its ends that stand beside the place in the user's code."""
    lines = part.split("\n")
    while lines and (not lines[0].strip() or _says(lines[0], above, parsed)):
        del lines[0]
    while lines and (not lines[-1].strip() or _says(lines[-1], below, parsed)):
        del lines[-1]
    return "\n".join(lines)


def _says(line: str, known: str, parsed: ParsedText) -> bool:
    said = {words_of(each.strip()) for each in known.split("\n")}
    return _is_comment(line, parsed) and words_of(line.strip()) in said
