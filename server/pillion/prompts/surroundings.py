"""What a prompt says of the file around a symbol: what the symbol's code may use comes first."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from pillion.prompts.prompt import estimate_tokens, fenced
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import body_of, name_of, text_of
from pillion.syntax.symbols import Symbol

_GAP = "…"
_WORD = re.compile(r"[A-Za-z_]\w*")
# A constructor shows the fields, so it keeps its body.
_CONSTRUCTORS = frozenset({"__init__", "constructor", "new"})
_LONGEST_CONSTRUCTOR_BYTES = 600
# Top-level parts of the file: its head, and the nearest others. Reading all of a huge file would take too long.
_HEAD_PARTS, _NEAR_PARTS = 12, 150


@dataclass(frozen=True, slots=True)
class _Part:
    """A top-level part of the file without the symbol: all of it, or without the bodies of its functions. Parts of a
    lower `rank` are more useful."""

    number: int
    rank: tuple[int, int]
    whole: str
    outline: str


def surroundings(symbol: Symbol, document: ParsedText, budget_tokens: int) -> tuple[str, str]:
    """The file around the symbol, fenced, and in words what was left out of it.

    All of the file if there is room. Else, in this order: the class around the symbol, what its header names, the
    file's head, and the nearest other parts. Functions come without their bodies, as long as there is no room for more.
    """
    text = document.text
    before, after = text[: symbol.start].rstrip(), text[symbol.end :].lstrip("\n")
    whole = "\n".join(part for part in (before, after) if part.strip())
    if not whole:
        return "", ""
    if estimate_tokens(whole) <= budget_tokens:
        return fenced(whole, document.language.id), ""
    parts = _parts(symbol, document)
    shown = _fitted(parts, budget_tokens)
    kept = sum(line.strip() != _GAP for each in shown.values() for line in each.splitlines())
    total = len(before.splitlines()) + len(after.splitlines())
    omitted = f"{max(1, total - kept)} of the {total} lines around “{symbol.name}”"
    if not kept:
        return "", omitted
    return fenced("\n".join(_with_gaps(shown)), document.language.id), omitted


def _fitted(parts: Sequence[_Part], budget_tokens: int) -> dict[int, str]:
    """The texts of the parts for which there is room, by number: outlines first, then bodies, too."""
    shown: dict[int, str] = {}
    for part in parts:
        outline = _first_lines(part.outline, budget_tokens) if part.rank[0] == 0 else part.outline
        if outline.strip() and (taken := estimate_tokens(outline)) <= budget_tokens:
            shown[part.number] = outline
            budget_tokens -= taken
    for part in parts:
        if shown.get(part.number) == part.outline != part.whole:
            more = estimate_tokens(part.whole) - estimate_tokens(part.outline)
            if more <= budget_tokens:
                shown[part.number] = part.whole
                budget_tokens -= more
    return shown


def _first_lines(text: str, budget_tokens: int) -> str:
    lines = text.splitlines()
    while lines and estimate_tokens("\n".join(lines)) > budget_tokens:
        lines = lines[: len(lines) * 3 // 4]
    return "\n".join(lines)


def _parts(symbol: Symbol, document: ParsedText) -> list[_Part]:
    """The most useful first."""
    byte = document.offsets.to_byte
    start, end = byte(symbol.start), byte(symbol.end)
    nodes = document.tree.root_node.children
    own = next((n for n, node in enumerate(nodes) if node.start_byte <= start and end <= node.end_byte), 0)
    head = next((n for n, node in enumerate(nodes) if _symbols(node, document)), 0)
    names = set(_WORD.findall(symbol.header)) | set(symbol.path[:-1])
    numbers = {*range(min(head, _HEAD_PARTS)), *range(max(0, own - _NEAR_PARTS), own + _NEAR_PARTS)}
    parts: list[_Part] = []
    for number in sorted(numbers & set(range(len(nodes)))):
        node = nodes[number]
        inside = _symbols(node, document)
        own_place = [(start, end)] if number == own else []
        bodies = [(body.start_byte, body.end_byte) for each in inside if (body := _left_out(each, symbol, document))]
        if number == own:
            rank = 0
        elif names & {*map(name_of, inside), *_type_names(node)}:
            rank = 1
        else:
            rank = 2 if number < min(head, _HEAD_PARTS) else 3
        parts.append(
            _Part(
                number,
                (rank, number if rank == 2 else abs(number - own)),
                _without(node, own_place, document),
                _without(node, own_place + bodies, document),
            )
        )
    return sorted(parts, key=lambda part: part.rank)


def _symbols(node: Node, document: ParsedText) -> list[Node]:
    return list(document.symbols.walk(node))


def _type_names(node: Node) -> Iterable[str]:
    """The names of types that are no symbols, such as Go's."""
    for each in node.named_children if "type" in node.type else ():
        if (name := each.child_by_field_name("name")) is not None:
            yield text_of(name)


def _left_out(node: Node, symbol: Symbol, document: ParsedText) -> Node | None:
    """The body that an outline leaves out, if the node is a function's."""
    body = body_of(node)
    if body is None or document.symbols.kind_of(node) not in {"function", "method"}:
        return None
    shows_fields = name_of(node) in {*_CONSTRUCTORS, *symbol.path[:-1]}
    return None if shows_fields and body.end_byte - body.start_byte <= _LONGEST_CONSTRUCTOR_BYTES else body


def _without(node: Node, gaps: Iterable[tuple[int, int]], document: ParsedText) -> str:
    """The node's text with an ellipsis in place of each outermost gap; empty if nothing else is left."""
    data, at = document.offsets.data, node.start_byte
    pieces: list[bytes] = []
    for start, end in sorted(gaps, key=lambda gap: (gap[0], -gap[1])):
        if start >= at:
            pieces += [data[at:start], _GAP.encode()]
            at = end
    text = b"".join([*pieces, data[at : max(at, node.end_byte)]]).decode("utf-8", "surrogatepass").rstrip()
    return "" if text.strip() == _GAP else text


def _with_gaps(shown: dict[int, str]) -> Iterator[str]:
    """The texts in the file's order, with an ellipsis where something before them is left out."""
    before = -1
    for number, text in sorted(shown.items()):
        if number > before + 1:
            yield _GAP
        yield text
        before = number
