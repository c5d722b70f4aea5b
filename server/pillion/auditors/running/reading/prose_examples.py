"""Examples in one line of prose or code: `f(2) == 4`, `f(2) -> 4`, “f(2) returns 4”, `f(2)  # 4`, “f(-1) raises
ValueError”. A line is read only if all of it fits: what stands before, between and behind call and value.
"""

import re
from dataclasses import dataclass
from itertools import islice

from pillion.auditors.running.reading.notation import MOST_CHARACTERS, Notation, bracket_end, chain_end, value_end
from pillion.auditors.running.reading.written_example import Callee, Form, WrittenExample

# What may stand before the call, from the line's beginning or the sentence's.
_BEFORE = re.compile(
    r"""(?:.*?(?:[.:;!?]|\s[-–—])\s+)?            # a sentence before it
    [\s>|$*+•-]*(?:\d+[.)]\s+)?                    # the line's own marks
    (?:(?:for\s+)?(?:an?\s+)?(?:examples?|instance|ex|sample|usage|case|test(?:\s+case)?|e\.?g\.?|i\.e\.?|expected)
       \s*\d*\s*[:,.]?\s*)?
    (?:(?:assert|for|so(?:\s+that)?|such\s+that|that|then|thus|calling|call|make|makes|ensure|because|and|where)\s+)?
    [`"“(]*""",
    re.VERBOSE | re.IGNORECASE,
)
# A sentence with one of these may say what isn't, or what isn't wanted, or not always.
_HEDGE = re.compile(
    r"""\b(?:if|when|whenever|unless|until|while|wrong(?:ly)?|bugs?|buggy|not|never|instead|incorrect(?:ly)?|currently|before
    |old|fails?|failing|broken|breaks?|used\s+to|might|may|could|can|would|except|suppose|assum\w+|contrary|avoid|bad
    |mistake\w*|mistakenly|actual(?:ly)?|unlike|versus|vs|previously|formerly|today|now|got|getting|seems?|complains?
    |about|approx\w*|approximately|roughly|around|nearly|almost|some|maybe|perhaps|probably|usually|often|sometimes
    |random(?:ly)?|depend\w*|varies|machine|or|either|hopefully|mod|base|was|were|didn|doesn|isn|don|won|pseudo\w*)\b
    |n't|[≈~±]|\bat\s+(?:least|most)\b""",
    re.VERBOSE | re.IGNORECASE,
)
# The same behind the value, where an explanation may stand.
_VAGUE = re.compile(
    r"\b(?:about|approx\w*|roughly|around|nearly|almost|maybe|perhaps|probably|usually|often|sometimes|random(?:ly)?"
    r"|depend\w*|varies|machine|or|mod|base|wrong|bug|but|instead|actual(?:ly)?|currently)\b|[≈~±]",
    re.IGNORECASE,
)
_LONGEST_LINE = 400
_MOST_STARTS = 300
_SHOULD = r"(?:should(?:\s+now)?|must|shall|ought\s+to|(?:is|are)\s+(?:expected|supposed)\s+to)"
_WISH = re.compile(
    rf"\s*,?\s*{_SHOULD}\s+(?:be|return|give|yield|equal|produce|output|evaluate\s+to|result\s+in)\b\s*:?\s*",
    re.IGNORECASE,
)
_EQUALS = re.compile(r"\s*={2,3}(?!>)\s*")
_ARROW = re.compile(r"\s*(?:=+>|-+>|→|➞|⟶|⇒|➔|↦|⟹)\s*")
_WORDS = re.compile(
    r"\s+(?:will\s+)?(?:returns?|gives?|yields?|evaluates?\s+to|results?\s+in|produces?|outputs?|is|equals?|becomes?)\b:?\s+"
    r"|\s*(?<![=!<>])=(?![=>])\s*",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\s*(?:#|//)\s*(?:(?:=+>|-+>|→|➞|⇒|==?)\s*|(?:returns?|result|output|gives|prints?|expected|value)\s*:?\s*)?",
    re.IGNORECASE,
)
_NOTED_RAISE = r"(?:\s*(?:#|//)\s*|\s+|\s*(?:=+>|-+>|→|➞|⇒)\s*)"
_RAISES = re.compile(
    rf"{_NOTED_RAISE}(?:(?P<wish>{_SHOULD})\s+)?(?:will\s+)?(?:raises?|throws?)\s*:?\s+(?:an?\s+|the\s+)?`?(?P<kind>[A-Za-z_]\w*)",
    re.IGNORECASE,
)
_ARROW_RAISES = re.compile(r"\s*(?:=+>|-+>|→|➞|⇒)\s*`?(?P<kind>[A-Z]\w*(?:Error|Exception))\b")
_FILLER = re.compile(
    r"(?:the\s+)?(?:value|result|string|list|number|tuple|set|dict(?:ionary)?|array)\s+(?:of\s+)?", re.IGNORECASE
)
# What may stand behind the value.
_AFTER = re.compile(
    r"[`\"”)]*\s*(?:$|[.,;](?:\s|$)|\#|//|\((?=[a-zA-Z\"'])|[–—]|-\s+[A-Za-z]{3}|(?:because|since|as)\b)", re.IGNORECASE
)
_INSTEAD = re.compile(r"[`\"”)]*\s*,?\s*(?:instead\s+of|rather\s+than|and\s+not|not)\b", re.IGNORECASE)
_AND_MORE = re.compile(r"[`\"”)]*\s*(?:,\s*)?(?:and|but|;|,)\s+[`\"“(]*(?=[A-Za-z_$])", re.IGNORECASE)
_START = re.compile(r"(?<![\w.$\])'\"])(?:new\s+)?[A-Za-z_$][\w$]*(?=[.(])")


@dataclass(frozen=True, slots=True)
class _Value:
    source: str
    end: int
    form: Form
    raises: bool = False
    is_wish: bool = False
    is_equation: bool = False


def prose_in(text: str, callee: Callee, notation: Notation) -> list[WrittenExample]:
    """The examples of a text, in their order."""
    found: list[WrittenExample] = []
    defined = _is_defined_by_equations(text, callee, notation)
    at = start = 0
    for _ in range(_MOST_STARTS):
        match = _START.search(text, at)
        if match is None:
            break
        at = match.end()
        end = chain_end(text, match.start())
        if end is None or not re.search(rf"\b{re.escape(callee.name)}\s*\(", text[match.start() : end]):
            if end is None or callee.name not in text[match.start() : end]:
                continue
            at = end
            continue
        line_start = max(text.rfind("\n", 0, match.start()) + 1, start)
        call, is_printed = _without_printer(text[match.start() : end], notation)
        read = _value_at(text, end, callee, notation)
        if read is None or not notation.is_call(call, callee) or (read.is_equation and defined):
            at = end
            continue
        line_end = text.find("\n", read.end)
        line_end = len(text) if line_end < 0 else line_end
        if not _fits(
            text[line_start : match.start()], text[read.end : line_end], read, line_start == start and start > 0
        ):
            at = end
            continue
        if _is_about_mistakes(text, match.start()):
            at = end
            continue
        quote = " ".join(text[match.start() : read.end].split())
        options = frozenset({"printed"}) if is_printed else frozenset[str]()
        found.append(
            WrittenExample(
                call,
                "" if read.raises else read.source,
                read.source if read.raises else "",
                options=options,
                quote=quote,
                form=read.form,
                is_wish=read.is_wish,
            )
        )
        at = read.end
        more = _AND_MORE.match(text, read.end)
        start = more.end() if more is not None else 0
        start = start if more is not None and "\n" not in text[read.end : more.end()] else 0
    return found


def _is_defined_by_equations(text: str, callee: Callee, notation: Notation) -> bool:
    """Whether a text defines a sequence as mathematics does: `tri(n) = 1 + n / 2`. Then `=` says nothing of code."""
    named = re.finditer(rf"\b{re.escape(callee.name)}(?=\()", text)
    for match in islice(named, _MOST_STARTS):
        end = bracket_end(text, match.end())
        is_defined = end is not None and re.match(r"\s*=(?!=)", text[end : end + 20]) is not None
        if is_defined and not notation.is_call(text[match.start() : end], callee):
            return True
    return False


def _without_printer(chain: str, notation: Notation) -> tuple[str, bool]:
    """`print(f(2))` shows what `f(2)` returns."""
    opened = f"{notation.printer}("
    if chain.startswith(opened) and bracket_end(chain, len(opened) - 1) == len(chain):
        return chain[len(opened) : -1].strip(), True
    return chain, False


def _value_at(text: str, end: int, callee: Callee, notation: Notation) -> _Value | None:
    """The value or exception that a text says behind a call."""
    at = end + 1 if text[end : end + 1] == "`" else end
    for pattern in (_RAISES, _ARROW_RAISES):
        raised = pattern.match(text, at)
        if raised is not None and "\n" not in raised[0]:
            kind = notation.exception(raised["kind"], callee)
            if kind is not None:
                return _Value(kind, raised.end(), Form.PROSE, raises=True, is_wish=bool(raised.groupdict().get("wish")))
    for pattern, form in (
        (_WISH, Form.PROSE), (_EQUALS, Form.PROSE), (_ARROW, Form.PROSE), (_WORDS, Form.PROSE), (_NOTE, Form.PROSE)
    ):  # fmt: skip
        said = pattern.match(text, at)
        if said is None or "\n" in said[0]:
            continue
        start = said.end()
        if pattern in (_WORDS, _WISH) and (filler := _FILLER.match(text, start)) is not None:
            start = filler.end()
        start += text[start : start + 1] == "`"
        stop = value_end(text, start)
        if stop is None or stop - start > MOST_CHARACTERS:
            continue
        source = notation.value(text[start:stop], callee)
        if source is not None:
            return _Value(source, stop, form, is_wish=pattern is _WISH, is_equation=said[0].strip() == "=")
    return None


def _fits(before: str, after: str, read: _Value, goes_on: bool) -> bool:
    """Whether the line's rest lets the example stand for itself."""
    if len(before) > _LONGEST_LINE or len(after) > _LONGEST_LINE:
        return False
    if not goes_on and (_BEFORE.fullmatch(before) is None or _HEDGE.search(_sentence(before)) is not None):
        return False
    if read.is_wish and _INSTEAD.match(after) is not None:
        return True
    ends = _AFTER.match(after)
    more = _AND_MORE.match(after)
    if ends is None and (more is None or chain_end(after, more.end()) is None):
        return False
    # `3, 1` is a tuple without its brackets.
    if after[:1] in ",;" and (rest := after[1:].lstrip()) and rest[:1] in "0123456789-+'\"[({":
        return False
    tail = after if more is None or chain_end(after, more.end()) is None else ""
    return _VAGUE.search(tail) is None


def _sentence(before: str) -> str:
    """What stands before the call in its own sentence: “Wrong: ” belongs to it."""
    return re.split(r"[.!?]\s+(?=[A-Z`])", before)[-1]


_HEADING = re.compile(r"[^\n]*:[ \t`\w]*$")


def _is_about_mistakes(text: str, start: int) -> bool:
    """Whether the line above that ends with a colon says that what follows is wrong, or only sometimes so."""
    above = text[:start].split("\n")[:-1]
    for line in reversed(above[-12:]):
        if line.rstrip().endswith(":"):
            return _HEDGE.search(re.sub(r"\b(?:can|when|may|some|about)\b", "", line)) is not None
        if not line.strip():
            return False
    return False
