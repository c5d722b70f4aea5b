"""Where a function's documentation names one of its parameters."""

import re

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.languages import DocStyle
from pillion.syntax.nodes import first_string

# `@param {T} name`, `@param [name=1]`, `\param[in] name`; what follows may be a property: `@param name.size`.
_TAGGED = r"[@\\](?:param|arg|argument)(?:\[[\w,]+\])?[ \t]+(?:\{(?:[^{}]|\{[^{}]*\})*\}[ \t]*)?\[?(NAME)(?![\w$])"
_FIELD = r"[:@](?:param|parameter|arg|argument|key|keyword)[ \t]+(?:[^:\n]*[ \t])?\*{0,2}(NAME)[ \t]*:"
_SPHINX = _FIELD + r"|[:@]type[ \t]+(NAME)[ \t]*:"
# `name: …`, `name (int): …` on a line of its own; NumPy's `name : int`, and `name, other : int`.
_ENTRY = (
    r"^[ \t]+\*{0,2}(NAME)[ \t]*(?:\([^\n]*?\))?[ \t]*:(?!:)"
    r"|^[ \t]*(?:\w+,[ \t]*)*(NAME)(?:,[ \t]*\w+)*[ \t]*(?::[^\n]*)?$"
)
_QUOTED = r"(?<!`)(`{1,2})(NAME)\1(?!`)"


def documented_places(name: str, function: Node, document: ParsedText) -> list[tuple[int, int]]:
    """The code points of the parameter's name in the documentation of its function: in its entry, and in backquotes."""
    language = document.language
    patterns = [_QUOTED] if language.doc_style is not DocStyle.JSDOC else []
    if language.doc_style is DocStyle.DOCSTRING:
        body = function.child_by_field_name("body")
        statement = first_string(body) if body is not None and function.type == "function_definition" else None
        nodes, patterns = [statement] if statement is not None else [], [_QUOTED, _SPHINX, _ENTRY]
    else:
        nodes = _comments_above(function, document)
        patterns = [_QUOTED, _TAGGED]
    found: set[tuple[int, int]] = set()
    for node in nodes:
        text = document.offsets.data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")
        start = document.offsets.to_char(node.start_byte)
        for pattern in patterns:
            for each in re.finditer(pattern.replace("NAME", re.escape(name)), text, re.MULTILINE):
                group = next(n for n in range(each.re.groups, 0, -1) if each[n] == name)
                found.add((start + each.start(group), start + each.end(group)))
    return sorted(found)


def _comments_above(function: Node, document: ParsedText) -> list[Node]:
    """The comments right above a function's definition."""
    node = function
    while node.parent is not None and node.parent.type in {*document.language.wrappers, "variable_declarator"}:
        node = node.parent
    found: list[Node] = []
    above, row = node.prev_sibling, node.start_point.row
    while above is not None and above.type in {*document.language.comments, *document.language.attributes}:
        end = above.end_point.row - (above.end_point.column == 0)
        if row - end > 1:
            break
        found += [above] if above.type in document.language.comments else []
        row, above = above.start_point.row, above.prev_sibling
    return found
