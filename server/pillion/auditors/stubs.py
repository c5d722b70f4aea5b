"""Finds what a draft left undone: TODO notes, placeholders for code, bodies that only raise."""

import re
from collections.abc import Sequence
from functools import partial

from tree_sitter import Node

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.passage_findings import Rule, finding
from pillion.auditors.trees import JAVASCRIPT, Tree, short_text, walk
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.syntax.empty_bodies import class_around, is_abstract, is_empty_on_purpose, names_abstract_base
from pillion.syntax.held_places import HELD_PLACE
from pillion.syntax.nodes import bare_body, body_of, name_of, text_of

_NOTE = re.compile(r"\A\W{0,10}(?:TODO|FIXME|XXX)\b|\n\W{0,80}(?:TODO|FIXME|XXX)\b|\b(?:TODO|FIXME|XXX)\s?[:(]")
# Code that pretends: it is there, and somebody still has to write the real one.
_PRETENDS = re.compile(
    r"\bin a (?:real|production)(?:[- ]world)? (?:implementation|application|app|system|scenario|project)\b"
    r"|\bthis is (?:just |only |merely )?(?:a|an) (?:simple |basic )?(?:placeholder|stub|mock|dummy)\b"
    r"|\b(?:placeholder|dummy|mock|fake) (?:implementation|logic)\b"
    r"|\breturn(?:s|ing)? (?:a |some )?(?:dummy|mock|fake|placeholder)\b"
    r"|\bsimulat(?:e|es|ed|ing) (?:a |an |the |some )?(?:api|network|database|db|server|backend)\b",
    re.IGNORECASE,
)
_NOT_IMPLEMENTED = r"[^)]{0,20}(?:not (?:yet )?implemented|unimplemented|todo|implement me)"
# Statements that say so at any place: for each node type, the pattern of its text.
_STATEMENTS: dict[str, dict[str, re.Pattern[str]]] = {
    "rust": {"macro_invocation": re.compile(r"(?:todo|unimplemented)!")},
    "go": {"call_expression": re.compile(rf"panic\({_NOT_IMPLEMENTED}", re.IGNORECASE)},
    **{
        language_id: {"throw_statement": re.compile(rf"throw new \w{{0,40}}Error\({_NOT_IMPLEMENTED}", re.IGNORECASE)}
        for language_id in sorted(JAVASCRIPT)
    },
    "java": {
        "throw_statement": re.compile(
            rf"throw new (?:UnsupportedOperation|Runtime|NotImplemented)Exception\({_NOT_IMPLEMENTED}", re.IGNORECASE
        )
    },
}
_SMALL_STATEMENTS = frozenset({"expression_statement", "pass_statement", "raise_statement", "comment"})


class StubsAuditor:
    """Reports code that a unit leaves unwritten. Abstract methods, protocols and overloads may have no body."""

    name = "stubs"
    sees = Sees.UNIT
    _rule = Rule(name, "stub", "warning")

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        tree = Tree.of(passage)
        if tree is None:
            return ()
        found = [self._of(tree, node) for node in walk(tree.root)]
        return tuple(each for each in found if each is not None)

    def _of(self, tree: Tree, node: Node) -> Finding[InPassage] | None:
        language, before = tree.passage.language, tree.passage.before
        say = partial(tree.finding, self._rule)
        if node.type in language.comments:
            return _of_comment(tree, self._rule, node)
        statement = _STATEMENTS.get(language.id, {}).get(node.type)
        if statement is not None and statement.match(text_of(node)) is not None and text_of(node) not in before:
            return say(node, f"“{short_text(node)}” is left to be written: the code that reaches it fails.")
        if language.id == "python" and node.type == "function_definition" and _is_stub(tree, node):
            name = node.child_by_field_name("name")
            return say(name or node, f"The body of “{name_of(node)}” is still to be written: {_body_text(tree, node)}.")
        return None


def _of_comment(tree: Tree, rule: Rule, node: Node) -> Finding[InPassage] | None:
    """The line of a comment that speaks of work left. A comment that the document had before is the user's own."""
    text = text_of(node)
    match = _NOTE.search(text) or HELD_PLACE.search(text) or _PRETENDS.search(text)
    if match is None:
        return None
    start = text.rfind("\n", 0, match.start()) + 1
    line = text[start:].split("\n", 1)[0].strip()
    if line in tree.passage.before:
        return None
    at = tree.span(node)[0] + start
    message = f"“{line if len(line) <= 60 else line[:59] + '…'}” says that something is left to be written."
    return finding(tree.passage, rule, at, at + len(text) - start, message)


def _is_stub(tree: Tree, node: Node) -> bool:
    passage, body = tree.passage, body_of(node)
    if body is None or any(child.type not in _SMALL_STATEMENTS for child in body.named_children):
        return False  # said first: a body's text is long where functions are nested
    bare = bare_body(body, passage.language)
    # With a docstring alone, a method says that it does nothing.
    if not bare or passage.language.stub.fullmatch(bare) is None:
        return False
    if passage.path is not None and passage.path.suffix == ".pyi":
        return False
    if is_empty_on_purpose(node, passage.language) or is_abstract(node) or text_of(node) in passage.before:
        return False
    outer = node.parent if node.parent is not None and node.parent.type == "decorated_definition" else node
    if class_around(outer) is not None:
        return True
    # The class around an indented piece isn't visible here: it may be a protocol.
    indented = tree.span(outer)[0] != 0 and outer.start_point.column > 0
    return not (indented and (bare == "..." or names_abstract_base(passage.before)))


def _body_text(tree: Tree, node: Node) -> str:
    bare = " ".join(bare_body(body_of(node), tree.passage.language).split())
    return f"there is only “{bare[:60]}”"
