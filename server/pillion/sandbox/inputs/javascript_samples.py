"""Values of a shape, as source text: the most telling first."""

import json
from dataclasses import dataclass, field
from random import Random

from pillion.sandbox.inputs import javascript_shape as shapes
from pillion.sandbox.inputs.javascript_shape import Shape

_DEEPEST = 4
_NUMBERS = ("1", "0", "2", "-1", "5", "3", "10", "0.5", "7", "-3", "100", "4")
_STRINGS = ("abc", "", "a", "Hello World", "b", "12", "a,b,c", "  padded ", "camelCaseWord", "x-y_z", "aab", "3.5")
_ANYTHING = (
    *("1", '"abc"', "0", '""', "[1, 2]", "{ a: 1 }", "true", "null", "-2", "[]", "undefined", "false"),
    *('"12"', "[3, 1, 2]", "{ b: { c: 2 } }", "2.5"),
)
_FUNCTIONS = {
    shapes.BOOLEAN: ("(x) => Boolean(x)", "(x) => x > 1", "() => false", "() => true"),
    shapes.NUMBER: ("(a, b) => (b === undefined ? a : a < b ? -1 : a > b ? 1 : 0)", "(x) => Number(x) * 2", "() => 1"),
    shapes.STRING: ("(x) => String(x)", '(x) => "k" + String(x).length', '() => "a"'),
}
_ANY_FUNCTION = ("(x) => x", "(x) => x > 1", "(a, b) => (a < b ? -1 : a > b ? 1 : 0)", "(...xs) => xs.length")
_PER_SHAPE = 24


@dataclass
class Constants:
    """What the code compares with, looks for and counts to."""

    numbers: list[float] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)


class Samples:
    """Makes values. The same shape has the same values in every run."""

    def __init__(self, constants: Constants) -> None:
        self._numbers = list(dict.fromkeys([*_numbers_near(constants.numbers), *_NUMBERS]))
        if constants.numbers:  # plain ones stand between those that the code names
            near, plain = _numbers_near(constants.numbers), list(_NUMBERS)
            mixed = [each for pair in zip(near, plain, strict=False) for each in pair]
            self._numbers = list(dict.fromkeys([*mixed, *near, *plain]))[:_PER_SHAPE]
        self._strings = list(dict.fromkeys(map(_quoted, _strings_with(constants.strings))))[: _PER_SHAPE + 12]

    def of(self, shape: Shape, depth: int = 0) -> list[str]:
        """The values."""
        values = self._of(shape, depth)
        if shape.optional:
            values = [*values[:2], "undefined", *values[2:]]
        return list(dict.fromkeys(values))[: _PER_SHAPE + 12] or ["undefined"]

    def _of(self, shape: Shape, depth: int) -> list[str]:
        parts = shape.parts
        match shape.kind:
            case shapes.NUMBER:
                return self._numbers
            case shapes.STRING:
                return self._strings
            case shapes.BOOLEAN:
                return ["true", "false"]
            case shapes.BIGINT:
                return [f"{each}n" for each in self._numbers if each.lstrip("-").isdigit()]
            case shapes.EXACTLY:
                return shape.texts
            case shapes.DATE:
                return ['new Date("2024-02-29T10:30:00Z")', "new Date(0)", 'new Date("2025-12-31T23:59:59Z")']
            case shapes.REGEXP:
                return ["/a/g", "/[a-z]+/", "/^x/i"]
            case shapes.FUNCTION:
                return list(_FUNCTIONS.get(parts[0].kind if parts else "", _ANY_FUNCTION))
            case shapes.UNION:
                return _in_turn([self.of(each, depth) for each in parts])
            case shapes.ANY:
                return _in_turn([list(_ANYTHING), self._numbers[:8], self._strings[:12]])
        if depth > _DEEPEST:
            return ["[]" if shape.kind in {shapes.LIST, shapes.TUPLE} else "{}"]
        return self._container(shape, depth)

    def _container(self, shape: Shape, depth: int) -> list[str]:
        inner = [self.of(each, depth + 1) for each in shape.parts]
        match shape.kind:
            case shapes.TUPLE:
                rows = [[each[n % len(each)] for each in inner] for n in range(12)]
                return [f"[{', '.join(row)}]" for row in rows]
            case shapes.LIST:
                return self._lists(inner[0] if inner else list(self._numbers))
            case shapes.SET:
                return [f"new Set({each})" for each in self._lists(inner[0] if inner else self._numbers)[:8]]
            case shapes.PROMISE:
                return [f"Promise.resolve({each})" for each in (inner[0] if inner else self._numbers)[:8]]
            case shapes.RECORD:
                return [f"{{ {each} }}" if each else "{}" for each in self._records(inner, "{}: {}")]
            case shapes.MAP:
                return [f"new Map([{each}])" for each in self._records(inner, "[{}, {}]")]
        return self._objects(shape, depth)

    def _lists(self, elements: list[str]) -> list[str]:
        random = Random(len(elements))  # noqa: S311 (nothing secret)
        found: list[str] = []
        pick = elements[:_PER_SHAPE]
        for length in (2, 0, 1, 3, 3, 5, 4, 2, 6, 1, 8, 3, 2, 5, 4, 7):
            chosen = pick[:length] if length == 2 and not found else [random.choice(pick) for _ in range(length)]
            if length >= 4:
                chosen[-1] = chosen[0]  # something comes twice
            found.append(f"[{', '.join(chosen)}]")
        found.insert(4, f"[{', '.join(sorted(pick[:5], key=_size))}]")
        return found

    def _records(self, inner: list[list[str]], form: str) -> list[str]:
        keys = inner[0] if inner else ['"a"', '"b"', '"c"', '"key"']
        values = inner[1] if len(inner) > 1 else self.of(Shape(), 3)
        if form.startswith("{}"):
            keys = [each if each[0] in "\"'" or each.isalnum() else f"[{each}]" for each in keys]
        found = []
        for number, length in enumerate((2, 0, 1, 3, 2, 4)):
            pairs = [(keys[n % len(keys)], values[(number + n) % len(values)]) for n in range(min(length, len(keys)))]
            found.append(", ".join(form.format(*pair) for pair in pairs))
        return found

    def _objects(self, shape: Shape, depth: int) -> list[str]:
        inner = {name: self.of(each, depth + 1) for name, each in shape.fields.items()}
        random = Random(len(inner))  # noqa: S311 (nothing secret)
        found: list[str] = []
        for number in range(14):
            chosen = []
            for name, values in inner.items():
                at = number if number < 2 else random.randrange(len(values))
                value = values[at % len(values)]
                if value != "undefined" or not shape.fields[name].optional:
                    chosen.append(f"{_key(name)}: {value}")
            found.append(f"{{ {', '.join(chosen)} }}" if chosen else "{}")
        return found


def _numbers_near(constants: list[float]) -> list[str]:
    found: list[str] = []
    for each in constants[:12]:
        found += [written_number(each), written_number(each + 1), written_number(each - 1)]
    found += [written_number(each * each) for each in constants[:2] if each > 1]
    found += [written_number(-each) for each in constants[:4]]
    found += [written_number(each * 2) for each in constants[:3]] + [
        written_number(each + 0.5) for each in constants[:2]
    ]
    return list(dict.fromkeys(found))


def written_number(number: float) -> str:
    """As JavaScript writes it."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _strings_with(constants: list[str]) -> list[str]:
    found: list[str] = []
    for each in constants[:10]:
        if len(each) <= 2:
            found += [f"ab{each}cd", f"a{each}b{each}c", f"{each}a", f"a{each}", each]
        else:
            found += [each, f"{each} more", f"an {each}"]
    plain = list(_STRINGS)
    mixed = [each for pair in zip(plain, found, strict=False) for each in pair]
    if 2 <= len(constants) <= 8:
        mixed.insert(2, "a".join(constants))
        mixed.insert(5, "".join(constants))
        mixed.insert(7, "".join(reversed(constants)))
    return [*mixed, *plain, *found]


def _quoted(text: str) -> str:
    return json.dumps(text)


def _key(name: str) -> str:
    return name if name.isidentifier() else _quoted(name)


def _in_turn(lists: list[list[str]]) -> list[str]:
    return [each[n] for n in range(max(map(len, lists), default=0)) for each in lists if n < len(each)]


def _size(text: str) -> tuple[float, str]:
    try:
        return float(text), text
    except ValueError:
        return 0.0, text
