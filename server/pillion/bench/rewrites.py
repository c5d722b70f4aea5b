"""A clean refactoring, made by a script: other text that does the same."""

import ast

_RESULT = "result"


def rewritten(source: str) -> str:
    """One function (at column 0) with another layout, without its comments, and with names for what it returns.

    Raises:
        ValueError: `source` isn't Python. (A SyntaxError is passed on.)
    """
    tree = ast.parse(source)
    taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    taken |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    name = next(each for each in (_RESULT, *(f"{_RESULT}_{number}" for number in range(1, 100))) if each not in taken)
    changed = ast.fix_missing_locations(_NamedResults(name).visit(tree))
    return ast.unparse(changed) + "\n"


class _NamedResults(ast.NodeTransformer):
    """`return f(x)` → `result = f(x)`, `return result`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Return(self, node: ast.Return) -> ast.Return | list[ast.stmt]:
        if node.value is None or isinstance(node.value, ast.Constant):
            return node
        named = ast.Assign([ast.Name(self._name, ast.Store())], node.value)
        return [named, ast.Return(ast.Name(self._name, ast.Load()))]
