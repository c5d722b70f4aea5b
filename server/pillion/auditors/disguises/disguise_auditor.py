"""Finds stubs in disguise: functions that only print, give a constant, or never look at what they are given."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tree_sitter import Node

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.disguises.disguise_rows import CONSTANT, CONSTANT_BY_NAME, DISGUISES, PLACEHOLDER, SAYS_BY_NAME
from pillion.auditors.disguises.inherited import is_method, may_be_fixed_elsewhere
from pillion.auditors.passage_findings import Rule, finding, mentions
from pillion.auditors.trees import Tree, walk
from pillion.findings.finding import Finding, Severity
from pillion.findings.place import InPassage
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle
from pillion.syntax.nodes import body_of, first_string, is_symbol, name_of, parameters_of, text_of

_BLOCKS = ("block", "body", "compound_statement")
_MAX_FUNCTIONS = 500
_MAX_STATEMENTS = 6
_CONSTANT = re.compile(CONSTANT)
_EVERYTHING = re.compile(r"\b(?:locals|vars|arguments|eval|exec|va_start|super)\b")
_REFUSAL = re.compile(r"(?:raise|throw|panic!?|abort|unreachable!|return Err|return errors?\.)\b")
Kind = Literal["empty", "constant", "unchanged", "prints", "fails", "refuses", "work"]


@dataclass(frozen=True, slots=True)
class _Function:
    """A function as it is written. `words`: the comment in it that says it isn't written yet."""

    node: Node
    name: str
    kind: Kind
    parameters: tuple[str, ...]
    unused: bool
    words: str


class DisguiseAuditor:
    """An error is a body without work beside words that say so (“placeholder”, “for now”); a constant in place of an
    answer that should depend on the parameters is a warning; parameters that no code looks at are an information.

    Says nothing of what may be meant so: overrides, callbacks, decorated functions, names such as `is_empty`.
    """

    name = "disguises"
    sees = Sees.EDIT

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        tree = Tree.of(passage, max_characters=1_000_000)
        if tree is None or passage.language.id not in DISGUISES or _is_of_tests(passage):
            return ()
        now = [(each, verdict) for each in _functions(passage.parsed, passage) if (verdict := _verdict(each, passage))]
        if not now:
            return ()
        old = Counter(_known(passage))
        found: list[Finding[InPassage]] = []
        for each, (severity, message) in now:
            if old[each.name, each.kind] > 0:
                old[each.name, each.kind] -= 1
                continue
            node = each.node.child_by_field_name("name") or each.node
            place = tree.span(node) if text_of(node) == each.name else _place(tree, each)
            said = finding(passage, Rule(self.name, "stub", severity), *place, message)
            found.extend([said] if said is not None else [])
        return found


def _known(passage: Passage) -> Iterator[tuple[str, Kind]]:
    """The disguises that the document had before: they are the user's own."""
    if passage.before:
        before = ParsedText.of(passage.language, passage.before)
        for each in _functions(before, None):
            if each.kind != "work" or each.unused:
                yield each.name, each.kind


def _functions(parsed: ParsedText, passage: Passage | None) -> Iterator[_Function]:
    """The functions that meet the new part; for None, all."""
    offsets, language = parsed.offsets, parsed.language
    first, last = (
        (offsets.to_byte(passage.start), offsets.to_byte(passage.end)) if passage is not None else (0, 1 << 60)
    )
    # Not by a query: it takes seconds for text that is no code.
    nodes = [
        node for node in walk(parsed.tree.root_node) if node.type in language.symbols or node.type in language.comments
    ]
    comments = [(node.start_point.row, text_of(node)) for node in nodes if node.type in language.comments]
    functions = [
        node
        for node in nodes
        if language.symbols.get(node.type) in {"function", "method"}
        and node.start_byte < last
        and node.end_byte > first
    ]
    for node in functions[:_MAX_FUNCTIONS]:
        body = body_of(node)
        if body is None or not is_symbol(node, language):
            continue
        header = (node.text or b"")[: body.start_byte - node.start_byte].decode("utf-8", "replace")
        named = [each for each in parameters_of(node, parsed.language) if not each.startswith("_")]
        parameters = tuple(each for each in named if not re.search(rf"=\s*(?:\w+::)*{re.escape(each)}\b", header))
        statements = list(_statements(body, parsed))
        code = "\n".join(text_of(each) for each in statements)
        inside = [text for row, text in comments if node.start_point.row <= row <= node.end_point.row]
        docstring = first_string(body) if parsed.language.doc_style is DocStyle.DOCSTRING else None
        inside += [text_of(docstring)] if docstring is not None else []
        yield _Function(
            node,
            name_of(node),
            _kind(statements, parameters, parsed),
            parameters,
            bool(parameters) and not _EVERYTHING.search(code) and not any(mentions(code, each) for each in parameters),
            next((match[0] for text in inside if (match := PLACEHOLDER.search(text)) is not None), ""),
        )


def _statements(body: Node, parsed: ParsedText) -> Iterator[Node]:
    if not body.children or not body.type.endswith(_BLOCKS):
        yield body  # an arrow function's expression
        return
    skipped = first_string(body) if parsed.language.doc_style is DocStyle.DOCSTRING else None
    for child in body.children:
        for each in child.children if child.type == "statement_list" else (child,):  # Go has a list
            if each.type not in {"{", "}", "\n", *parsed.language.comments} and each != skipped:
                yield each


def _kind(statements: Sequence[Node], parameters: Sequence[str], parsed: ParsedText) -> Kind:
    """What a body does; `work` if that is more than to print, to set constants and to return. `refuses`: it only
    raises, which may be meant."""
    row = DISGUISES[parsed.language.id]
    if len(statements) > _MAX_STATEMENTS:
        return "work"
    if len(statements) == 1 and _REFUSAL.match(text_of(statements[0])):
        return "refuses"
    constants: set[str] = set()
    printed = gave = unchanged = fails = False
    for number, node in enumerate(statements):
        text = " ".join(text_of(node).split())
        last = number == len(statements) - 1
        if row.skips.fullmatch(text):
            continue
        if row.fails.fullmatch(text):
            fails = True
        elif (match := row.sets.fullmatch(text)) is not None:
            constants.add(next(filter(None, match.groups()), ""))
        elif row.says.match(text):
            printed = True
        elif last and (match := row.gives.fullmatch(text)) is not None:
            value = match["value"].strip()
            if value in parameters:
                unchanged = True
            elif value:
                gave = True
                if value not in constants and _CONSTANT.fullmatch(value) is None:
                    return "work"
        else:
            return "work"
    if fails:
        return "fails" if len(statements) > 1 else "refuses"  # alone, it has an auditor of its own
    if unchanged:
        return "unchanged"
    if gave:
        return "constant"
    return "prints" if printed else "empty"


def _verdict(each: _Function, passage: Passage) -> tuple[Severity, str] | None:
    """How bad a function is, and why; None if nothing is wrong."""
    own = each.kind in _DOES and bool(each.words)
    if each.kind == "fails":
        return "error", f"“{each.name}” is still to be written: it does nothing but fail."
    if own:
        return "error", f"“{each.name}” is still to be written: it {_DOES[each.kind]}, and says “{each.words.strip()}”."
    fixed = CONSTANT_BY_NAME.fullmatch(each.name) is not None or may_be_fixed_elsewhere(each.node, passage)
    if fixed or not each.parameters:
        return None
    method = is_method(each.node)  # of some type's protocol, perhaps
    if each.kind == "constant" and each.unused:
        message = f"“{each.name}” gives the same whatever it is given: it doesn't look at its parameters."
        return "information" if method else "warning", message
    if each.kind == "prints" and each.unused and SAYS_BY_NAME.fullmatch(each.name) is None:
        return "warning", f"“{each.name}” only prints, and doesn't look at its parameters."
    if each.kind == "unchanged" and len(each.parameters) > 1:
        return "information", f"“{each.name}” gives back what it is given, and does nothing else."
    if each.kind == "work" and each.unused and not method:
        listed = ", ".join(f"“{name}”" for name in each.parameters[:3])
        return "information", f"“{each.name}” never looks at what it is given: {listed}."
    return None


_DOES = {"constant": "gives a constant", "unchanged": "gives back what it is given", "prints": "only prints"}


def _place(tree: Tree, each: _Function) -> tuple[int, int]:
    """The name's place where it is no field of its own, as in C."""
    start, end = tree.span(each.node)
    at = tree.passage.text.find(each.name, start, end)
    return (at, at + len(each.name)) if at >= 0 else (start, end)


def _is_of_tests(passage: Passage) -> bool:
    """Whether the file is for tests, where mocks and fakes are meant so."""
    parts = passage.path.parts[-3:] if passage.path is not None else ()
    return any(
        re.search(r"(?:^|[_.-])(?:tests?|mocks?|fakes?|fixtures|spec|conftest)(?:[_.-]|$)", part) for part in parts
    )
