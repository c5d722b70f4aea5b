"""Makes insertions of a reply's new comments into what is selected: statements, several symbols, the whole file."""

from collections.abc import Iterable, Iterator

from pillion.edits.code import wanted_code
from pillion.edits.comments.comment_insertions import code_change, comment_replacements
from pillion.edits.comments.new_remarks import new_remarks
from pillion.edits.comments.remark_places import RemarkPlaces
from pillion.edits.comments.remarks import Remarked, line_start
from pillion.edits.reply_code import NO_CODE
from pillion.edits.selections.bare_statements import in_columns, without_repeated
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.leaves import leaves_of
from pillion.syntax.symbols import FILE, STATEMENTS, Symbol
from pillion.text.replacement import Replacement


def selection_comments(reply: str, selected: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    """The insertions that put the reply's new comments into what is selected; none if it has no new ones.

    Raises:
        DraftRejectedError: the reply has no code, or has other code.
    """
    if selected.kind == STATEMENTS:
        return _in_statements(reply, selected, document)
    if selected.kind != FILE:
        return _in_parts(reply, selected.parts, document)
    user = Remarked.of(document, leaves_of(document), 0, len(document.text))
    for draft in _drafts(wanted_code(selected, document).codes(reply), document):
        if draft.difference(user) is None:
            return RemarkPlaces(user, draft, selected, document).replacements(new_remarks(user, draft, document))
    return _in_parts(reply, document.symbols.inside(0, len(document.text)), document)


def _in_statements(reply: str, selected: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    user = Remarked.of(document, leaves_of(document), selected.start, selected.end)
    codes = [in_columns(each, document) for each in wanted_code(selected, document).codes(reply)]
    drafts = list(_drafts(codes, document))
    if not drafts:
        raise DraftRejectedError(NO_CODE, code="empty")
    try:
        return _of_all_around(reply, selected, document)
    except DraftRejectedError as exc:
        if exc.code != "symbol":
            raise
    shorter = [without_repeated(each, selected, document) for each in codes]
    for draft in (*drafts, *_drafts(shorter, document)):
        if draft.difference(user) is None:
            return RemarkPlaces(user, draft, selected, document).replacements(new_remarks(user, draft, document))
    raise DraftRejectedError(code_change(drafts[0], user, selected.name), code="same_tokens")


def _of_all_around(reply: str, selected: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    """The comments for the statements in a reply that has the function or the file around them."""
    if selected.inside is not None:
        made = comment_replacements(reply, selected.inside, document)
    else:
        made = _in_parts(reply, (), document)
    start = line_start(document.text, selected.start)
    return tuple(each for each in made if start <= each.start and each.end <= selected.end)


def _in_parts(reply: str, parts: Iterable[Symbol], document: ParsedText) -> tuple[Replacement, ...]:
    """The comments for each of these symbols that the reply has.

    Raises:
        DraftRejectedError: it has none of them, or other code.
    """
    made: tuple[Replacement, ...] = ()
    refusal: DraftRejectedError | None = None
    found = False
    for each in parts:
        try:
            more = comment_replacements(reply, each, document)
        except DraftRejectedError as exc:
            if exc.code != "symbol":
                raise
            refusal = refusal or exc
        else:
            found, made = True, tuple(sorted((*made, *more)))
    if not found:
        raise refusal or DraftRejectedError("the model's answer has none of the selected code", code="symbol")
    return made


def _drafts(codes: Iterable[str], document: ParsedText) -> Iterator[Remarked]:
    for code in dict.fromkeys(codes):
        if code.strip():
            parsed = ParsedText.of(document.language, code)
            yield Remarked.of(parsed, leaves_of(parsed), 0, len(code))
