"""What belongs to a definition and stands before it: comments, overloads' signatures, attributes, `export`, `template`.

A model that was told to change a definition may change these as well. But models also leave them out by mistake: then
the user's stay, unless the user's words are about them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle, Language
from pillion.syntax.nodes import DOC_COMMENTS, name_of, text_of

_SIGNATURES = frozenset({"function_signature", "method_signature"})
_ATTRIBUTES = frozenset(
    {"decorator", "attribute_item", "annotation", "marker_annotation", "attribute_declaration", "attribute_specifier"}
)
_CALLED = re.compile(r"[@\[#(\s]*([\w.:]+)")
_WORD = re.compile(r"[A-Za-z]{4,}")
_ABOUT_ATTRIBUTES = re.compile(r"decorat|annotat|attribut", re.IGNORECASE)
_ABOUT_DOCS = re.compile(r"\bdoc|\bcomment|\bjsdoc|\bjavadoc|\brustdoc", re.IGNORECASE)
_GOES = re.compile(r"remov|delet|drop|without|strip|\bno\b|get rid", re.IGNORECASE)
_ABOUT_EXPORT = re.compile(r"export|\bmake (?:it|this) (?:private|internal)", re.IGNORECASE)
_ABOUT_TEMPLATES = re.compile(r"templat|generic", re.IGNORECASE)
# Python: how it is called depends on these. The user may speak of that, and not of the decorator.
_OF_A_CLASS = re.compile(r"static|(?:instance|class) ?method", re.IGNORECASE)
_OF_A_VALUE = re.compile(r"propert|\b(?:a|into|plain|normal|regular) (?:method|function)", re.IGNORECASE)
_ABOUT_CALLS = {
    "staticmethod": _OF_A_CLASS,
    "classmethod": _OF_A_CLASS,
    "property": _OF_A_VALUE,
    "cached_property": _OF_A_VALUE,
}
_FIRST_PARAMETER = re.compile(r"\( (\w+)")
_NEXT_ROW = 1


@dataclass(frozen=True, slots=True)
class Preamble:
    """What stands before a definition. `outer` is the definition with all that is around it (`export`, decorators)."""

    outer: Node
    above: tuple[Node, ...]
    comments: tuple[Node, ...]
    signatures: tuple[Node, ...]
    attributes: tuple[Node, ...]

    @property
    def first(self) -> Node:
        """The first node."""
        return min((self.outer, *self.above), key=lambda node: node.start_byte)


def bare(node: Node) -> Preamble:
    """A definition without anything before it, such as the second one in `const f = …, g = …`."""
    return Preamble(node, (), (), (), ())


def preamble_of(parsed: ParsedText, node: Node) -> Preamble:
    """What stands before the symbol at `node`. Comments above Python's definitions aren't documentation."""
    language, outer = parsed.language, parsed.symbols.outermost(node)
    above: list[Node] = []
    below, name = outer, name_of(node)
    while (previous := below.prev_sibling) is not None and _belongs(previous, below, name, language):
        above.insert(0, previous)
        below = previous
    if language.doc_style is DocStyle.DOCSTRING:
        above = []
    return Preamble(
        outer,
        tuple(above),
        tuple(each for each in above if each.type in language.comments),
        tuple(each for each in above if _is_signature(each, name)),
        (*(each for each in above if each.type in language.attributes), *_inner_attributes(outer)),
    )


def is_about_docs(told: str) -> bool:
    """Whether the user's words are about documentation."""
    return _ABOUT_DOCS.search(told) is not None


def may_lose_docs(told: str) -> bool:
    """Whether the user's words say that documentation goes."""
    return is_about_docs(told) and _GOES.search(told) is not None


def documentation_of(drafted: Preamble, users: Preamble, name: str, told: str, language: Language) -> list[Node]:
    """The comments of the draft that document the definition: not what a model says of its work (“// Updated”)."""
    comments = list(drafted.comments)
    if users.comments and _is_block(users.comments[-1]) and comments and _is_block(comments[-1]):
        return comments[-1:]
    while comments and not (_is_documentation(comments[0], name, language) or is_about_docs(told)):
        comments.pop(0)
    return comments


def left_out(drafted: Preamble, users: Preamble, *, documented: bool, told: str, drafted_header: str) -> "LeftOut":
    """What the draft left out and the user has, and what isn't the business of the user's words."""
    return LeftOut(
        comments=() if documented or may_lose_docs(told) else users.comments,
        signatures=users.signatures if not drafted.signatures else (),
        attributes=() if drafted.attributes or _is_about(users.attributes, told, drafted_header) else users.attributes,
        export=_wrapper(users.outer, "export_statement")
        if _wrapper(drafted.outer, "export_statement") is None and not _ABOUT_EXPORT.search(told)
        else None,
        template=_wrapper(users.outer, "template_declaration")
        if _wrapper(drafted.outer, "template_declaration") is None and not _ABOUT_TEMPLATES.search(told)
        else None,
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The user's nodes that a draft left out."""

    comments: tuple[Node, ...]
    signatures: tuple[Node, ...]
    attributes: tuple[Node, ...]
    export: Node | None
    template: Node | None

    @property
    def is_default_export(self) -> bool:
        """Whether the user's definition is its module's default export, and the draft doesn't say so."""
        return self.export is not None and any(each.type == "default" for each in self.export.children)

    def above(self, base: str) -> str:
        """The comments, as lines."""
        return _lines(self.comments, base)

    def before(self, document: ParsedText, base: str) -> str:
        """The rest, as text right before the definition."""
        found = _lines(self.signatures, base)
        if self.attributes:
            found += _raw(self.attributes, document)
        for wrapper in (self.export, self.template):
            if wrapper is not None:
                found += _words_before(wrapper, document)
        return found


def _lines(nodes: Sequence[Node], base: str) -> str:
    return "".join(f"{text_of(each).rstrip()}\n{base}" for each in nodes)


def _raw(nodes: Sequence[Node], document: ParsedText) -> str:
    """The nodes with the white space behind each, as the user wrote them."""
    found = ""
    for node in nodes:
        start, end = document.offsets.to_char(node.start_byte), document.offsets.to_char(node.end_byte)
        behind = document.text[end:]
        found += document.text[start:end] + behind[: len(behind) - len(behind.lstrip())]
    return found


def _words_before(wrapper: Node, document: ParsedText) -> str:
    """The text of a wrapper up to the definition in it, without decorators."""
    words = [each for each in wrapper.children if each.type not in _ATTRIBUTES]
    inner = wrapper.named_children[-1]
    start, end = document.offsets.to_char(words[0].start_byte), document.offsets.to_char(inner.start_byte)
    return document.text[start:end]


def _wrapper(outer: Node, kind: str) -> Node | None:
    return outer if outer.type == kind else None


def _belongs(above: Node, below: Node, name: str, language: Language) -> bool:
    if above.type in language.attributes:
        return True
    if above.type not in language.comments and not _is_signature(above, name):
        return False
    # Rust's doc comments contain the end of their line.
    rows = below.start_point.row - above.end_point.row + text_of(above).endswith("\n")
    return rows <= _NEXT_ROW and not _is_behind_code(above)


def _is_behind_code(comment: Node) -> bool:
    before = comment.prev_sibling
    if before is None or text_of(before).endswith("\n"):
        return False
    return before.end_point.row == comment.start_point.row and before.type not in {"{", "ERROR"}


def _is_signature(node: Node, name: str) -> bool:
    declared = node.child_by_field_name("declaration") if node.type == "export_statement" else node
    return declared is not None and declared.type in _SIGNATURES and name_of(declared) == name


def _inner_attributes(node: Node) -> list[Node]:
    found: list[Node] = []
    for child in node.children:
        if child.type in _ATTRIBUTES:
            found.append(child)
        else:
            return found + (_inner_attributes(child) if child.type == "modifiers" else [])
    return found


def _is_block(comment: Node) -> bool:
    return text_of(comment).startswith("/*")


def _is_documentation(comment: Node, name: str, language: Language) -> bool:
    text = text_of(comment)
    if language.doc_style is DocStyle.SLASHES_2:
        return re.match(rf"(?://|/\*)\s*(?:{re.escape(name)}\b|Deprecated:)", text) is not None
    return text.startswith(DOC_COMMENTS[language.doc_style])


def _is_about(attributes: Sequence[Node], told: str, drafted_header: str) -> bool:
    """Whether the user's words or the draft's parameters say that these attributes go."""
    if _ABOUT_ATTRIBUTES.search(told):
        return True
    first = _FIRST_PARAMETER.search(drafted_header)
    receiver = first[1] if first is not None else ""
    for each in attributes:
        called = _CALLED.match(text_of(each))
        name = called[1] if called is not None else ""
        if name == "staticmethod" and receiver in {"self", "cls"}:
            return True
        if name == "classmethod" and receiver == "self":
            return True
        about = _ABOUT_CALLS.get(name)
        if about is not None:
            if about.search(told):
                return True
        elif any(word.lower() in told.lower() for word in _words_of(name)):
            return True
    return False


def _words_of(name: str) -> list[str]:
    """The words that name an attribute: `lru_cache` is called so, or a cache; `app.get` only so."""
    last = re.split(r"[.:]+", name)[-1]
    return [name, *(_WORD.findall(last) if last == name or "_" in last else [])]
