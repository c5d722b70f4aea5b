"""What a draft has at its top level besides the symbol, and which of it the symbol's code needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tree_sitter import Node

from pillion.edits.imports.import_places import is_import, statements
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import ScopeTree

# How a whole file is read; no draft of one symbol decides that.
_NOT_A_DRAFTS_BUSINESS = frozenset({"future_import_statement", "package_clause", "package_declaration"})
# Traits are used by their methods; these are what people import traits for.
_TRAITS = frozenset(
    [
        "Read",
        "Write",
        "BufRead",
        "Seek",
        "FromStr",
        "Hash",
        "Hasher",
        "BuildHasher",
        "Borrow",
        "BorrowMut",
        "FromIterator",
        "Itertools",
        "Rng",
        "Context",
        "WrapErr",
        "AsyncReadExt",
        "AsyncWriteExt",
        "ParallelIterator",
        "IntoParallelIterator",
        "IntoParallelRefIterator",
        "Datelike",
        "Timelike",
        "Digest",
        "Parser",
        "Engine",
        "Any",
        "Deref",
        "DerefMut",
        "Add",
        "Sub",
        "Mul",
        "Div",
        "Neg",
        "Not",
        "Rem",
        "Index",
        "IndexMut",
        "AddAssign",
        "SubAssign",
    ]
)


@dataclass(slots=True)
class Needed:
    """The draft's top-level nodes that the symbol's code needs: imports with the names to bring, and others."""

    imports: dict[int, tuple[Node, set[str]]] = field(default_factory=dict)
    others: list[Node] = field(default_factory=list)


def needed_parts(
    draft: ParsedText, node: Node, document: ParsedText, helpers: Iterable[tuple[int, int]] = ()
) -> Needed:
    """What the symbol at `node` and its `helpers` (bytes of the draft) need, directly or for something else that they
    need, and what the document lacks."""
    scopes, known = draft.names, document.names.top.names
    own = _top_of(node)
    parts = [each for each in statements(draft) if each.id != own.id and each.type not in _NOT_A_DRAFTS_BUSINESS]
    wanted = scopes.free_in(own.start_byte, own.end_byte)
    wanted |= {name for start, end in helpers for name in scopes.free_in(start, end)}
    needed = Needed()
    taken: set[int] = set()
    while True:
        found = [
            (part, names) for part in parts if part.id not in taken and (names := _wanted(part, scopes, wanted, known))
        ]
        if not found:
            break
        for part, names in found:
            taken.add(part.id)
            if is_import(part, draft):
                needed.imports[part.id] = (part, names)
            else:
                needed.others.append(part)
                wanted |= scopes.free_in(part.start_byte, part.end_byte)
    included = {_header(each) for each in statements(document) if each.type == "preproc_include"}
    for part in parts:
        if part.type == "preproc_include" and _header(part) not in included:
            included.add(_header(part))
            needed.imports[part.id] = (part, {_header(part)})
    needed.imports = dict(sorted(needed.imports.items(), key=lambda each: each[1][0].start_byte))
    needed.others.sort(key=lambda each: each.start_byte)
    return needed


def _wanted(part: Node, scopes: ScopeTree, wanted: set[str], known: set[str]) -> set[str]:
    bound = scopes.bound_in(part.start_byte, part.end_byte)
    if part.type == "use_declaration":
        bound -= {"*"}
        traits = {each for each in bound if each in _TRAITS or each.endswith("Ext") or each == "_"}
        return (bound & (wanted | traits)) - known
    if part.type not in {"import_statement", "import_from_statement"} and bound & known:
        return set()  # a part of it would be there twice
    return (bound & wanted) - known


def _header(include: Node) -> str:
    path = include.child_by_field_name("path")
    return text_of(path) if path is not None else text_of(include).strip()


def _top_of(node: Node) -> Node:
    current = node
    while current.parent is not None and current.parent.parent is not None:
        current = current.parent
    return current
