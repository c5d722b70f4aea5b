"""A local variable or a parameter: all places of its name in its function, and the edit that gives it another name."""

import re
from dataclasses import dataclass

from tree_sitter import Node

from pillion.edits.documentation.documented_parameters import documented_places
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.name_kinds import TAG
from pillion.syntax.scopes.resolution import Occurrence, Resolution, Variable
from pillion.text.replacement import Replacement

FUNCTIONS = frozenset(
    {
        *("function_definition", "lambda", "function_declaration", "method_declaration", "func_literal"),
        *("function_item", "closure_expression", "constructor_declaration", "compact_constructor_declaration"),
        *("lambda_expression", "function_expression", "arrow_function", "generator_function", "method_definition"),
        *("generator_function_declaration", "static_initializer", "class_static_block"),
    }
)
# What these bind are members: other code reaches them through an object or a type.
_OWNERS = frozenset(
    {
        *("class_definition", "class_declaration", "abstract_class_declaration", "class", "interface_declaration"),
        *("enum_declaration", "record_declaration", "annotation_type_declaration", "object_creation_expression"),
        *("enum_constant", "impl_item", "trait_item", "struct_item", "enum_item", "union_item", "declaration_list"),
        *("type_alias_declaration", "field_declaration", "type_spec", "type_alias"),
    }
)
_PARAMETERS = frozenset(
    {
        *("parameters", "lambda_parameters", "default_parameter", "typed_parameter", "typed_default_parameter"),
        *("formal_parameters", "required_parameter", "optional_parameter", "arrow_function", "parameter"),
        *("parameter_declaration", "variadic_parameter_declaration", "optional_parameter_declaration"),
        *("formal_parameter", "closure_parameters", "lambda_expression"),
    }
)
_IMPORTS = frozenset(
    {"import_statement", "import_from_statement", "import_spec", "use_declaration", "using_declaration"}
)
# Nodes that stand for a field and its value by one word.
_SHORTHANDS = frozenset(
    {"shorthand_property_identifier", "shorthand_property_identifier_pattern", "shorthand_field_initializer"}
)
STRINGS = frozenset({"string_literal", "raw_string_literal"})  # Rust's
_RUST_PATTERN = "shorthand_field_identifier"


@dataclass(frozen=True, slots=True)
class LocalName:
    """A name that one function has for itself. `function` is the outermost one around it, `owner` its own one."""

    name: str
    document: ParsedText
    resolution: Resolution
    variable: Variable
    places: tuple[Occurrence, ...]
    function: Node
    owner: Node

    @property
    def is_parameter(self) -> bool:
        """Whether callers give it its value."""
        return any(each.around.type in _PARAMETERS for each in self.variable.bindings)

    def replacements(self, new: str) -> tuple[Replacement, ...]:
        """The edit that gives it a new name wherever it is meant, in its documentation, too."""
        char = self.document.offsets.to_char
        made: list[Replacement] = []
        for each in self.places:
            start, end = char(each.node.start_byte), char(each.node.end_byte)
            opening = _field_before(each.node)
            if opening is None:
                made.append(Replacement(start, end, new))
            elif opening == each.node.start_byte:
                made.append(Replacement(start, end, f"{self.name}: {new}"))
            else:
                made += [Replacement(char(opening), char(opening), f"{self.name}: "), Replacement(start, end, new)]
        made += [Replacement(start, end, new) for start, end in self._said()]
        return tuple(sorted(made))

    def _said(self) -> list[tuple[int, int]]:
        """Where strings and comments name it and mean it."""
        char, found = self.document.offsets.to_char, []
        if self.is_parameter:
            found += documented_places(self.name, self.owner, self.document)
        if self.document.language.id == "rust":
            for start, end in formatted_places(self.name, self.function):
                variable = self.resolution.meaning_at(self.name, start, self.function)
                if variable is self.variable:
                    found.append((char(start), char(end)))
        return found


def local_name(document: ParsedText, start: int) -> LocalName | str:
    """The local name at this place, or why it is none, in words that go on from the name: “is …”."""
    byte = document.offsets.to_byte(start)
    node = document.tree.root_node.descendant_for_byte_range(byte, byte + 1)
    name = text_of(node) if node is not None else ""
    resolution = Resolution(document.tree.root_node, document.language.id)
    places = resolution.occurrences(name)
    here = next((each for each in places if each.node.start_byte <= byte < each.node.end_byte), None)
    if here is None:
        return "is a member, which other code may use, too"
    variable = here.variable
    if variable is None:
        return "isn't defined in this file"
    functions = [each for each in _around(variable.scope.node) if each.type in FUNCTIONS]
    if variable.scope.parent is None or not functions or variable.kind == TAG:
        return "is seen outside of one function"
    if variable.scope.node.type in _OWNERS or any(_is_member(each.node) for each in variable.bindings):
        return "is a member, which other code may use, too"
    if any(_is_import(each.around, each.node) for each in variable.bindings):
        return "is the name of something imported"
    own = tuple(each for each in places if each.variable is variable)
    return LocalName(name, document, resolution, variable, own, functions[-1], functions[0])


def formatted_places(name: str, root: Node) -> list[tuple[int, int]]:
    """Rust: the bytes of the name in format strings, `"{name}"` and `"{name:?}"`."""
    pattern = re.compile(rb"\{(" + re.escape(name.encode()) + rb")(?=[}:])")
    found: list[tuple[int, int]] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type in STRINGS and node.parent is not None and node.parent.type == "token_tree":
            text = (node.text or b"").replace(b"{{", b"  ")
            found += [
                (node.start_byte + each.start(1), node.start_byte + each.end(1)) for each in pattern.finditer(text)
            ]
        stack += node.children
    return found


def _around(node: Node) -> list[Node]:
    """A node and those around it, the innermost first."""
    found: list[Node] = []
    current: Node | None = node
    while current is not None:
        found.append(current)
        current = current.parent
    return found


def _is_member(node: Node) -> bool:
    return node.type == "field_identifier"


def _is_import(around: Node, node: Node) -> bool:
    return around.type in _IMPORTS and (around.type != "import_from_statement" or not _is_alias(node))


def _is_alias(node: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.type == "aliased_import" and parent.child_by_field_name("alias") == node


def _field_before(node: Node) -> int | None:
    """The byte at which `name: ` has to be written, if the node stands for a field, too; None if it doesn't."""
    parent = node.parent
    if node.type in _SHORTHANDS:
        return node.start_byte
    if parent is not None and parent.type in _SHORTHANDS:
        return parent.start_byte
    if node.type == _RUST_PATTERN and parent is not None and parent.type == "field_pattern":
        return parent.start_byte
    return None
