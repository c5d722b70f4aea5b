"""Whether a drafted body fits below the user's header: it was written below the draft's own header.

Types that a draft leaves out, and other words for the same type, don't matter. A body that returns something else, or
that awaits in a function that isn't async, would not run there.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.languages import Language
from pillion.syntax.nodes import function_declarator, text_of

# In Python the compiler judges, and types are only hints.
_WITH_TYPES = frozenset({"go", "rust", "java", "c", "cpp", "typescript", "typescriptreact"})
# No result type means that there is no result.
_SAYS_EACH_RESULT = frozenset({"go", "rust"})
_WORDS = ("async", "unsafe")
_NAME_FIELDS = ("name", "left", "pattern", "declarator")
_VALUE_FIELDS = ("value", "right", "default_value")
_FUNCTION_FIELDS = ("return_type", "result")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_LIFETIME = re.compile(r"'\w+\b\s*")
_PATH = re.compile(r"\b(?:\w+(?:::|\.))+(?=\w)")
_ARRAY = re.compile(r"\b(?:Readonly)?Array<(\w+)>")  # TypeScript's
_ANY = frozenset({"any", "unknown"})
_ANYTHING = {"typescript": _ANY, "typescriptreact": _ANY}
_NO_LENGTH = re.compile(r"\[\s*\]")
_EMPTY_INTERFACE = re.compile(r"interface\s*\{\s*\}")
_NO_MATTER = {
    "java": re.compile(r"\bfinal\b|@\w+(?:\([^)]*\))?"),
    "c": re.compile(r"\b(?:const|struct|union|enum|register|restrict)\b"),
    "cpp": re.compile(r"\b(?:const|struct|class|union|enum|typename)\b|&"),
}


def misfit(drafted: Node, users: Node, language: Language) -> str | None:
    """Why the body of `drafted` doesn't fit below the header of `users`, in words; None if it fits."""
    new, old = _function_of(drafted), _function_of(users)
    if changed := _other_defaults(new, old):
        return f"the default of “{changed[0]}” is another one now"
    if language.id == "python":
        return None
    for word in _WORDS:
        if word in _words_of(new) and word not in _words_of(old):
            return f"it is {word} now"
    if _is_generator(new) != _is_generator(old):
        return "only one of the two is a generator"
    if language.id not in _WITH_TYPES:
        return None
    if unknown := _result_names(new) - _result_names(old):
        return f"it names its results: {', '.join(sorted(unknown))}"
    if (results := _pair(_result(new), _result(old), users, language)) is not None:
        return f"it returns “{results[0]}” now, and not “{results[1]}”"
    if thrown := _thrown(new) - _thrown(old):
        return f"it throws {', '.join(sorted(thrown))} now"
    return _other_parameters(new, old, users, language)


def _other_defaults(new: Node, old: Node) -> list[str]:
    """The parameters whose default isn't the user's. A default that is left out does no harm."""
    ours = _defaults(old)
    return [name for name, value in _defaults(new).items() if ours.get(name, value) != value]


def _defaults(function: Node) -> dict[str, str]:
    listed = (function_declarator(function) or function).child_by_field_name("parameters")
    found: dict[str, str] = {}
    for each in listed.named_children if listed is not None else ():
        names = [n for field in _NAME_FIELDS if (n := each.child_by_field_name(field)) is not None]
        values = [n for field in _VALUE_FIELDS if (n := each.child_by_field_name(field)) is not None]
        if names and values:
            found[text_of(names[0])] = "".join(text_of(values[0]).replace("'", '"').split())
    return found


def _other_parameters(new: Node, old: Node, users: Node, language: Language) -> str | None:
    theirs, ours = list(_types(new, language)), list(_types(old, language))
    if len(theirs) != len(ours):
        return "it takes other parameters now"
    for each in zip(theirs, ours, strict=True):
        if (pair := _pair(*each, users, language)) is not None:
            return f"it takes “{pair[0]}” now, and not “{pair[1]}”"
    return None


def _pair(new: str | None, old: str | None, users: Node, language: Language) -> tuple[str, str] | None:
    """Two types as people wrote them, if they differ; None stands for a type that isn't written."""
    if language.id in _SAYS_EACH_RESULT:
        new, old = new or "", old or ""
    if new is None or old is None:
        return None
    plain = {_plain(new, users, language), _plain(old, users, language)}
    if len(plain) == 1 or plain & _ANYTHING.get(language.id, frozenset()):
        return None
    return " ".join(new.split()) or "nothing", " ".join(old.split()) or "nothing"


def _plain(written: str, users: Node, language: Language) -> str:
    """A type without what doesn't matter: paths, lifetimes, other words for the same."""
    text = _COMMENT.sub("", written).lstrip(": ")
    text = _EMPTY_INTERFACE.sub("any", text) if language.id == "go" else _PATH.sub("", text)
    if language.id == "rust":
        text = re.sub(r"\bSelf\b", _owner(users) or "Self", _LIFETIME.sub("", text))
        text = text.removeprefix("mut ")
    text = _ARRAY.sub(r"\1[]", text)
    if (ignored := _NO_MATTER.get(language.id)) is not None:
        text = ignored.sub("", text)
    return "".join(text.split()).replace("<>", "").replace(",)", ")")


def _owner(node: Node) -> str:
    current = node.parent
    while current is not None and current.type != "impl_item":
        current = current.parent
    named = current.child_by_field_name("type") if current is not None else None
    return _PATH.sub("", text_of(named)) if named is not None else ""


def _function_of(node: Node) -> Node:
    """The function itself, also if it is a variable's value."""
    value = node.child_by_field_name("value") if node.type == "variable_declarator" else None
    return value or node


def _words_of(function: Node) -> set[str]:
    """The header's words before the name."""
    words: set[str] = set()
    for child in function.children:
        if child.type == "function_modifiers":
            words |= set(text_of(child).split())
        elif not child.child_count:
            words.add(text_of(child))
    return words


def _is_generator(function: Node) -> bool:
    return function.type.startswith("generator_function") or any(each.type == "*" for each in function.children)


def _result(function: Node) -> str | None:
    for field in _FUNCTION_FIELDS:
        if (found := function.child_by_field_name(field)) is not None:
            return ", ".join(_result_types(found)) if found.type == "parameter_list" else text_of(found)
    declared = function.child_by_field_name("type")
    if declared is None or "auto" in text_of(declared).split():
        return None
    declarator, inner = function.child_by_field_name("declarator"), function_declarator(function)
    if declarator is None or inner is None:
        return text_of(declared)
    pointer = (declarator.text or b"")[: inner.start_byte - declarator.start_byte].decode("utf-8", "surrogatepass")
    return f"{text_of(declared)} {pointer}"


def _result_types(listed: Node) -> list[str]:
    """Go: the types of several results, which may have names."""
    found = [(each, each.child_by_field_name("type")) for each in listed.named_children]
    return [
        text_of(declared)
        for each, declared in found
        if declared is not None
        for _ in range(max(1, len(each.children_by_field_name("name"))))
    ]


def _result_names(function: Node) -> set[str]:
    listed = function.child_by_field_name("result")
    found = listed.named_children if listed is not None and listed.type == "parameter_list" else []
    return {text_of(name) for each in found for name in each.children_by_field_name("name")}


def _thrown(function: Node) -> set[str]:
    lists = [each for each in function.children if each.type == "throws"]
    return {_PATH.sub("", text_of(each)) for listed in lists for each in listed.named_children}


def _types(function: Node, language: Language) -> Iterator[str | None]:
    """The types of the parameters in their order, Go's and Rust's receiver among them; None: it isn't written."""
    receiver = function.child_by_field_name("receiver")
    listed = (function_declarator(function) or function).child_by_field_name("parameters")
    for parameters in (receiver, listed):
        for each in parameters.named_children if parameters is not None else ():
            if each.type in language.comments:
                continue
            if each.type == "self_parameter":
                yield text_of(each)
                continue
            yield from [_type_of(each)] * max(1, len(each.children_by_field_name("name")))


def _type_of(parameter: Node) -> str | None:
    declared = parameter.child_by_field_name("type")
    if declared is None:
        return text_of(parameter) if parameter.type == "variadic_parameter" else None
    text = text_of(declared)
    if "variadic" in parameter.type or parameter.type == "spread_parameter":
        text = f"...{text}"
    declarator = parameter.child_by_field_name("declarator")
    if declarator is None:
        return text
    shape = _NO_LENGTH.sub("*", re.sub(r"\w+", "", text_of(declarator).partition("=")[0], count=1))
    return f"{text} {shape}"
