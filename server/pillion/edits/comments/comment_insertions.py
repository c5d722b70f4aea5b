"""Makes replacements from a model's reply to the wish for comments: the reply's new comments go into the user's code.

Nothing else is taken of the reply: so neither its layout nor its code gets into the document, and none of the user's
comments is lost.
"""

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from pillion.edits.code import find_drafted, wanted_code
from pillion.edits.comments.new_remarks import new_remarks
from pillion.edits.comments.remark_places import RemarkPlaces
from pillion.edits.comments.remarks import Remarked, line_end, line_start
from pillion.edits.namesakes import counterpart
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.leaves import Leaf, leaves_of
from pillion.syntax.nodes import name_of
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement

_LONGEST_LINE = 80


def comment_replacements(reply: str, symbol: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    """The insertions that put the reply's new comments into `symbol`; none if it has no new ones.

    Raises:
        DraftRejectedError: the reply has no code, doesn't define the symbol, or has other code.
    """
    users, refused, read = _UsersCode(symbol, document), "", False
    for drafted in _drafts(reply, symbol, document):
        for draft, user in users.matches(drafted):
            if user is None:
                refused = refused or users.change_in(draft)
                continue
            if made := RemarkPlaces(user, draft, symbol, document).replacements(new_remarks(user, draft, document)):
                return made
            read = True
    if read:
        return ()
    if refused:
        raise DraftRejectedError(refused, code="same_tokens")
    raise DraftRejectedError(f"the model's answer doesn't define “{symbol.name}”", code="symbol")


def _drafts(reply: str, symbol: Symbol, document: ParsedText) -> Iterator[ParsedText]:
    """The reply's blocks that define the symbol: one of them may show the code as it was."""
    for code in wanted_code(symbol, document).codes(reply):
        try:
            defined = find_drafted(code, symbol, document)
        except DraftRejectedError:  # which of several it is, its code says
            yield ParsedText.of(document.language, code)
        else:
            if defined is not None:
                yield defined[0]


class _UsersCode:
    """The symbol in the document: as a whole, and without what stands before its definition (decorators, `export`)."""

    def __init__(self, symbol: Symbol, document: ParsedText) -> None:
        self._symbol = symbol
        self._document = document
        node = document.symbols.same_in(document.symbols, symbol)
        leaves = leaves_of(document)
        self._whole = Remarked.of(document, leaves, symbol.start, symbol.end)
        definition = _definition(document, leaves, node) if node is not None else self._whole
        self._definition = replace(definition, gaps=(self._whole.gaps[0], *definition.gaps[1:]))

    def matches(self, drafted: ParsedText) -> Iterator[tuple[Remarked, Remarked | None]]:
        """Each version of the symbol in a draft, the likeliest first, with the user's version that has the same code;
        None if neither has."""
        leaves, likeliest = leaves_of(drafted), self._likeliest(drafted)
        named = [each for each in drafted.symbols.walk() if name_of(each) == self._symbol.name]
        for node in sorted(named, key=lambda each: each != likeliest):
            written = drafted.symbols.read(node)
            draft = Remarked.of(drafted, leaves, written.start, written.end)
            if draft.difference(self._whole) is None:
                yield draft, self._whole
            elif len(draft.tokens) <= len(self._whole.tokens):
                alone = _definition(drafted, leaves, node)
                alone = replace(alone, gaps=(draft.gaps[0], *alone.gaps[1:]))
                same = alone.difference(self._definition) is None
                yield (alone, self._definition) if same else (draft, None)
            else:
                yield draft, None

    def _likeliest(self, drafted: ParsedText) -> Node | None:
        try:
            return counterpart(drafted, self._symbol, self._document)
        except DraftRejectedError:
            return None

    def change_in(self, draft: Remarked) -> str:
        """Why this draft can't be used."""
        return code_change(draft, self._whole, self._symbol.name)


def code_change(draft: Remarked, user: Remarked, name: str) -> str:
    """Why a draft of `name` can't be used: its first line with other code."""
    at = draft.difference(user) or 0
    if at >= len(draft.tokens):
        return f"the model's answer leaves out code of “{name}”, and not only adds comments"
    token = draft.tokens[at]
    line = draft.text[line_start(draft.text, token.start) : line_end(draft.text, token.start)].strip()
    shown = line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"
    return f"it would change the code, and not only its comments: “{shown}”"


def _definition(parsed: ParsedText, leaves: tuple[Leaf, ...], node: Node) -> Remarked:
    start, end = parsed.offsets.to_char(node.start_byte), parsed.offsets.to_char(node.end_byte)
    return Remarked.of(parsed, leaves, start, end)
