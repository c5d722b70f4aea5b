"""Makes the code in the place of a TODO from a model's reply: the rest of the function or class stays untouched."""

import difflib
from textwrap import dedent

from pillion.edits.code import code_replacements, find_drafted, wanted_code
from pillion.edits.companions import declaration_replacements
from pillion.edits.indentation import indent_unit, leading, lines_inside_strings
from pillion.errors import DraftRejectedError
from pillion.syntax.check import first_error
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import parse
from pillion.syntax.nodes import name_of, text_of
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
    written = _indented(code, base, unit, document).replace("\n", newline_of(text))
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
    old, new = _symbols_in(before), _symbols_in(after)
    rest = iter(new)
    if not all(each in rest for each in old) or not _still_around(todo, before, after, written):
        raise DraftRejectedError("it would change what stands around the TODO", code="same_signatures")
    twice = next((each for each in old if new.count(each) > old.count(each)), None)
    if twice is not None:
        raise DraftRejectedError(f"“{twice[0][-1]}” would be there twice", code="same_signatures")


def _still_around(todo: Symbol, before: ParsedText, after: ParsedText, written: str) -> bool:
    """Whether the function or class around the TODO is still one: a brace could have closed it and opened another."""
    if todo.inside is None:
        return True
    node = before.symbols.same_in(after.symbols, todo.inside)
    now = after.symbols.read(node) if node is not None else None
    grown = len(written) - (todo.end - todo.start)
    return now is not None and now.end - now.start == todo.inside.end - todo.inside.start + grown


def _at_its_place(reply: str, todo: Symbol, inside: Symbol, document: ParsedText) -> str:
    """From a draft of the whole function or class: the lines between the line above the TODO and the line below it."""
    changes = code_replacements(reply, inside, document)
    own = [each.moved(-inside.start) for each in changes if inside.start <= each.start and each.end <= inside.end]
    old, new = inside.text.splitlines(), apply_replacements(inside.text, own).splitlines()
    first = inside.text.count("\n", 0, todo.start - inside.start)
    last = first + todo.text.count("\n")
    alone = not document.text[document.text.rfind("\n", 0, todo.start) + 1 : todo.start].strip()
    above = next((row for row in range(first - 1 if alone else first, -1, -1) if old[row].strip()), None)
    below = next((row for row in range(last + 1, len(old)) if old[row].strip()), None)
    same: dict[int, int] = {}
    bare = [line[: line.find(todo.text)].rstrip() if todo.text in line and not alone else line.rstrip() for line in old]
    for block in difflib.SequenceMatcher(
        None, bare, [line.rstrip() for line in new], autojunk=False
    ).get_matching_blocks():
        same |= {block.a + step: block.b + step for step in range(block.size)}
    start = -1 if above is None else same.get(above)
    end = len(new) if below is None else same.get(below)
    if start is None or end is None or start >= end:
        raise DraftRejectedError("it changes what stands around the TODO, and not its place alone", code="todo")
    return "\n".join(
        line for line in new[start + 1 : end] if line.strip() not in {each.strip() for each in todo.text.splitlines()}
    )


def _indented(code: str, base: str, unit: str, document: ParsedText) -> str:
    """`code` at `base`, in the document's steps; the first line without it. Lines inside strings stay as they are."""
    lines = dedent(code.strip("\n").rstrip()).split("\n")
    held = lines_inside_strings(document.language, "\n".join(lines))
    step = indent_unit("\n".join(lines), default=unit)
    moved = []
    for number, line in enumerate(lines):
        if number in held or not line.strip():
            moved.append(line if number in held else "")
            continue
        white = leading(line)
        deep, odd = divmod(len(white), len(step)) if step and set(white) <= set(step[:1]) else (0, 0)
        indent = unit * deep + " " * odd if deep or odd else white
        moved.append((base if number else "") + indent + line[len(white) :])
    return "\n".join(moved)


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


def _symbols_in(parsed: ParsedText) -> list[tuple[tuple[str, ...], str]]:
    symbols = parsed.symbols
    return [((*symbols.path_of(node)[:-1], name_of(node)), symbols.signature_of(node)) for node in symbols.walk()]
