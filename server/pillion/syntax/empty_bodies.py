"""Bodies without code that are meant so: abstract methods, protocols, overloads, and what does nothing on purpose."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.languages import DocStyle, Language
from pillion.syntax.nodes import bare_body, body_of, name_of, text_of

_ABSTRACT_DECORATOR = re.compile(r"abstract|overload|singledispatch|\.register|typing\.|final\b|hookspec")
_ABSTRACT_BASE = re.compile(r"\b(?:Protocol|ABC|ABCMeta|Interface|TypedDict|NodeVisitor)\b")
_NOTHING_ON_PURPOSE = re.compile(
    r"__\w+__|~\w+|constructor|.*(?:no_?op|nothing|dummy|ignore|null)|on_\w+|test_\w+", re.I
)
_NOTHING = frozenset({"", "pass", "..."})
_TO_DO = re.compile(r"\b(?:TODO|FIXME|XXX)\b|implement|placeholder|your code", re.IGNORECASE)


def is_empty_on_purpose(node: Node, language: Language) -> bool:
    """Whether a function's body, which has no code, is meant so. A body that raises or panics isn't."""
    body = body_of(node)
    if body is None or bare_body(body, language) not in _NOTHING:
        return False
    said = [text_of(each) for each in body.children if each.type in language.comments]
    if said:
        return not any(map(_TO_DO.search, said))
    if is_abstract(node) or _NOTHING_ON_PURPOSE.fullmatch(name_of(node)) is not None:
        return True
    if language.doc_style is DocStyle.DOCSTRING:
        return not bare_body(body, language)  # with a docstring alone, a method says that it does nothing
    return node.type in {"constructor_declaration", "compact_constructor_declaration"} or _constructs(node)


def is_abstract(node: Node) -> bool:
    """Whether a Python function is abstract or an overload, or belongs to a protocol or an abstract class."""
    decorated = node.parent if node.parent is not None and node.parent.type == "decorated_definition" else None
    if any(_ABSTRACT_DECORATOR.search(decorator) for decorator in _decorators(decorated)):
        return True
    owner = class_around(decorated or node)
    bases = owner.child_by_field_name("superclasses") if owner is not None else None
    return bases is not None and names_abstract_base(text_of(bases))


def names_abstract_base(text: str) -> bool:
    """Whether a text names a class whose methods may have no bodies."""
    return _ABSTRACT_BASE.search(text) is not None


def class_around(node: Node) -> Node | None:
    """Python: the class of a method, or of the decorators around a method."""
    block = node.parent
    owner = block.parent if block is not None and block.type == "block" else None
    return owner if owner is not None and owner.type == "class_definition" else None


def _decorators(decorated: Node | None) -> Iterator[str]:
    for child in decorated.children if decorated is not None else ():
        if child.type == "decorator":
            yield text_of(child)


def _constructs(node: Node) -> bool:
    """C++: whether a function has its class's name."""
    current = node.parent
    while current is not None and not current.type.endswith(("class_specifier", "struct_specifier")):
        current = current.parent
    return current is not None and name_of(current) == name_of(node)
