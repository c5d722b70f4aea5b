"""What values a parameter takes, as far as the code shows."""

from dataclasses import dataclass, field

# The kinds; ANY is what nothing is known of.
NUMBER, STRING, BOOLEAN, BIGINT, ANY = "number", "string", "boolean", "bigint", "any"
LIST, TUPLE, OBJECT, RECORD, MAP, SET = "list", "tuple", "object", "record", "map", "set"
DATE, REGEXP, FUNCTION, PROMISE, UNION, EXACTLY = "date", "regexp", "function", "promise", "union", "exactly"
CONTAINERS = frozenset({LIST, TUPLE, OBJECT, RECORD, MAP, SET, DATE})


@dataclass
class Shape:
    """`parts` are a list's elements, a map's keys and values, a tuple's places, a union's choices, or a function's
    result. `texts` are the values themselves, as source. A field whose shape is `optional` may be missing."""

    kind: str = ANY
    parts: list["Shape"] = field(default_factory=list)
    fields: dict[str, "Shape"] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    optional: bool = False

    def has_containers(self) -> bool:
        """Whether a call may change such a value."""
        return (
            self.kind in CONTAINERS
            or (self.kind == EXACTLY and any(each.startswith(("new ", "[", "{")) for each in self.texts))
            or (self.kind == UNION and any(each.has_containers() for each in self.parts))
        )


def list_of(element: Shape) -> Shape:
    """A list's shape."""
    return Shape(LIST, [element])


def union_of(choices: list[Shape]) -> Shape:
    """What may be any of these."""
    known = [each for each in choices if each.kind != ANY] or choices
    return known[0] if len(known) == 1 else Shape(UNION, known)
