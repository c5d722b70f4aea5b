"""The decisions in code: tokens of which there are few of the same class, so that a wrong one still looks like code.

`<` for `<=`, `and` for `or`, `break` for `continue`: text that a model can be asked about without any words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language
from pillion.syntax.nodes import text_of


class DecisionClass(StrEnum):
    """What stands in each other's place."""

    COMPARISON = "comparison"
    LOGIC = "logic"
    ARITHMETIC = "arithmetic"
    CONSTANT = "constant"
    JUMP = "jump"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class DecisionPoint:
    """One decision; [start, end) are code points. `text` is its first word, `shown` all of them: `is not`."""

    start: int
    end: int
    text: str
    kind: DecisionClass
    shown: str


@dataclass(frozen=True, slots=True)
class DecisionNodes:
    """Where a grammar has decisions. `operators`: the nodes around an operator; elsewhere `<` may open type arguments,
    and `*` a pointer. `numbers` are types of leaves."""

    operators: frozenset[str]
    numbers: frozenset[str]
    words: Mapping[str, DecisionClass]


def _words(constants: str, jumps: str, **more: str) -> Mapping[str, DecisionClass]:
    """The words of each class. The operators that all the languages have are among them."""
    listed = [
        (DecisionClass.COMPARISON, "< <= > >= == !="),
        (DecisionClass.ARITHMETIC, "+ - * / % += -= *= /= %="),
        (DecisionClass.CONSTANT, constants),
        (DecisionClass.JUMP, jumps),
        *((DecisionClass(kind), words) for kind, words in more.items()),
    ]
    return MappingProxyType({word: kind for kind, words in listed for word in words.split()})


_JAVASCRIPT = DecisionNodes(
    frozenset({"binary_expression", "augmented_assignment_expression"}),
    frozenset({"number"}),
    _words(
        "true false null undefined",
        "break continue return throw",
        comparison="=== !== in instanceof",
        logic="&& ||",
        arithmetic="** **=",
    ),
)
_C = DecisionNodes(
    frozenset({"binary_expression", "assignment_expression"}),
    frozenset({"number_literal"}),
    _words("true false NULL nullptr", "break continue return goto throw", logic="&& ||"),
)
# By the language's id. A language without a row has no decisions.
DECISIONS: Mapping[str, DecisionNodes] = MappingProxyType(
    {
        "python": DecisionNodes(
            frozenset(
                {
                    "comparison_operator",
                    "boolean_operator",
                    "binary_operator",
                    "augmented_assignment",
                    "is not",
                    "not in",
                }
            ),
            frozenset({"integer", "float"}),
            _words(
                "True False None",
                "break continue return raise pass",
                comparison="is in not",
                logic="and or",
                arithmetic="// ** //= **=",
            ),
        ),
        "javascript": _JAVASCRIPT,
        "typescript": _JAVASCRIPT,
        "typescriptreact": _JAVASCRIPT,
        "go": DecisionNodes(
            frozenset({"binary_expression", "assignment_statement"}),
            frozenset({"int_literal", "float_literal"}),
            _words("true false nil", "break continue return goto fallthrough", logic="&& ||"),
        ),
        "rust": DecisionNodes(
            frozenset({"binary_expression", "compound_assignment_expr"}),
            frozenset({"integer_literal", "float_literal"}),
            _words("true false", "break continue return", logic="&& ||"),
        ),
        "java": DecisionNodes(
            frozenset({"binary_expression", "assignment_expression"}),
            frozenset({"decimal_integer_literal", "decimal_floating_point_literal", "hex_integer_literal"}),
            _words("true false null", "break continue return throw", logic="&& ||"),
        ),
        "c": _C,
        "cpp": _C,
    }
)
_OF_TWO_WORDS = frozenset({"is not", "not in"})  # the first word decides
_NUMBER = re.compile(r"-?\d[\w.]{0,30}", re.ASCII)


def decision_points(parsed: ParsedText, start: int = 0, end: int | None = None) -> tuple[DecisionPoint, ...]:
    """The decisions of a text in [start, end), in order. Code with syntax errors has those that can be seen."""
    rows = DECISIONS.get(parsed.language.id)
    if rows is None:
        return ()
    offsets = parsed.offsets
    first, last = offsets.to_byte(start), offsets.to_byte(len(parsed.text) if end is None else end)
    found: list[DecisionPoint] = []
    for leaf in _leaves(parsed.tree.root_node, first, last):
        kind = _kind(leaf, rows)
        if kind is not None:
            text = text_of(leaf)
            at = offsets.to_char(leaf.start_byte)
            found.append(DecisionPoint(at, at + len(text), text, kind, _shown(leaf)))
    return tuple(found)


def class_of(text: str, language: Language) -> DecisionClass | None:
    """The class of a token that a model would write; None if it is no decision."""
    rows = DECISIONS.get(language.id)
    if rows is None:
        return None
    if _NUMBER.fullmatch(text):
        return DecisionClass.NUMBER
    return rows.words.get(text)


def _kind(leaf: Node, rows: DecisionNodes) -> DecisionClass | None:
    """The class of a leaf, if it is a decision there."""
    if leaf.type in rows.numbers:
        # In TypeScript, `number` is also a type.
        return DecisionClass.NUMBER if _NUMBER.fullmatch(text_of(leaf)) else None
    kind = rows.words.get(text_of(leaf))
    if kind in {None, DecisionClass.CONSTANT, DecisionClass.JUMP}:
        return kind if not leaf.type.endswith(("identifier", "string_content", "string_fragment", "comment")) else None
    parent = leaf.parent
    if parent is None or parent.type not in rows.operators:
        return None
    return kind if leaf.prev_sibling is None or parent.type not in _OF_TWO_WORDS else None


def _shown(leaf: Node) -> str:
    parent = leaf.parent
    return parent.type if parent is not None and parent.type in _OF_TWO_WORDS else text_of(leaf)


def _leaves(root: Node, first: int, last: int) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.end_byte <= first or node.start_byte >= last:
            continue
        if node.children:
            stack.extend(reversed(node.children))
        elif node.start_byte >= first:
            yield node
