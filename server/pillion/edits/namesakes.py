"""Finds the user's symbol in a draft where several symbols have its name: methods of two classes, overloads, setters.

The symbol around it counts first, then its signature, then its place among its namesakes. A tie is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tree_sitter import Node

from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language
from pillion.syntax.nodes import name_of, scopes_of, text_of, tokens
from pillion.syntax.symbols import Symbol

# The name of the class that Pillion puts around a method that stands alone.
_NOBODY = "_"
# These are no symbols, but they have names, and symbols in them.
_CONTAINERS = frozenset(
    {"mod_item", "namespace_definition", "internal_module", "module", "variable_declarator", "pair"}
)
_RECEIVERS = frozenset({"self", "cls", "this"})
_PATH = re.compile(r"\w+::")


@dataclass(frozen=True, slots=True)
class _Namesake:
    """A symbol of the wanted name, in the document or in a draft."""

    node: Node
    symbol: Symbol
    owners: tuple[str, ...]
    key: tuple[str, ...]  # its decorators and its signature
    code: tuple[str, ...]  # all of its tokens


def counterpart(draft: ParsedText, symbol: Symbol, document: ParsedText) -> Node | None:
    """The node of `symbol`, a symbol of `document`, in a draft of it, of its class or of its file; None if the draft
    has no symbol of that name.

    Raises:
        DraftRejectedError: the draft has other symbols of that name, or several that may be it.
    """
    found = _namesakes(draft, symbol.name)
    if not found:
        return None
    known = _namesakes(document, symbol.name)
    own = next(each for each in known if each.symbol.start == symbol.start and each.symbol.end == symbol.end)
    found = [each for each in found if each.symbol.callable == symbol.callable] or found
    found = _of_its_owner(found, own, known)
    alike = [each for each in known if each.owners == own.owners]
    if len(found) > len(alike):  # the code as it was, and then the code as it should be
        found = [each for each in found if each.code != own.code] or found
    return _chosen(found, own, alike).node


def _chosen(found: Sequence[_Namesake], own: _Namesake, alike: Sequence[_Namesake]) -> _Namesake:
    """`alike`: the document's symbols of this name and owner, `own` included."""
    same = [each for each in found if each.key == own.key]
    if same:
        _refuse_more(found, own, alike)
        return _in_its_place(same, own, [each for each in alike if each.key == own.key])
    others = [each for each in alike if each is not own]
    found = [each for each in found if each.key not in {other.key for other in others}]
    signature = own.symbol.signature
    same = [each for each in found if each.symbol.signature == signature]
    if same:
        return _in_its_place(same, own, [each for each in alike if each.symbol.signature == signature])
    left = [each for each in found if each.symbol.signature not in {other.symbol.signature for other in others}]
    if not left:
        raise DraftRejectedError(
            f"the model's answer rewrites another “{own.symbol.name}” than the one that you chose", code="symbol"
        )
    same = [each for each in left if each.symbol.takes_the_same(own.symbol)]
    return same[0] if len(same) == 1 else _in_its_place(left, own, alike)


def _in_its_place(found: Sequence[_Namesake], own: _Namesake, twins: Sequence[_Namesake]) -> _Namesake:
    """The one of `found` that has the place of `own` among its twins in the document.

    Raises:
        DraftRejectedError: there are more or fewer than in the document.
    """
    if len(found) == 1 or len({each.code for each in found}) == 1:
        return found[0]
    if len(found) == len(twins):
        return found[twins.index(own)]
    raise DraftRejectedError(
        f"the model's answer has {len(found)} versions of “{own.symbol.name}”, and it doesn't say which is meant",
        code="symbol",
    )


def _refuse_more(found: Sequence[_Namesake], own: _Namesake, alike: Sequence[_Namesake]) -> None:
    """Checks that the draft has no further overload, which would have no place in the document.

    Raises:
        DraftRejectedError: it has one.
    """
    keys = {each.key for each in alike}
    if len(found) > len(alike) and any(each.key not in keys for each in found):
        raise DraftRejectedError(
            f"the model's answer adds another “{own.symbol.name}”, which would be lost", code="symbol"
        )


def _of_its_owner(found: Sequence[_Namesake], own: _Namesake, known: Sequence[_Namesake]) -> list[_Namesake]:
    """Those in the same class, type or trait as `own`; else those that stand alone; else those in a class that the
    document doesn't have.

    Raises:
        DraftRejectedError: the draft has only those of other classes.
    """
    if inside := [each for each in found if each.owners == own.owners]:
        return inside
    if own.owners and (inside := [each for each in found if _one_ends_the_other(each.owners, own.owners)]):
        return inside
    foreign = {each.owners for each in known if each.owners != own.owners}
    unknown = [each for each in found if each.owners not in foreign]
    if not own.owners:
        unknown = [each for each in unknown if _needs_no_class(each, own)]
    if len({each.owners for each in unknown}) == 1:
        return unknown
    there, here = (f"“{'.'.join(each.owners)}”" if each.owners else "no class" for each in (found[0], own))
    raise DraftRejectedError(
        f"the model's answer has “{own.symbol.name}” in {there}, and the file has it in {here}", code="symbol"
    )


def _needs_no_class(drafted: _Namesake, own: _Namesake) -> bool:
    """Whether a function that was drafted in a class is one."""
    same = drafted.node.type == own.node.type and drafted.symbol.takes_the_same(own.symbol)
    return same and not _RECEIVERS & set(drafted.code)


def _one_ends_the_other(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    shared = min(len(left), len(right))
    return left[len(left) - shared :] == right[len(right) - shared :]


def _namesakes(parsed: ParsedText, name: str) -> list[_Namesake]:
    return [_read(parsed, node) for node in parsed.symbols.named_nodes(name)]


def _read(parsed: ParsedText, node: Node) -> _Namesake:
    symbol, language = parsed.symbols.read(node), parsed.language
    decorators = tuple(text_of(each) for each in _decorators(node, language))
    return _Namesake(
        node, symbol, _owners(parsed, node), (*decorators, symbol.signature), tuple(tokens([node], language))
    )


def _decorators(node: Node, language: Language) -> list[Node]:
    """Python's decorators, and other languages' attributes right above."""
    outer = node.parent
    if outer is not None and outer.type == "decorated_definition":
        return [each for each in outer.children if each.type == "decorator"]
    found: list[Node] = []
    above = node.prev_sibling
    while above is not None and above.type in language.attributes:
        found.append(above)
        above = above.prev_sibling
    return found[::-1]


def _owners(parsed: ParsedText, node: Node) -> tuple[str, ...]:
    """The names of the symbols around it; Rust's `impl` with its trait, Go's receiver with its type only."""
    names = list(reversed(scopes_of(node)))
    receiver = node.child_by_field_name("receiver")
    if receiver is not None:
        names.append(_type_name(receiver))
    outer = node.parent
    while outer is not None:
        if outer.type in parsed.language.symbols and parsed.symbols.enclosing_node(outer) == outer:
            trait = outer.child_by_field_name("trait")
            named = name_of(outer)
            names += [
                f"{_PATH.sub('', text_of(trait))} for {named}" if trait is not None else named,
                *reversed(scopes_of(outer)),
            ]
        elif outer.type in _CONTAINERS:
            named_by = outer.child_by_field_name("name") or outer.child_by_field_name("key")
            names += [text_of(named_by)] if named_by is not None else []
        outer = outer.parent
    return tuple(reversed([each for each in names if each != _NOBODY]))


def _type_name(receiver: Node) -> str:
    stack = [receiver]
    while stack:
        node = stack.pop()
        if node.type == "type_identifier":
            return text_of(node)
        stack.extend(reversed(node.children))
    return ""
