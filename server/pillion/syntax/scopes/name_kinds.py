"""Languages in which a variable, a type, a method and a module may have one name: the place says which is meant."""

from collections.abc import Mapping
from types import MappingProxyType

from pillion.syntax.scopes.scope_tree import Binding, Use

_VALUE, _TYPE, _METHOD = "value", "type", "method"
TAG = "tag"  # C: what follows `struct`
_ANY = ""
_JAVASCRIPT = {
    **dict.fromkeys(("interface_declaration", "type_alias_declaration", "type_parameter", "infer_type"), _TYPE),
    "mapped_type_clause": _TYPE,
    **dict.fromkeys(("variable_declarator", "required_parameter", "optional_parameter", "catch_clause"), _VALUE),
    **dict.fromkeys(("function_declaration", "generator_function_declaration", "function_signature"), _VALUE),
    **dict.fromkeys(("for_in_statement", "arrow_function"), _VALUE),
}
_C = dict.fromkeys(("struct_specifier", "union_specifier", "enum_specifier", "class_specifier"), TAG)
_OTHERS_IN_C = dict.fromkeys(("value", "call"), frozenset({TAG}))
# What a declaration makes; those that aren't listed may be anything.
_MADE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "java": {
            **dict.fromkeys(("class_declaration", "interface_declaration", "enum_declaration"), _TYPE),
            **dict.fromkeys(("record_declaration", "annotation_type_declaration", "type_parameter"), _TYPE),
            **dict.fromkeys(("method_declaration", "annotation_type_element_declaration"), _METHOD),
            **dict.fromkeys(("variable_declarator", "formal_parameter", "catch_formal_parameter"), _VALUE),
            **dict.fromkeys(("resource", "enum_constant", "instanceof_expression", "type_pattern"), _VALUE),
            **dict.fromkeys(("record_pattern_component", "enhanced_for_statement", "lambda_expression"), _VALUE),
        },
        "rust": {
            **dict.fromkeys(("let_declaration", "parameter", "for_expression", "let_condition"), _VALUE),
            **dict.fromkeys(("match_arm", "closure_parameters", "function_item"), _VALUE),
            **dict.fromkeys(("mod_item", "type_parameter"), _TYPE),
        },
        "c": _C,
        "cpp": _C,
        "typescript": _JAVASCRIPT,
        "typescriptreact": _JAVASCRIPT,
    }
)
_OTHERS_IN_TYPESCRIPT = {
    "type": frozenset({_VALUE}),
    **dict.fromkeys(("value", "asked", "assigned"), frozenset({_TYPE})),
}
# What a use can't mean, by its kind.
_OTHERS: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "java": {
            "method": frozenset({_VALUE, _TYPE}),
            "type": frozenset({_VALUE, _METHOD}),
            "value": frozenset({_METHOD}),
        },
        "rust": dict.fromkeys(("macro", "path", "type"), frozenset({_VALUE})),
        "c": {**_OTHERS_IN_C, "type": frozenset({TAG})},
        "cpp": _OTHERS_IN_C,
        "typescript": _OTHERS_IN_TYPESCRIPT,
        "typescriptreact": _OTHERS_IN_TYPESCRIPT,
    }
)


def kind_made(binding: Binding, language_id: str) -> str:
    """What the declaration makes; empty if that may be anything."""
    return _MADE.get(language_id, {}).get(binding.around.type, _ANY)


def kinds_not_meant(use: Use, language_id: str) -> frozenset[str]:
    """What the use can't mean."""
    parent = use.node.parent
    if parent is not None and parent.type == "export_specifier":
        return frozenset()
    return _OTHERS.get(language_id, {}).get(use.kind, frozenset())
