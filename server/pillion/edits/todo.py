"""Makes the code in the place of a TODO from a model's reply: the rest of the function or class stays untouched."""

from textwrap import dedent

from pillion.edits.code import code_replacements, find_drafted, wanted_code
from pillion.edits.companions import declaration_replacements
from pillion.edits.indentation import indent_unit, leading, set_in
from pillion.edits.selections.code_around import refuse_changes_around
from pillion.edits.selections.part_between import part_between
from pillion.errors import DraftRejectedError
from pillion.syntax.check import first_error
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import parse
from pillion.syntax.nodes import text_of
from pillion.syntax.symbols import Symbol
from pillion.syntax.todos import is_todo
from pillion.text.replacement import Replacement, apply_replacements, newline_of

_OPENERS = (":", "{", "(", "[", ",")


def todo_replacements(reply: str, todo: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    """The replacement of the TODO's comment by the reply's code, and the imports that this code needs.

    A reply may have this code alone, or the whole function or class: then only the new code at the TODO's place is
    taken.

    Raises:
        DraftRejectedError: the reply has no code, or changes the code around the TODO.
    """
    blocks = [block for block in wanted_code(todo, document).codes(reply) if block.strip()]
    if not blocks:
        raise DraftRejectedError("the model answered without any code", code="empty")
    inside = todo.inside
    imports: tuple[Replacement, ...] = ()
    code = blocks[0]
    if inside is not None and (defined := find_drafted(code, inside, document)) is not None:
        imports = declaration_replacements(*defined, inside, document)
        code = _at_its_place(reply, todo, inside, document)
    return (*imports, replaced_by(code, todo, document))


def replaced_by(code: str, todo: Symbol, document: ParsedText) -> Replacement:
    """The replacement of the TODO's comment by `code`, at its indentation; after a statement, the code goes below."""
    text = document.text
    unit = indent_unit(text, indent_unit(code))
    line_start = text.rfind("\n", 0, todo.start) + 1
    before = text[line_start : todo.start]
    base = leading(before) if before.strip() else before
    if before.rstrip().endswith(_OPENERS):
        below = next((line for line in text[todo.end :].split("\n")[1:] if line.strip()), "")
        base = leading(below) if len(leading(below)) > len(base) else base + unit
    written = set_in(code, base=base, unit=unit, language=document.language).replace("\n", newline_of(text))
    if not before.strip():
        return Replacement(todo.start, todo.end, written)
    return Replacement(todo.start, todo.end, f"{newline_of(text)}{base}{written}")


def check_todo(todo: Symbol, before: ParsedText, after_text: str, written: str) -> None:
    """Checks the edit: it must parse, write something, leave no TODO, and leave everything else as it was.

    Raises:
        DraftRejectedError: one of these doesn't hold.
    """
    after = ParsedText.of(before.language, after_text)
    error, was_broken = first_error(after), first_error(before)
    if error is not None and (was_broken is None or not before.tree.root_node.has_error):
        raise DraftRejectedError(f"it would break the file's syntax ({error})", code="parses")
    comments, code = _said_and_written(written, before)
    if not code or code == ["pass"]:
        raise DraftRejectedError("it writes nothing in the TODO's place", code="no_stub_left")
    if any(is_todo(each) for each in comments):
        raise DraftRejectedError("a TODO would be left in its place", code="no_stub_left")
    refuse_changes_around(todo, before, after, len(written), "the TODO")


def _at_its_place(reply: str, todo: Symbol, inside: Symbol, document: ParsedText) -> str:
    """From a draft of the whole function or class: the code between what stands above the TODO and below it."""
    changes = code_replacements(reply, inside, document)
    own = [each for each in changes if inside.start <= each.start and each.end <= inside.end]
    drafted = ParsedText.of(document.language, apply_replacements(document.text, own))
    ends = inside.end + len(drafted.text) - len(document.text)
    place = (todo.start, todo.end)
    part = part_between(document, (inside.start, inside.end), place, drafted, (inside.start, ends))
    if part is None:
        raise DraftRejectedError("it changes what stands around the TODO, and not its place alone", code="todo")
    said = {each.strip() for each in todo.text.splitlines()}
    return "\n".join(line for line in part.split("\n") if line.strip() not in said)


def _said_and_written(written: str, document: ParsedText) -> tuple[list[str], list[str]]:
    """The comments of the written text, and the words of its code."""
    root = parse(document.language, dedent(written).encode("utf-8", "surrogatepass")).root_node
    comments: list[str] = []
    code: list[str] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type in document.language.comments:
            comments.append(text_of(node))
        elif node.child_count == 0 and text_of(node).strip():
            code.append(text_of(node))
        else:
            stack.extend(node.children)
    return comments, code
