"""What a value looks like, as far as code shows it: a list of numbers, a mapping with the key "price"."""

from dataclasses import dataclass, replace

# Their values are written into a name of their own, because a call may change them.
MUTABLE = frozenset({"list", "iterable", "dict", "record", "set", "object", "instance", "pairs"})


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape.

    `kind` is a builtin type's name or one of: `any`, `char`, `number`, `pairs` (a list of tuples), `record` (a mapping
    with these `keys`), `object` (it has these `keys` as attributes), `instance` (of the class `name`, made with these
    `keys`), `one of` (of `values`), `callable`. `parts` are the shapes of the elements, of keys and values, or of each
    of `keys`. `values` are source texts that tell more than others.
    """

    kind: str
    parts: tuple["Shape", ...] = ()
    keys: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    name: str = ""

    def with_values(self, values: tuple[str, ...]) -> "Shape":
        """The same shape with telling values."""
        return replace(self, values=tuple(dict.fromkeys(self.values + values))) if values else self


ANY = Shape("any")
INT, FLOAT, STR, BYTES, BOOL, NONE, CHAR = (
    Shape(kind) for kind in ("int", "float", "str", "bytes", "bool", "None", "char")
)


def list_of(shape: Shape) -> Shape:
    """A list of such elements."""
    return Shape("list", (shape,))
