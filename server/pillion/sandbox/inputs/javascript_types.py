"""TypeScript's types, and those of JSDoc, as shapes."""

from collections.abc import Callable, Mapping

from tree_sitter import Node

from pillion.sandbox.inputs import javascript_shape as shapes
from pillion.sandbox.inputs.javascript_shape import Shape, list_of, union_of
from pillion.syntax.nodes import text_of

_DEEPEST = 6
_NAMED: Mapping[str, str] = {
    "number": shapes.NUMBER,
    "Number": shapes.NUMBER,
    "int": shapes.NUMBER,
    "integer": shapes.NUMBER,
    "float": shapes.NUMBER,
    "string": shapes.STRING,
    "String": shapes.STRING,
    "boolean": shapes.BOOLEAN,
    "bool": shapes.BOOLEAN,
    "Boolean": shapes.BOOLEAN,
    "bigint": shapes.BIGINT,
    "Date": shapes.DATE,
    "RegExp": shapes.REGEXP,
    "Function": shapes.FUNCTION,
    "function": shapes.FUNCTION,
    "object": shapes.RECORD,
    "Object": shapes.RECORD,
    "PropertyKey": shapes.STRING,
}
_LISTS = frozenset({"Array", "ReadonlyArray", "Iterable", "ArrayLike", "Iterator"})
_SAME = frozenset({"Readonly", "Required", "NonNullable", "Awaited"})


class TypeReader:
    """Reads types with the help of what the same text declares: `declared` gives a name's node, if there is one, and
    `instance` the shape of a class's objects."""

    def __init__(self, declared: Callable[[str], Node | None], instance: Callable[[Node, int], Shape]) -> None:
        self._declared = declared
        self._instance = instance

    def shape(self, node: Node | None, depth: int = 0) -> Shape:
        """The shape that a type's node describes."""
        if node is None or depth > _DEEPEST:
            return Shape()
        kind, inner = node.type, [each for each in node.named_children if each.type != "comment"]
        if kind in {"type_annotation", "parenthesized_type", "readonly_type", "optional_type", "rest_type"}:
            return self.shape(inner[-1] if inner else None, depth)
        if kind == "array_type":
            return list_of(self.shape(inner[0], depth + 1)) if inner else list_of(Shape())
        if kind == "tuple_type":
            return Shape(shapes.TUPLE, [self.shape(each, depth + 1) for each in inner])
        if kind == "union_type":
            return union_of([self.shape(each, depth + 1) for each in inner])
        if kind == "intersection_type":
            return self._joined([self.shape(each, depth + 1) for each in inner])
        if kind == "literal_type":
            return Shape(shapes.EXACTLY, texts=[text_of(node)])
        if kind in {"object_type", "interface_body"}:
            return self._object(inner, depth)
        if kind == "function_type":
            result = node.child_by_field_name("return_type")
            return Shape(shapes.FUNCTION, [self.shape(result, depth + 1)])
        if kind == "generic_type":
            return self._generic(node, depth)
        if kind == "index_type_query":
            of = self.shape(inner[0] if inner else None, depth + 1)
            return (
                Shape(shapes.EXACTLY, texts=[f'"{each}"' for each in of.fields]) if of.fields else Shape(shapes.STRING)
            )
        return self._named(text_of(node), depth)

    def _named(self, name: str, depth: int) -> Shape:
        if name in {"undefined", "null"}:
            return Shape(shapes.EXACTLY, texts=[name])
        if name in _NAMED:
            return Shape(_NAMED[name])
        if name in _LISTS:
            return list_of(Shape())
        node = self._declared(name)
        if node is None or depth > _DEEPEST:
            return Shape()
        if node.type == "interface_declaration":
            extended = [
                self.shape(each, depth + 1)
                for clause in node.named_children
                if clause.type == "extends_type_clause"
                for each in clause.named_children
            ]
            return self._joined([*extended, self.shape(node.child_by_field_name("body"), depth + 1)])
        if node.type == "type_alias_declaration":
            return self.shape(node.child_by_field_name("value"), depth + 1)
        if node.type == "enum_declaration":
            body = node.child_by_field_name("body")
            members = [each.child_by_field_name("name") or each for each in body.named_children] if body else []
            return Shape(
                shapes.EXACTLY, texts=[f"{name}.{text_of(each)}" for each in members if each.type != "comment"]
            )
        return self._instance(node, depth + 1)

    def _generic(self, node: Node, depth: int) -> Shape:
        name = text_of(node.child_by_field_name("name") or node)
        given = node.child_by_field_name("type_arguments")
        parts = [self.shape(each, depth + 1) for each in given.named_children] if given is not None else []
        first = parts[0] if parts else Shape()
        if name in _LISTS:
            return list_of(first)
        if name in {"Map", "ReadonlyMap"}:
            return Shape(shapes.MAP, parts)
        if name == "Record":
            return Shape(shapes.RECORD, parts)
        if name in {"Set", "ReadonlySet"}:
            return Shape(shapes.SET, [first])
        if name == "Promise":
            return Shape(shapes.PROMISE, [first])
        if name in _SAME:
            return first
        if name == "Partial":
            fields = {each: _optional(shape) for each, shape in first.fields.items()}
            return Shape(shapes.OBJECT, fields=fields)
        if name in {"Pick", "Omit"}:
            names = {each.strip("\"'") for part in parts[1:] for each in [*part.texts, *_texts(part)]}
            kept = {each: shape for each, shape in first.fields.items() if (each in names) == (name == "Pick")}
            return Shape(shapes.OBJECT, fields=kept)
        return self._named(name, depth)

    def _object(self, members: list[Node], depth: int) -> Shape:
        fields: dict[str, Shape] = {}
        for each in members:
            name = each.child_by_field_name("name")
            if each.type == "index_signature":
                return Shape(
                    shapes.RECORD, [Shape(shapes.STRING), self.shape(each.child_by_field_name("type"), depth + 1)]
                )
            if name is None:
                continue
            if each.type == "method_signature":
                shape = Shape(shapes.FUNCTION, [self.shape(each.child_by_field_name("return_type"), depth + 1)])
            else:
                shape = self.shape(each.child_by_field_name("type"), depth + 1)
            is_optional = any(child.type == "?" for child in each.children)
            fields[text_of(name).strip("\"'")] = _optional(shape) if is_optional else shape
        return Shape(shapes.OBJECT, fields=fields)

    def _joined(self, all_of: list[Shape]) -> Shape:
        fields = {name: shape for each in all_of for name, shape in each.fields.items()}
        return Shape(shapes.OBJECT, fields=fields) if fields else all_of[-1]


def _texts(shape: Shape) -> list[str]:
    return [text for each in shape.parts for text in each.texts]


def _optional(shape: Shape) -> Shape:
    return Shape(shape.kind, shape.parts, shape.fields, shape.texts, optional=True)
