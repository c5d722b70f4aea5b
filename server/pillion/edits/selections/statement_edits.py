"""Makes the replacement of selected statements from a model's reply: everything around them stays as it is.

A reply may have the new statements alone, with lines of the code around them, or the whole function or file. Imports
and functions that stand before the statements come along to where they belong.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import dedent

from tree_sitter import Node

from pillion.edits.code import find_drafted, wanted_code
from pillion.edits.companions import companion_replacements
from pillion.edits.imports.import_places import is_import
from pillion.edits.indentation import indent_unit, leading, set_in
from pillion.edits.members import asks_for_less, is_named
from pillion.edits.reply_code import NO_CODE
from pillion.edits.selections.bare_statements import in_columns, without_repeated
from pillion.edits.selections.exits import ends_too_early
from pillion.edits.selections.file_edits import imports_alone
from pillion.edits.selections.kept_names import declared_anew, lost_name
from pillion.edits.selections.left_out_lines import left_out_line, may_leave_out
from pillion.edits.selections.part_between import part_between
from pillion.edits.selections.said_twice import said_twice
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import name_of, text_of
from pillion.syntax.selection import statements_in
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement, apply_replacements, composed, newline_of, smallest_replacements

# In these, no function stands inside of another one.
_FLAT = frozenset({"go", "java", "c", "cpp"})


# Words after which the code below may never be reached.
_SPEAKS_OF_ENDS = re.compile(
    r"return|raise|throw|stop|exit|abort|end|break|early|skip|disabl|fail|error", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Drafted:
    """New statements. `draft` is the reply in which they stand, if it has the code around them, too; `node` is the
    function or class around them there. Else the imports and functions that stood before them."""

    code: str
    draft: ParsedText | None = None
    node: Node | None = None
    imports: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()


def statement_replacements(reply: str, selected: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    """The smallest replacements that put the reply's statements in place of the selected ones, and the insertions of
    the imports and functions that they need.

    Raises:
        DraftRejectedError: the reply has no code, changes the code around the statements, or has several versions.
    """
    codes = [each for each in wanted_code(selected, document).codes(reply) if each.strip()]
    if not codes:
        raise DraftRejectedError(NO_CODE, code="empty")
    found = [_read(each, selected, document) for each in _versions(codes, selected, document)]
    drafted = _one_of(found, selected, document)
    changes, after = _in_place(drafted.code, selected, document)
    _refuse_repeats(changes, after, selected, document)
    return _with_companions(drafted, changes, selected, document)


def _refuse_repeats(changes: Iterable[Replacement], after: ParsedText, selected: Symbol, document: ParsedText) -> None:
    """Checks that the statements have nothing once more that stands around them.

    Raises:
        DraftRejectedError: they have.
    """
    spans = _spans(selected, changes)
    if (line := said_twice(document, after, *spans)) is not None:
        raise DraftRejectedError(f"it would change more than the selected lines: “{line}”", code="around")
    if (name := declared_anew(document, after, *spans)) is not None:
        raise DraftRejectedError(f"“{name}” would be declared once more", code="around")


def refuse_lost_lines(replacements: Iterable[Replacement], selected: Symbol, document: ParsedText, told: str) -> None:
    """Checks that the new statements are all of the code, and still give what other code reads, if the user's words
    don't ask for less.

    Raises:
        DraftRejectedError: something is missing.
    """
    own = [each for each in replacements if selected.start <= each.start and each.end <= selected.end]
    new = apply_replacements(selected.text, [each.moved(-selected.start) for each in own])
    if not may_leave_out(told) and (line := left_out_line(selected.text, new)) is not None:
        raise DraftRejectedError(f"the answer leaves out lines, the first is “{line}”", code="gone")
    after = ParsedText.of(document.language, apply_replacements(document.text, own))
    if not _SPEAKS_OF_ENDS.search(told) and ends_too_early(document, after, *_spans(selected, own)):
        raise DraftRejectedError("the code below would never be reached", code="around")
    lost = lost_name(document, after, *_spans(selected, own)) if not asks_for_less(told) else None
    if lost is not None and not is_named(lost, told):
        raise DraftRejectedError(f"“{lost}” would be gone, and you didn't ask for that", code="gone")


def _versions(codes: Sequence[str], selected: Symbol, document: ParsedText) -> list[str]:
    """The blocks that may be the new statements, each below the blocks that only import or define something."""
    changed = [each for each in codes if each.split() != selected.text.split()] or list(codes[:1])
    aside = [each for each in changed if _only_declares(each, document)] if len(changed) > 1 else []
    rest = [each for each in changed if each not in aside]
    if not rest:
        return ["\n\n".join(changed)]
    return ["\n".join([*aside, each]) for each in dict.fromkeys(rest)]


def _only_declares(code: str, document: ParsedText) -> bool:
    parsed = ParsedText.of(document.language, dedent(code))
    nodes = [each for each in parsed.tree.root_node.named_children if each.type not in document.language.comments]
    return bool(nodes) and all(is_import(each, parsed) or _is_named(each, parsed) for each in nodes)


def _one_of(found: Sequence[_Drafted], selected: Symbol, document: ParsedText) -> _Drafted:
    """The one that can stand there; an example of a use, for instance, can't.

    Raises:
        DraftRejectedError: there are several.
    """
    different = {" ".join(each.code.split()): each for each in found}
    if len(different) > 1:
        fitting = {code: each for code, each in different.items() if _fits(each, selected, document)}
        different = fitting or different
    if len(different) > 1:
        raise DraftRejectedError("the model gave several versions of the code, and one is wanted", code="versions")
    return next(iter(different.values()))


def _fits(drafted: _Drafted, selected: Symbol, document: ParsedText) -> bool:
    changes, after = _in_place(drafted.code, selected, document)
    return not after.tree.root_node.has_error and lost_name(document, after, *_spans(selected, changes)) is None


def _spans(selected: Symbol, changes: Iterable[Replacement]) -> tuple[tuple[int, int], tuple[int, int]]:
    grown = sum(len(each.new_text) - (each.end - each.start) for each in changes)
    return (selected.start, selected.end), (selected.start, selected.end + grown)


def _in_place(code: str, selected: Symbol, document: ParsedText) -> tuple[tuple[Replacement, ...], ParsedText]:
    """The changes that put the code in the place of the statements, and the document with them."""
    text = document.text
    line_start = text.rfind("\n", 0, selected.start) + 1
    unit = indent_unit(text, indent_unit(code))
    new = set_in(code, base=leading(text[line_start : selected.start]), unit=unit, language=document.language)
    changes = smallest_replacements(selected.text, new.replace("\n", newline_of(text)))
    moved = tuple(each.moved(selected.start) for each in changes)
    return moved, ParsedText.of(document.language, apply_replacements(text, moved))


def _read(code: str, selected: Symbol, document: ParsedText) -> _Drafted:
    """The new statements in a block of the reply.

    Raises:
        DraftRejectedError: the block has the function or file around them, and changes it.
    """
    place, inside = (selected.start, selected.end), selected.inside
    defined = find_drafted(code, inside, document) if inside is not None else None
    if inside is not None and defined is not None:
        draft, node = defined
        written = draft.symbols.read(node)
        around, drafted = (inside.definition_start, inside.end), (written.definition_start, written.end)
        part = part_between(document, around, place, draft, drafted)
        if part is None:
            reason = f"it would change more of “{inside.name}” than the selected lines"
            raise DraftRejectedError(reason, code="around")
        return _Drafted(in_columns(part, document), draft, node)
    if inside is None and (part := _of_whole_file(code, selected, document)) is not None:
        return _Drafted(in_columns(part, document), ParsedText.of(document.language, code))
    return _without_declarations(without_repeated(in_columns(code, document), selected, document), selected, document)


def _of_whole_file(code: str, selected: Symbol, document: ParsedText) -> str | None:
    """The part of a reply that repeats the whole file around the statements."""
    outside = document.text[: selected.start] + document.text[selected.end :]
    draft = ParsedText.of(document.language, code)
    if not outside.strip():
        return None
    whole = (0, len(document.text))
    return part_between(document, whole, (selected.start, selected.end), draft, (0, len(code)))


def _without_declarations(code: str, selected: Symbol, document: ParsedText) -> _Drafted:
    """The statements without the imports before them, and without functions that belong elsewhere."""
    parsed, old = ParsedText.of(document.language, code), statements_in(document, selected.start, selected.end)
    if any(is_import(each, document) for each in old):
        return _Drafted(code)
    nodes = parsed.tree.root_node.named_children
    imports = [each for each in nodes if is_import(each, parsed) or each.type == "preproc_include"]
    helpers = [each for each in nodes if each not in imports and _belongs_elsewhere(each, parsed, selected, document)]
    if len(imports) + len(helpers) >= len([each for each in nodes if each.type not in document.language.comments]):
        return _Drafted(code)
    data = parsed.offsets.data
    kept, at = b"", 0
    for each in sorted([*imports, *helpers], key=lambda node: node.start_byte):
        kept, at = kept + data[at : each.start_byte], each.end_byte
        if data[at : at + 1] == b";":
            at += 1
    rest = (kept + data[at:]).decode("utf-8", "surrogatepass")
    written = tuple(text_of(each).rstrip() for each in imports), tuple(text_of(each) for each in helpers)
    return _Drafted(dedent(rest.strip("\n")).rstrip(), None, None, *written)


def _belongs_elsewhere(node: Node, parsed: ParsedText, selected: Symbol, document: ParsedText) -> bool:
    """Whether a node is a function that the statements in a function use, and that uses none of its variables."""
    if selected.inside is None or not _is_named(node, parsed) or _name(node, parsed) in selected.text:
        return False
    if document.language.id in _FLAT:
        return True
    scopes = parsed.names
    others = [each for each in parsed.tree.root_node.named_children if each != node and not _is_named(each, parsed)]
    local = {name for each in others for name in scopes.bound_in(each.start_byte, each.end_byte)}
    byte, users = document.offsets.to_byte, document.names
    start, end = byte(selected.inside.start), byte(selected.inside.end)
    inside = [each for each in users.bindings if start <= each.node.start_byte < end]
    local |= {each.name for each in inside if each.scope is not users.top}
    return not scopes.free_in(node.start_byte, node.end_byte) & local


def _is_named(node: Node, parsed: ParsedText) -> bool:
    return bool(_name(node, parsed))


def _name(node: Node, parsed: ParsedText) -> str:
    found = parsed.symbols.enclosing_node(node)
    return name_of(found) if found is not None else ""


def _with_companions(
    drafted: _Drafted, changes: tuple[Replacement, ...], selected: Symbol, document: ParsedText
) -> tuple[Replacement, ...]:
    """The changes, and what the new statements need elsewhere."""
    draft, node, inside = drafted.draft, drafted.node, selected.inside
    if draft is None:
        if not drafted.imports and not drafted.helpers:
            return changes
        after = apply_replacements(document.text, changes).replace("\r\n", "\n")
        draft = ParsedText.of(document.language, "\n".join([*drafted.imports, after, *drafted.helpers]))
        node = document.symbols.same_in(draft.symbols, inside) if inside is not None else None
    if node is None or inside is None:
        now = ParsedText.of(document.language, apply_replacements(document.text, changes))
        return composed(changes, imports_alone(draft, now))
    more = companion_replacements(draft, node, text_of(node), inside, document)
    apart = [each for each in more if each.end <= selected.start or selected.end <= each.start]
    return tuple(sorted((*changes, *apart)))
