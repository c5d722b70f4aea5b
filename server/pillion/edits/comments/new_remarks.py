"""Which comments of a draft are new, and worth having: the user's own stay as they are, and nothing is said twice."""

import re
from collections import Counter
from dataclasses import dataclass

from tree_sitter import Node

from pillion.edits.comments.remarks import Remark, Remarked
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle

# What these say is meant for programs: a compiler, a linter, a formatter.
_DIRECTIVE = re.compile(
    r"(?:go:\w|export \w|noqa\b|type:\s|pragma\b|nolint|nosec\b|nosonar|!|-\*-|@ts-|@flow|@jsx|#\s*source|"
    r"(?:pylint|pyright|mypy|ruff|flake8|isort|yapf|fmt|coverage|rustfmt|clippy)\s*:|"
    r"(?:eslint|tslint|jshint|oxlint|prettier|biome|istanbul|c8|v8|clang-format)[- ]|(?:end)?region\b|line \d)",
    re.IGNORECASE,
)
_ELLIPSIS = ("...", "…")
# Above their code, models name its file or its language, and announce it.
_ANNOUNCEMENT = re.compile(r"[\w./\\+-]+\.\w{1,5}|[\w+#]+|.*:", re.DOTALL)
_LONGEST_ANNOUNCEMENT = 80


@dataclass(frozen=True, slots=True)
class NewRemark:
    """A comment to put into a gap between the user's tokens. `above`: the user's comment that it belongs above; or
    `instead`: the user's comment that it repeats and goes on with."""

    gap: int
    remark: Remark
    text: str
    above: Remark | None = None
    instead: Remark | None = None


def new_remarks(user: Remarked, draft: Remarked, document: ParsedText) -> list[NewRemark]:
    """The draft's new comments, in order."""
    users, drafts = (Counter(each.words for each in side.remarks) for side in (user, draft))
    lost = users - drafts
    left = Counter(users)
    found: list[NewRemark] = []
    for gap, remarks in enumerate(draft.gaps):
        theirs = user.gaps[gap]
        above: Remark | None = None
        for remark in reversed(remarks):
            words = remark.words
            if left[words] > 0:
                left[words] -= 1
                above = next((each for each in theirs if each.words == words and each.own_line), above)
            elif _is_for_people(words) and not (gap == 0 and _announces(words)):
                text = _plain_text(remark, gap, user, document)
                same_place = [each for each in theirs if each.own_line == remark.own_line and lost[each.words] > 0]
                if not same_place:
                    found.append(NewRemark(gap, remark, text, above))
                elif len(same_place) == 1 and _goes_on(same_place[0], remark):
                    found.append(NewRemark(gap, remark, text, instead=same_place[0]))
    return sorted(found, key=lambda each: each.remark.start)


def _is_for_people(words: str) -> bool:
    return not _DIRECTIVE.match(words) and not words.startswith(_ELLIPSIS)


def _announces(words: str) -> bool:
    return len(words) <= _LONGEST_ANNOUNCEMENT and _ANNOUNCEMENT.fullmatch(words) is not None


def _goes_on(old: Remark, new: Remark) -> bool:
    """Whether a new comment says all that the user's says, and more."""
    return len(old.words) > 3 and old.words in new.words and _is_for_people(old.words) and old.is_one_line


def _plain_text(remark: Remark, gap: int, user: Remarked, document: ParsedText) -> str:
    """The comment as it may stand there: Rust's compiler wants no documentation between statements."""
    if (
        document.language.doc_style is not DocStyle.SLASHES_3
        or not gap
        or not _is_between_statements(gap, user, document)
    ):
        return remark.text
    return re.sub(r"^(//[/!]|/\*[*!])(?!/)", lambda found: found[0][:2], remark.text)


def _is_between_statements(gap: int, user: Remarked, document: ParsedText) -> bool:
    at = user.tokens[min(gap, len(user.tokens) - 1)].start
    byte = document.offsets.to_byte(at)
    node: Node | None = document.tree.root_node.descendant_for_byte_range(byte, byte)
    while node is not None and node.type not in {"block", "impl_item", "trait_item", "mod_item"}:
        node = node.parent
    return node is not None and node.type == "block"
