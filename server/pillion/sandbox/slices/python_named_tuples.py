"""Named tuples that have methods of their own."""

import ast

from pillion.syntax.python_trees import parse_module

_METHODS = """
def __init__(self, {parameters}):
    {assignments}
def _values(self):
    return ({values})
def __iter__(self):
    return iter([{values}])
def __getitem__(self, index):
    return ({values})[index]
def __len__(self):
    return {count}
def __eq__(self, other):
    return ({values}) == (other._values() if hasattr(other, "_values") else other)
def __hash__(self):
    return hash(({values}))
def __contains__(self, value):
    return value in ({values})
def index(self, value):
    return ({values}).index(value)
def count(self, value):
    return ({values}).count(value)
@classmethod
def _make(cls, values):
    return cls(*values)
def _asdict(self):
    return {{{pairs}}}
def _replace(self, **changes):
    return type(self)(**{{**self._asdict(), **changes}})
"""


def makes_named_tuple(value: ast.expr) -> bool:
    """Whether it is a call of `namedtuple`."""
    return isinstance(value, ast.Call) and ast.unparse(value.func).endswith("namedtuple")


def tuple_fields(call: ast.Call) -> tuple[list[str], list[ast.expr]] | None:
    """The names of the fields, and their defaults, of a call of namedtuple; None if it is another call."""
    name = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    if name != "namedtuple" or len(call.args) < 2:
        return None
    match call.args[1]:
        case ast.Constant(value=str(text)):
            names = text.replace(",", " ").split()
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            names = [each.value for each in elements if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if len(names) != len(elements):
                return None
        case _:
            return None
    defaults: list[ast.expr] = []
    for each in call.keywords:
        if each.arg != "defaults" or not isinstance(each.value, (ast.List, ast.Tuple)):
            return None
        defaults = each.value.elts
    return names, defaults


def tuple_like(names: list[str], defaults: list[ast.expr]) -> list[ast.FunctionDef]:
    """The methods of a class whose values behave as such a tuple's."""
    text = _METHODS.format(
        parameters=", ".join(names),
        assignments="; ".join(f"self.{each} = {each}" for each in names) or "pass",
        values="".join(f"self.{each}, " for each in names),
        pairs=", ".join(f"{each!r}: self.{each}" for each in names),
        count=len(names),
    )
    made = [each for each in parse_module(text).body if isinstance(each, ast.FunctionDef)]
    made[0].args.defaults = list(defaults)
    return made
