"""What a parameter is, by what the code does with it."""

from collections import Counter
from collections.abc import Callable, Iterator

from tree_sitter import Node

from pillion.sandbox.inputs import javascript_shape as shapes
from pillion.sandbox.inputs.javascript_methods import BY_CALL, BY_METHOD, OF_LISTS, OF_REGEXPS
from pillion.sandbox.inputs.javascript_names import shape_by_name
from pillion.sandbox.inputs.javascript_shape import Shape, list_of, union_of
from pillion.syntax.nodes import FUNCTION_VALUES, text_of

_DEEPEST = 4
_ARITHMETIC = frozenset({"-", "*", "/", "%", "**", "|", "&", "^", "<<", ">>", ">>>", "-=", "*=", "/=", "%=", "**="})
_ORDER = frozenset({"<", ">", "<=", ">="})
_EQUAL = frozenset({"===", "!==", "==", "!="})
_PARTS = frozenset({"identifier", "member_expression", "subscript_expression"})


class UseReader:
    """Reads the uses of names in code. `parameter` gives the shape of another function's parameter, by its name and
    its place."""

    def __init__(self, parameter: Callable[[str, int, int], Shape]) -> None:
        self._parameter = parameter

    def shape(self, body: Node, path: str, depth: int = 0) -> Shape:
        """What `path` (a name, or an expression such as `order.items`) holds in this code."""
        if depth > _DEEPEST:
            return Shape()
        votes = _Votes()
        for node in _named(body, path):
            self._vote(votes, node, body, path, depth)
        return votes.shape(path.rpartition(".")[2])

    def pattern(self, body: Node, pattern: Node, depth: int = 0) -> Shape:
        """The shape that a parameter's pattern asks for."""
        if pattern.type == "object_pattern":
            fields: dict[str, Shape] = {}
            for each in pattern.named_children:
                key, inner = _field(each)
                if key is not None and inner is not None:
                    fields[text_of(key)] = self.pattern(body, inner, depth + 1)
                    fields[text_of(key)].optional |= each.type == "object_assignment_pattern"
            return Shape(shapes.OBJECT, fields=fields)
        if pattern.type == "array_pattern":
            return Shape(shapes.TUPLE, [self.pattern(body, each, depth + 1) for each in pattern.named_children])
        if pattern.type == "assignment_pattern":
            left, right = pattern.child_by_field_name("left"), pattern.child_by_field_name("right")
            by_default = shape_of_literal(right)
            return by_default if by_default.kind != shapes.ANY or left is None else self.pattern(body, left, depth)
        return self.shape(body, text_of(pattern), depth)

    def _vote(self, votes: "_Votes", node: Node, body: Node, path: str, depth: int) -> None:
        parent = node.parent
        if parent is None:
            return
        kind, field = parent.type, _field_of(parent, node)
        if kind == "member_expression" and field == "object":
            self._member(votes, parent, body, depth)
        elif kind == "subscript_expression" and field == "object":
            votes.kinds["indexed"] += 1
            index = parent.child_by_field_name("index")
            if index is not None and index.type == "string":
                votes.fields[text_of(index)[1:-1]] = self.shape(body, text_of(parent), depth + 1)
            else:
                votes.elements.append(self.shape(body, text_of(parent), depth + 1))
        elif kind == "subscript_expression":
            votes.kinds["index"] += 1
        elif kind == "call_expression" and field == "function":
            votes.kinds[shapes.FUNCTION] += 5
        elif kind == "arguments":
            self._argument(votes, parent, node, depth)
        elif kind in {"binary_expression", "augmented_assignment_expression"}:
            _operation(votes, parent, node)
        elif kind == "unary_expression":
            operator = text_of(parent.children[0])
            if operator in {"-", "+", "~"}:
                votes.kinds[shapes.NUMBER] += 2
        elif kind == "update_expression":
            votes.kinds[shapes.NUMBER] += 3
        elif kind == "for_in_statement" and field == "right":
            self._looped(votes, parent, depth)
        elif kind == "spread_element":
            is_object = parent.parent is not None and parent.parent.type == "object"
            votes.kinds[shapes.RECORD if is_object else shapes.LIST] += 2
        elif kind in {"variable_declarator", "assignment_expression"} and field in {"value", "right"}:
            bound = parent.child_by_field_name("name") or parent.child_by_field_name("left")
            if bound is not None and text_of(bound) != path:
                votes.same.append(self.pattern(body, bound, depth + 1))
        elif kind in {"if_statement", "ternary_expression", "parenthesized_expression"} and depth == 0:
            votes.kinds["truth"] += 1

    def _member(self, votes: "_Votes", member: Node, body: Node, depth: int) -> None:
        name = member.child_by_field_name("property")
        around = member.parent
        if name is None or around is None:
            return
        called = around if around.type == "call_expression" and _field_of(around, member) == "function" else None
        word = text_of(name)
        if called is None and word not in {"length", "size"}:
            votes.fields[word] = self.shape(body, text_of(member), depth + 1)
            return
        for methods, kind in BY_METHOD:
            if word in methods:
                votes.kinds[kind] += 2
                break
        else:
            votes.fields[word] = Shape(shapes.FUNCTION)
        if called is not None:
            self._elements(votes, word, called, depth)

    def _elements(self, votes: "_Votes", word: str, called: Node, depth: int) -> None:
        given = called.child_by_field_name("arguments")
        first = given.named_children[0] if given is not None and given.named_children else None
        if first is None:
            return
        if first.type in FUNCTION_VALUES:
            inner = first.child_by_field_name("body")
            single = first.child_by_field_name("parameter")
            listed = first.child_by_field_name("parameters")
            names = [single] if single is not None else _patterns(listed)
            at = 1 if word.startswith("reduce") else 0
            if inner is not None and len(names) > at and word in OF_LISTS:
                votes.elements.append(self.pattern(inner, names[at], depth + 1))
        elif word in {"includes", "indexOf", "push"} and first.type in {"string", "number"}:
            votes.elements.append(shape_of_literal(first))

    def _looped(self, votes: "_Votes", loop: Node, depth: int) -> None:
        if any(child.type == "in" for child in loop.children):
            votes.kinds[shapes.RECORD] += 2
            return
        votes.kinds["list or string"] += 3
        bound, inner = loop.child_by_field_name("left"), loop.child_by_field_name("body")
        if bound is not None and inner is not None:
            votes.elements.append(self.pattern(inner, bound, depth + 1))

    def _argument(self, votes: "_Votes", arguments: Node, node: Node, depth: int) -> None:
        call = arguments.parent
        callee = (call.child_by_field_name("function") or call.child_by_field_name("constructor")) if call else None
        if callee is None:
            return
        name = text_of(callee)
        if name.startswith("Math."):
            votes.kinds[shapes.NUMBER] += 3
        elif name in BY_CALL:
            votes.kinds[BY_CALL[name]] += 3
        elif name == "Array.isArray":
            votes.kinds["list?"] += 1
        elif callee.type == "member_expression":
            method = name.rpartition(".")[2]
            if method in OF_REGEXPS or method in {"startsWith", "endsWith", "localeCompare"}:
                votes.kinds[shapes.STRING] += 2
            elif method in {"slice", "charAt", "repeat", "padStart", "padEnd", "toFixed", "at", "substring"}:
                votes.kinds[shapes.NUMBER] += 1 if arguments.named_children[0].id == node.id else 0
        elif callee.type == "identifier":
            at = next((n for n, each in enumerate(arguments.named_children) if each.id == node.id), 0)
            votes.same.append(self._parameter(name, at, depth + 1))


class _Votes:
    """What was seen of one name."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.fields: dict[str, Shape] = {}
        self.elements: list[Shape] = []
        self.same: list[Shape] = []
        self.literals: list[str] = []

    def shape(self, name: str) -> Shape:
        """The most likely shape."""
        kinds = self.kinds
        by_name = shape_by_name(name)
        if kinds[shapes.FUNCTION]:
            return Shape(shapes.FUNCTION)
        element = next((each for each in self.elements if each.kind != shapes.ANY), Shape())
        for kind in (shapes.LIST, shapes.STRING, shapes.DATE, shapes.REGEXP):
            if kinds[kind] and kinds[kind] >= max(kinds[each] for each in (shapes.LIST, shapes.STRING)):
                return self._listed(element, by_name) if kind == shapes.LIST else Shape(kind)
        if kinds[shapes.SET] and not kinds[shapes.MAP]:
            return Shape(shapes.SET, [element])
        if kinds[shapes.MAP] or kinds[shapes.SET]:
            return Shape(shapes.MAP)
        if self.fields and not kinds["list or string"]:
            return Shape(shapes.OBJECT, fields=self.fields)
        if kinds["list or string"] or (kinds["indexed"] and by_name.kind in {shapes.LIST, shapes.STRING}):
            return self._either(element, by_name)
        for kind in (shapes.NUMBER, shapes.RECORD, shapes.BOOLEAN, shapes.BIGINT):
            if kinds[kind]:
                return Shape(kind)
        known = next((each for each in self.same if each.kind != shapes.ANY), None)
        if known is not None:
            return known
        if kinds["indexed"]:
            return union_of([self._listed(element, by_name), Shape(shapes.RECORD)])
        if by_name.kind == shapes.ANY and (kinds["order"] or kinds["plus"] or kinds["index"]):
            return Shape(shapes.NUMBER)
        if by_name.kind == shapes.ANY and kinds["list?"]:
            return union_of([list_of(Shape(shapes.NUMBER)), Shape(shapes.STRING), Shape(shapes.NUMBER)])
        return by_name

    def _listed(self, element: Shape, by_name: Shape) -> Shape:
        if element.kind == shapes.ANY:
            element = by_name.parts[0] if by_name.kind == shapes.LIST and by_name.parts else Shape(shapes.NUMBER)
        return list_of(element)

    def _either(self, element: Shape, by_name: Shape) -> Shape:
        if by_name.kind == shapes.STRING and element.kind in {shapes.ANY, shapes.STRING}:
            return Shape(shapes.STRING)
        if by_name.kind == shapes.LIST or element.kind not in {shapes.ANY, shapes.STRING}:
            return self._listed(element, by_name)
        return union_of([self._listed(element, by_name), Shape(shapes.STRING)])


def shape_of_literal(node: Node | None) -> Shape:
    """The shape of a value that stands in the code."""
    if node is None:
        return Shape()
    kind = {
        "number": shapes.NUMBER,
        "string": shapes.STRING,
        "template_string": shapes.STRING,
        "true": shapes.BOOLEAN,
        "false": shapes.BOOLEAN,
        "arrow_function": shapes.FUNCTION,
        "function_expression": shapes.FUNCTION,
        "regex": shapes.REGEXP,
        "unary_expression": shapes.NUMBER,
    }.get(node.type, "")
    if kind:
        return Shape(kind)
    if node.type == "array" and node.named_children:
        return list_of(shape_of_literal(node.named_children[0]))
    return Shape()


def _operation(votes: _Votes, parent: Node, node: Node) -> None:
    operator = parent.child_by_field_name("operator")
    left, right = parent.child_by_field_name("left"), parent.child_by_field_name("right")
    if operator is None or left is None or right is None:
        return
    other = right if left.id == node.id else left
    literal, sign = shape_of_literal(other).kind, text_of(operator)
    if sign in _ARITHMETIC:
        votes.kinds[shapes.NUMBER] += 3
    elif sign in _EQUAL or sign in _ORDER or sign in {"+", "+="}:
        if literal in {shapes.NUMBER, shapes.STRING, shapes.BOOLEAN}:
            votes.kinds[literal] += 2
        elif sign in _ORDER:
            votes.kinds["order"] += 1
        elif sign not in _EQUAL:
            votes.kinds["plus"] += 1
    elif sign == "in":
        votes.kinds[shapes.RECORD if right.id == node.id else shapes.STRING] += 2


def _named(body: Node, path: str) -> Iterator[Node]:
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type in _PARTS and text_of(node) == path:
            yield node
        stack += reversed(node.named_children)


def _field_of(parent: Node, child: Node) -> str:
    at = next((n for n, each in enumerate(parent.children) if each.id == child.id), None)
    return (parent.field_name_for_child(at) or "") if at is not None else ""


def _field(part: Node) -> tuple[Node | None, Node | None]:
    """The key of a part of an object's pattern, and the pattern that gets its value."""
    if part.type == "pair_pattern":
        return part.child_by_field_name("key"), part.child_by_field_name("value")
    if part.type == "object_assignment_pattern":
        left = part.child_by_field_name("left")
        return left, left
    return (part, part) if part.type == "shorthand_property_identifier_pattern" else (None, None)


def _patterns(parameters: Node | None) -> list[Node]:
    found = [each for each in parameters.named_children if each.type != "comment"] if parameters is not None else []
    return [each.child_by_field_name("pattern") or each for each in found]
