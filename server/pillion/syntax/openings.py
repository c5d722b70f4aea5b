"""Finds what is open at the end of a text that breaks off: brackets, blocks, branches of a switch or preprocessor."""

from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.languages import Language
from pillion.syntax.nodes import text_of

_TAGS = frozenset({"jsx_opening_element", "jsx_closing_element"})
_BRACKETS = {"(": ")", "[": "]", "{": "}", "${": "}"}
# A preprocessor's directive is a line of its own.
_DIRECTIVES = frozenset({"#if", "#ifdef", "#ifndef"})
_ENDIF = "\n#endif\n"
_PYTHON_HEADERS = frozenset({"def", "class"})
# Java and C++ read no `try` without what follows its block.
_HANDLED = {"java": "} finally {}", "cpp": "} catch (...) {}"}
LINE_DIRECTIVES = frozenset({"preproc_include", "preproc_def", "preproc_function_def", "preproc_call"})
JSX_ELEMENT, JSX_TEXT = "jsx_element", "jsx_text"
JSX_OVER = frozenset({JSX_ELEMENT, "jsx_self_closing_element", "jsx_expression"})
_CONDITIONALS = frozenset({"preproc_if", "preproc_ifdef"})
# The content of these begins on the line after their own.
LABELLED = _CONDITIONALS | frozenset(
    {
        "preproc_else",
        "preproc_elif",
        "preproc_elifdef",
        "switch_case",
        "switch_default",
        "case_statement",
        "switch_block_statement_group",
        "expression_case",
        "type_case",
        "default_case",
        "communication_case",
    }
)


def closers(root: Node, language: Language) -> bytes:
    """The text that closes everything that is open at the end of a tree's text, which ends with a line end."""
    opened: list[tuple[str, str]] = []
    in_header = False
    tried = -1  # how deep a `try` stands whose block didn't begin yet
    for node in _marks(root):
        if node.type == "try":
            tried = len(opened)
        elif node.type in _BRACKETS:
            end = _BRACKETS[node.type]
            handled = node.type == "{" and tried == len(opened)
            opened.append((end, _HANDLED.get(language.id, end) if handled else end))
            tried = -1 if handled else tried
        elif node.type in _DIRECTIVES:
            opened.append(("#endif", _ENDIF))
        elif node.type == "jsx_opening_element":
            name = node.child_by_field_name("name")
            opened.append(("jsx_closing_element", f"</{text_of(name) if name is not None else ''}>"))
        elif opened and node.type == opened[-1][0]:
            opened.pop()
        elif node.type in _PYTHON_HEADERS:
            in_header = True
        elif node.type == ":" and not opened:
            in_header = False
    text = "".join(text for _, text in reversed(opened))
    if language.id != "python":
        return text.encode()
    if in_header:
        text += ": pass\n"
    decorated = _decorated_nothing(root)
    if decorated is not None:
        text += " " * decorated.start_point.column + "def _(): pass\n"
    return text.encode()


def _marks(root: Node) -> Iterator[Node]:
    """A tree's tokens in order; each JSX tag counts as one token."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.children and node.type not in _TAGS:
            stack.extend(reversed(node.children))
        elif not node.is_missing:
            yield node


def _decorated_nothing(root: Node) -> Node | None:
    """The decorator that a text ends with."""
    node = root
    while node.children and node.type != "decorator":
        node = node.children[-1]
    return node if node.type == "decorator" else None


def opened_in(node: Node, end: int, language: Language) -> Node | None:
    """The outermost node at the end of `node` that is still open when the text breaks off at byte `end`, or None."""
    current: Node | None = node
    while current is not None and current.type != "ERROR":
        if _is_open(current, end):
            return current
        within = [
            child
            for child in current.children
            if child.start_byte < end and not child.is_missing and child.type not in language.comments
        ]
        current = within[-1] if within else None
    return None


def _is_open(node: Node, end: int) -> bool:
    if not node.children:
        return False
    if node.type in _CONDITIONALS:
        return _ends_behind(node, end)
    if node.type in LABELLED:
        return True
    if node.children[0].type in _BRACKETS or node.type == JSX_ELEMENT:
        return _ends_behind(node, end)
    return node.type == "block"  # Python's: a line of the same depth may always follow


def _braced(node: Node) -> bool:
    return node.children[0].type == "{"


def _ends_behind(node: Node, end: int) -> bool:
    return node.children[-1].start_byte >= end or node.children[-1].is_missing


def header_of(node: Node, inner: Node, source: bytes, done: int) -> tuple[str, int]:
    """The lines that `inner` needs before it so that it is parsed as it is in `node`, and the byte where it begins.

    Complete blocks are emptied: an `else` needs its `if`, but not the content of that. Text before byte `done` is in
    another header.
    """
    start = max(source.rfind(b"\n", 0, node.start_byte) + 1, done)
    if inner.type in LABELLED:
        end = source.find(b"\n", inner.start_byte) + 1
    elif inner.type == "block" and not _braced(inner):
        end = inner.start_byte
        line = source.rfind(b"\n", 0, end) + 1
        end = line if not source[line:end].strip() else end
    else:
        end = inner.children[0].end_byte
    parts: list[bytes] = []
    at = start
    for block in _complete_blocks(node, inner):
        if block.start_byte >= at:
            parts += (source[at : block.start_byte], b"{}" if _braced(block) else b"pass")
            at = block.end_byte
    text = b"".join((*parts, source[at:end])).decode("utf-8", "surrogatepass").rstrip(" \t")
    return text if text.endswith("\n") else text + "\n", end


def _complete_blocks(node: Node, inner: Node) -> Iterator[Node]:
    """The blocks of several lines in `node` before `inner`, in the order of the text."""
    stack = [node]
    while stack:
        current = stack.pop()
        if current.end_byte <= inner.start_byte and current.children:
            if current.start_point.row == current.end_point.row:
                continue
            if current.type == "block" or _braced(current):
                yield current
                continue
        if current.start_byte < inner.start_byte or current.end_byte > inner.start_byte:
            stack.extend(reversed([child for child in current.children if child.start_byte < inner.start_byte]))
