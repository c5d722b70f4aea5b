"""The user's own header and docstring around a drafted body: what the action wasn't told to change."""

import re

from tree_sitter import Node

from pillion.edits.header_fit import misfit
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language
from pillion.syntax.nodes import body_of, is_lone_string, name_of, text_of
from pillion.syntax.symbols import Symbol

_GAP = re.compile(r"[ \t]*\r?\n((?:[ \t]*\r?\n)*)")
_NO_GAP = re.compile(r"\n[ \t]*[^\s]")
_MEMBER = re.compile(r"\n[ \t]*(?:@|(?:async[ \t]+)?def\b|class\b)")
_ARROW = "=>"
_BLOCKS = frozenset({"statement_block"})


def locate(text: str, symbol: Symbol, language: Language) -> tuple[ParsedText, Node] | None:
    """`text`, which is a version of `symbol` alone, parsed, and the symbol's node in it.

    JavaScript's methods and Java's constructors need a class around them, and a JavaScript constant needs `const`.
    """
    for head, tail in (("", ""), *([language.around[symbol.kind]] if symbol.kind in language.around else [])):
        parsed = ParsedText.of(language, f"{head}{text}{tail}")
        named = [node for node in parsed.symbols.walk() if name_of(node) == symbol.name]
        like = [node for node in named if parsed.symbols.read(node).callable == symbol.callable]
        if like or named:
            return parsed, (like or named)[0]
    return None


def refuse_misfit(drafted: ParsedText, node: Node, symbol: Symbol, document: ParsedText) -> None:
    """Checks that the drafted body can stand below the user's header.

    Raises:
        DraftRejectedError: it was written for another header.
    """
    users = document.symbols.same_in(document.symbols, symbol)
    if users is None or not symbol.callable or not drafted.symbols.read(node).takes_the_same(symbol):
        return
    if (reason := misfit(node, users, document.language)) is not None:
        raise DraftRejectedError(
            f"the signature of “{symbol.name}” would change, and it has to stay: {reason}", code="same_signatures"
        )


def with_header(text: str, start: int, symbol: Symbol, document: ParsedText, base: str, unit: str) -> str:
    """`text`, a version of `symbol`, but with the user's text from `start` to the body and behind the body.

    If the parameters have other names, the body needs its own header, and the invariants judge that.
    """
    found, users = locate(text, symbol, document.language), document.symbols.same_in(document.symbols, symbol)
    if found is None or users is None:
        return text
    parsed, node = found
    written, body, own = parsed.symbols.read(node), body_of(node), body_of(users)
    if body is None or own is None or not written.takes_the_same(symbol) or written.body_start < written.header_end:
        return text
    between = parsed.text[written.header_end : written.body_start]
    drafted = _with_receiver(body, node, users)
    if own.type in _BLOCKS and body.type not in _BLOCKS and _ARROW not in document.text[start : symbol.header_end]:
        drafted = f"{{\n{base}{unit}return {drafted};\n{base}}}"
    if bindings := _bound_again(node, users):
        drafted = drafted.replace("{", "{" + "".join(f"\n{base}{unit}{each}" for each in bindings), 1)
    ends = document.offsets.to_char(own.end_byte)
    return document.text[start : symbol.header_end] + between + drafted + document.text[ends : symbol.end]


def _with_receiver(body: Node, node: Node, users: Node) -> str:
    """The body's text; Go: with the user's name of the receiver.

    Raises:
        DraftRejectedError: that name has another meaning in the body.
    """
    theirs, ours = _receiver(node), _receiver(users)
    if not theirs or theirs == ours:
        return text_of(body)
    variables = [each for each in _leaves(body) if each.type == "identifier" and not _is_key(each)]
    named = [each for each in variables if text_of(each) == theirs]
    if named and (not ours or any(text_of(each) == ours for each in variables)):
        raise DraftRejectedError(
            f"the signature of “{name_of(users)}” would change, and it has to stay: the receiver is “{theirs}” now",
            code="same_signatures",
        )
    text, done, parts = body.text or b"", 0, []
    for each in named:
        at = each.start_byte - body.start_byte
        parts += [text[done:at], ours.encode()]
        done = each.end_byte - body.start_byte
    return b"".join([*parts, text[done:]]).decode("utf-8", "surrogatepass")


def _receiver(node: Node) -> str:
    """The name of Go's receiver, or nothing."""
    listed = node.child_by_field_name("receiver")
    named = (
        listed.named_children[0].child_by_field_name("name") if listed is not None and listed.named_children else None
    )
    return text_of(named) if named is not None else ""


def _leaves(node: Node) -> list[Node]:
    """In the order of the text."""
    found, stack = [], [node]
    while stack:
        each = stack.pop()
        stack.extend(reversed(each.children))
        if not each.child_count:
            found.append(each)
    return found


def _is_key(identifier: Node) -> bool:
    """Whether it is a field's name in a literal: `a` in `T{a: b}`."""
    element = identifier.parent
    outer = element.parent if element is not None and element.type == "literal_element" else None
    return outer is not None and outer.type == "keyed_element" and outer.child_by_field_name("key") == element


def _bound_again(node: Node, users: Node) -> list[str]:
    """Rust: the statements that make those parameters mutable that are so only in the draft's header."""
    fixed = _parameters_with_mut(node) - _parameters_with_mut(users)
    return [f"let mut {each} = {each};" for each in sorted(fixed)]


def _parameters_with_mut(node: Node) -> set[str]:
    listed = node.child_by_field_name("parameters")
    each_of = listed.named_children if listed is not None else []
    mutable = [each for each in each_of if each.type == "parameter" and each.children[0].type == "mutable_specifier"]
    return {text_of(pattern) for each in mutable if (pattern := each.child_by_field_name("pattern")) is not None}


def with_docstring(text: str, symbol: Symbol, language: Language, indent: str) -> str:
    """Python: `text`, a version of `symbol`, but with the user's docstring. It is the user's word on what the code
    should do; models must not change it. `indent` is that of the body."""
    found = locate(text, symbol, language)
    if symbol.docstring is None or found is None:
        return text
    parsed, node = found
    theirs = parsed.symbols.docstring_node(node)
    if theirs is None:
        return with_missing_docstring(text, symbol, language, indent)
    last = theirs
    # A model that documents the code although it is documented.
    while (below := last.next_named_sibling) is not None and _is_new_string(below, symbol):
        last = below
    start, end = parsed.offsets.to_char(theirs.start_byte), parsed.offsets.to_char(last.end_byte)
    return text[:start] + symbol.docstring + _below_docstring(text[end:], symbol)


def with_missing_docstring(text: str, symbol: Symbol, language: Language, indent: str) -> str:
    """Python: `text`, a version of `symbol`, with the user's docstring if it has none of its own."""
    found = locate(text, symbol, language)
    if symbol.docstring is None or found is None or found[0].symbols.docstring_node(found[1]) is not None:
        return text
    written = found[0].symbols.read(found[1])
    behind = text[written.header_end :]
    if not behind.partition("\n")[0].strip():
        return text[: written.header_end] + f"\n{indent}{symbol.docstring}" + _below_docstring(behind, symbol)
    if behind.lstrip(" \t").startswith("#"):
        comment, _, below = behind.partition("\n")
        header = text[: written.header_end] + comment
        return f"{header}\n{indent}{symbol.docstring}" + _below_docstring(f"\n{below}", symbol)
    # The body stands on the header's line.
    header, body = text[: written.body_start].rstrip(), text[written.body_start :]
    return f"{header}\n{indent}{symbol.docstring}\n{indent}{body}"


def _is_new_string(statement: Node, symbol: Symbol) -> bool:
    return is_lone_string(statement) and text_of(statement) not in symbol.text


def _below_docstring(rest: str, symbol: Symbol) -> str:
    """The text below a docstring, as far from it as in the user's code; a class's members don't follow directly."""
    if _NO_GAP.match(rest) is None:
        return rest
    _, _, users = symbol.text.partition(symbol.docstring or "")
    gap = _GAP.match(users)
    lines = gap[1].count("\n") if gap is not None else 0
    if symbol.kind == "class" and _MEMBER.match(rest) is not None and _MEMBER.match(users) is None:
        lines = max(lines, 1)
    return "\n" * lines + rest
