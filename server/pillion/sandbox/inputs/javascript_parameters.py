"""The parameters of one function, as shapes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tree_sitter import Node

from pillion.sandbox.inputs import javascript_shape as shapes
from pillion.sandbox.inputs.javascript_arguments import argument_lists
from pillion.sandbox.inputs.javascript_asked import asked_kinds
from pillion.sandbox.inputs.javascript_jsdoc import documented_types
from pillion.sandbox.inputs.javascript_names import shape_by_name
from pillion.sandbox.inputs.javascript_patterns import text_for
from pillion.sandbox.inputs.javascript_samples import Constants
from pillion.sandbox.inputs.javascript_shape import Shape
from pillion.sandbox.inputs.javascript_types import TypeReader
from pillion.sandbox.inputs.javascript_uses import UseReader, shape_of_literal
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.syntax.nodes import FUNCTION_VALUES, body_of, text_of

_MOST = 8
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. A `rest` takes any number of values. Where the code doesn't say which kind of values it takes, it
    isn't `certain`."""

    name: str
    shape: Shape
    optional: bool = False
    rest: bool = False
    certain: bool = True


class JavaScriptSource:
    """The source of a slice, to be asked for its functions."""

    def __init__(self, source: str) -> None:
        language = language_by_id("typescript")
        assert language is not None  # noqa: S101  (a row of the table)
        self._language = language
        self._parsed = ParsedText.of(language, source)
        self._types = TypeReader(self._declared, self._instance)
        self._uses = UseReader(self._parameter)
        # Functions call themselves, and classes take their own objects.
        self._open: set[str] = set()

    def function(self, path: tuple[str, ...]) -> Node | None:
        """The function's or method's node; of a class, its constructor's."""
        found = [each for each in self._parsed.symbols.occurrences(path) if body_of(each) is not None]
        if found and found[-1].type in {"class_declaration", "abstract_class_declaration"}:
            return self.function((*path, "constructor"))
        return found[-1] if found else None

    def methods(self, owner: str) -> list[Node]:
        """A class's methods."""
        return [
            each
            for each in self._parsed.symbols.walk()
            if each.type == "method_definition" and self._parsed.symbols.path_of(each)[:-1] == (owner,)
        ]

    def returned_function(self, function: Node) -> Node | None:
        """The function that it returns, if it does nothing else."""
        body = body_of(function)
        if body is None or body.type in FUNCTION_VALUES:
            return body
        returned: list[Node] = []
        stack = list(body.named_children) if body.type == "statement_block" else []
        while stack:
            node = stack.pop()
            if node.type == "return_statement":
                returned += node.named_children[:1] or [node]
            elif node.type not in FUNCTION_VALUES and node.type != "function_declaration":
                stack += node.named_children
        return returned[0] if len(returned) == 1 and returned[0].type in FUNCTION_VALUES else None

    def parameters(self, function: Node, depth: int = 0) -> list[Parameter]:
        """A function's parameters."""
        holder = function.child_by_field_name("value") or function
        single = holder.child_by_field_name("parameter")
        listed = holder.child_by_field_name("parameters")
        nodes = [single] if single is not None else listed.named_children if listed is not None else []
        documented = documented_types(self._comment(function))
        body = body_of(function)
        wanted = [each for each in nodes if each.type != "comment" and text_of(each).split(":")[0] != "this"]
        return [self._read(each, body, documented.get(_name(each), ""), depth) for each in wanted[:_MOST]]

    def constants(self, function: Node) -> Constants:
        """What the function, and what it calls, compares with."""
        found = Constants()
        seen: set[str] = set()
        stack = [function]
        while stack:
            node = stack.pop()
            text = text_of(node) if not node.child_count or node.type in {"string", "string_fragment"} else ""
            if node.type == "number":
                _add_number(found, text)
            elif node.type in {"string", "string_fragment"} and 0 < len(text) <= 40:
                plain = text if node.type == "string_fragment" else ""
                if plain and plain not in found.strings:
                    found.strings.append(plain)
            elif node.type == "regex":
                pattern = node.child_by_field_name("pattern")
                matched = text_for(text_of(pattern)) if pattern is not None else ""
                found.strings += [matched] if len(matched) > 2 and matched not in found.strings else []
                found.strings += [each for each in ("a1", "A", "-", "_", " ", "9", ".") if each not in found.strings]
            elif node.type == "identifier" and text not in seen and len(seen) < 40:
                seen.add(text)
                stack += self._bound(text)
            if node.type == "case" or node.child_count:
                stack += reversed(node.named_children)
        return found

    def _bound(self, name: str) -> list[Node]:
        """What a name of the top level stands for."""
        for each in self._parsed.tree.root_node.named_children:
            if each.type in {"lexical_declaration", "variable_declaration"}:
                for declarator in each.named_children:
                    bound = declarator.child_by_field_name("name")
                    value = declarator.child_by_field_name("value")
                    if bound is not None and value is not None and text_of(bound) == name:
                        return [value]
        found = self.function((name,))
        return [found] if found is not None else []

    def _read(self, node: Node, body: Node | None, documented: str, depth: int) -> Parameter:
        pattern = node.child_by_field_name("pattern") or node
        default = node.child_by_field_name("value") or pattern.child_by_field_name("right")
        is_optional = node.type == "optional_parameter" or default is not None or documented.endswith("?")
        is_rest = pattern.type == "rest_pattern"
        inner = pattern.named_children[0] if is_rest and pattern.named_children else pattern
        shape = self._types.shape(node.child_by_field_name("type"))
        if shape.kind == shapes.ANY and documented:
            shape = self._written(documented.rstrip("?"))
        if shape.kind == shapes.ANY:
            shape = shape_of_literal(default)
        declared = shape.kind != shapes.ANY
        if (not declared or _is_vague(shape)) and body is not None and depth <= _DEEPEST:
            used = self._uses.pattern(body, inner, depth)
            shape = used if shape.kind == shapes.ANY or used.kind == shape.kind else shape
        if is_rest:
            shape = shape.parts[0] if shape.kind == shapes.LIST and shape.parts else Shape(shapes.NUMBER)
        is_guess = shape.kind in {shapes.ANY, shapes.UNION} or shape == shape_by_name(_name(node))
        asked = asked_kinds(body, _name(node)) if body is not None and not declared else []
        if asked and (is_guess or shape.kind in {each.kind for each in asked}):
            shape, is_guess = Shape(shapes.UNION, [shape, *asked, Shape()]), False
        return Parameter(_name(node), shape, is_optional, is_rest, declared or not is_guess)

    def _written(self, type_text: str) -> Shape:
        parsed = ParsedText.of(self._language, f"type _ = {type_text};")
        alias = parsed.tree.root_node.named_children
        readable = alias and alias[0].type == "type_alias_declaration" and not alias[0].has_error
        return self._types.shape(alias[0].child_by_field_name("value")) if readable else Shape()

    def _comment(self, function: Node) -> str:
        above = self._parsed.symbols.outermost(function).prev_sibling
        return text_of(above) if above is not None and above.type == "comment" else ""

    def _declared(self, name: str) -> Node | None:
        wanted = {"interface_declaration", "type_alias_declaration", "enum_declaration", "class_declaration"}
        stack = list(self._parsed.tree.root_node.named_children)
        while stack:
            node = stack.pop()
            if node.type in wanted:
                found = node.child_by_field_name("name")
                if found is not None and text_of(found) == name:
                    return node
            elif node.type in {"export_statement", "ambient_declaration"}:
                stack += node.named_children
        return None

    def _instance(self, node: Node, depth: int) -> Shape:
        name = text_of(node.child_by_field_name("name") or node)
        if depth > _DEEPEST or name in self._open:
            return Shape(shapes.EXACTLY, texts=["null"])
        constructor = self.function((name, "constructor"))
        with self._opened(name):
            lists = argument_lists(self, constructor, 4) if constructor is not None else [[]]
        return Shape(shapes.EXACTLY, texts=[f"new {name}({', '.join(each)})" for each in lists])

    @contextmanager
    def _opened(self, name: str) -> Iterator[None]:
        self._open.add(name)
        try:
            yield
        finally:
            self._open.discard(name)

    def _parameter(self, name: str, at: int, depth: int) -> Shape:
        function = self.function((name,)) if depth <= _DEEPEST and name not in self._open else None
        if function is None:
            return Shape()
        with self._opened(name):
            found = self.parameters(function, depth)
        return found[at].shape if at < len(found) and not found[at].rest else Shape()


def _is_vague(shape: Shape) -> bool:
    return shape.kind == shapes.RECORD or (shape.kind == shapes.LIST and shape.parts[0].kind == shapes.ANY)


def _name(node: Node) -> str:
    pattern = node.child_by_field_name("pattern") or node
    if pattern.type == "assignment_pattern":
        pattern = pattern.child_by_field_name("left") or pattern
    return text_of(pattern).lstrip(".")


def _add_number(found: Constants, text: str) -> None:
    try:
        number = float(int(text.replace("_", ""), 0))
    except ValueError:
        try:
            number = float(text.replace("_", ""))
        except ValueError:
            return
    if number not in found.numbers and abs(number) < 1e12:
        found.numbers.append(number)
