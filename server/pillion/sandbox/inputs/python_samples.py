"""Source texts of values of a shape, the most telling first."""

import ast
import itertools
from random import Random

from pillion.sandbox.inputs.python_constants import Constants
from pillion.sandbox.inputs.python_patterns import matching_text
from pillion.sandbox.inputs.python_shapes import ANY, INT, STR, Shape
from pillion.syntax.python_trees import parse_expression

_DEEPEST = 4
_MOST = 40
_WORDS = ("a", "b", "abc", "Hello", "x", "foo bar", "12", "é")
_TEXTS: tuple[str, ...] = (
    "abc",
    "",
    "Hello, World",
    "a",
    "hello world foo",
    "  padded  ",
    "aab",
    "12",
    "a,b",
    "x=1",
    "A",
    "-3.5",
    "a\nb",
)
_TEXTS += ("aa bb aa", "ÄÖé", "a/b.c", "[1, 2]", "AbC dEf", "\t", "level", "4111", "59")
_NUMBERS = (3, 0, 1, 2, 5, -1, 10, 7, 4, 12, -4, 100, 6, 9, 255, 1000)
_FLOATS = ("1.5", "0.0", "2.0", "-1.5", "0.25", "10.0", "3.7", "100.0", "0.1", "1", "0.9", "0.6")
_FUNCTIONS: tuple[str, ...] = (
    "lambda *each: each[0]",
    "lambda *each: len(each)",
    "lambda *each: str(each[0])",
    "lambda *each: None",
)
_FUNCTIONS += ("lambda *each: bool(each[0])",)
_FEW = {"int": ("0", "1", "2", "3"), "str": ("'a'", "'b'", "'abc'"), "float": ("0.5", "1.0", "2.0")}
# Rows of one length.
_TABLES = (
    "[[1, 2], [3, 4]]",
    "[[5]]",
    "[[0, 1, 2], [3, 4, 5], [6, 7, 8]]",
    "[[2, 0], [1, 3]]",
    "[[1, 2, 3], [4, 5, 6]]",
)
_RELATED = frozenset({"int", "float", "str", "list"})
# Indices of a list's elements among the samples of their shape: sorted, reversed, equal, mixed.
_PATTERNS: tuple[tuple[int, ...], ...] = (
    (0, 1, 2),
    (),
    (0,),
    (1, 2, 0, 3),
    (2, 2, 1, 2),
    (1,),
    (3, 2),
    (4, 5, 6, 0),
    (0, 0),
    (2, 3, 4, 5, 6, 7),
    (5, 1, 5, 7, 1),
    (6, 7, 8, 9),
)


class Samples:
    """Makes values with a program's constants. The same shape gives the same values, in every process."""

    def __init__(self, constants: Constants) -> None:
        self._constants = constants

    def of(self, shape: Shape, depth: int = 0) -> list[str]:
        """Some values, without doubles."""
        plain = [] if shape.kind == "one of" and shape.values else self._plain(shape, depth)
        return list(dict.fromkeys([*shape.values, *plain]))[:_MOST]

    def _plain(self, shape: Shape, depth: int) -> list[str]:
        if depth > _DEEPEST:
            return ["1", "'a'"]
        match shape.kind:
            case "int":
                return self._integers()
            case "float":
                return self._floats()
            case "str":
                return self._texts()
            case "char":
                return [repr(each) for each in dict.fromkeys([*self._constants.characters, *"aA1 z-é"])]
            case "bytes":
                texts = [each for each in self._texts() if each.isascii()]
                return [f"b{each}" for each in texts] + [r"b'\x00\xff\x80'", r"b'=3D=\n'"]
            case "bool":
                return ["True", "False"]
            case "None":
                return ["None"]
            case "callable":
                return list(_FUNCTIONS)
            case "list" | "set" | "pairs":
                return self._lists(shape, depth)
            case "tuple":
                return [f"({', '.join(each)}{',' if len(each) == 1 else ''})" for each in self._rows(shape, depth)]
            case "dict":
                return self._mappings(shape, depth)
            case "record":
                return [self._record(shape, row) for row in self._rows(shape, depth)] + ["{}"]
            case "object" | "instance":
                name = shape.name or "_Thing"
                return [
                    f"{name}({', '.join(f'{key}={value}' for key, value in zip(shape.keys, row, strict=True))})"
                    for row in self._rows(shape, depth)
                ]
        return ["3", "'abc'", "0", "''", "1.5", "[1, 2]", "None", "'a'", "5", "-1"]

    def _integers(self) -> list[str]:
        around = [
            int(number) + step for number in self._constants.numbers for step in (0, -1, 1) if abs(number) <= 100_000
        ]
        mixed = [each for pair in itertools.zip_longest(_NUMBERS, around) for each in pair if each is not None]
        return [str(each) for each in dict.fromkeys(mixed)]

    def _floats(self) -> list[str]:
        around = [float(number) + step for number in self._constants.numbers for step in (0, -0.5, 0.5)]
        mixed = [
            each for pair in itertools.zip_longest(_FLOATS, map(repr, around)) for each in pair if each is not None
        ]
        return list(dict.fromkeys(mixed))

    def _texts(self) -> list[str]:
        constants, characters = self._constants, self._constants.characters
        made = [f"{text}" for text in constants.words]
        for character in characters:
            made += [f"a{character}b", f"{character}a {character}b {character}a", f"ab{character}12{character} c"]
        made += [f"{word}x" for word in constants.words] + [f"x {word} y" for word in constants.words]
        made += [*characters] + [f"{character}a{character}" for character in characters]
        for one, other in itertools.pairwise(characters):
            made += [f"a{one}b{other}c", f"{one}1{other}", f"x{other}y{one}"]
        made += ["".join(f"{number}{character}" for number, character in enumerate(characters))] if characters else []
        sure = Random(0)  # noqa: S311 (nothing secret)
        made = [*(matching_text(each, sure) for each in constants.patterns for _ in range(2)), *made]
        mixed = [each for pair in itertools.zip_longest(_TEXTS, made) for each in pair if each is not None]
        return [repr(each) for each in dict.fromkeys(mixed)]

    def _lists(self, shape: Shape, depth: int) -> list[str]:
        part = shape.parts[0] if shape.parts else ANY
        inner = self.of(INT if part.kind == "any" and not part.values else part, depth + 1) or ["1"]
        if part.kind == "int":
            inner = sorted(inner[:10], key=int) + inner[10:]
        rows = [[inner[at % len(inner)] for at in pattern] for pattern in _PATTERNS]
        if part.kind == "list" and part.parts and part.parts[0].kind in {"int", "float", "any"} and not shape.values:
            return [*_TABLES, *(f"[{', '.join(row)}]" for row in rows)]
        if shape.kind == "set":
            return [f"{{{', '.join(dict.fromkeys(row))}}}" if row else "set()" for row in rows]
        return [f"[{', '.join(row)}]" for row in rows]

    def _mappings(self, shape: Shape, depth: int) -> list[str]:
        key, value = (*shape.parts, ANY, ANY)[:2]
        keys = self.of(STR if key.kind == "any" else key, depth + 1)
        if key.kind in {"any", "str"}:
            keys = [repr(each) for each in dict.fromkeys([*self._constants.words[:6], *_WORDS])]
        values = self.of(INT if value.kind == "any" and not value.values else value, depth + 1)
        rows = [(), (0,), (0, 1, 2), (1, 2), (2, 0, 3, 4), (3,), (4, 5), (5, 6, 0)]
        texts = []
        for shift, row in enumerate(rows):
            pairs = {keys[at % len(keys)]: values[(at + shift) % len(values)] for at in row}
            texts.append(f"{{{', '.join(f'{name}: {each}' for name, each in pairs.items())}}}")
        return [texts[2], *texts[:2], *texts[3:]]

    def _rows(self, shape: Shape, depth: int) -> list[list[str]]:
        columns = [self.of(each, depth + 1) or ["None"] for each in shape.parts]
        longest = max(map(len, columns), default=1)
        straight = [[column[row % len(column)] for column in columns] for row in range(min(longest, 12))]
        shifted = [
            [column[(row + place * (row + 1)) % len(column)] for place, column in enumerate(columns)]
            for row in range(min(longest, 12))
        ]
        return [*straight, *shifted]

    def _record(self, shape: Shape, row: list[str]) -> str:
        return f"{{{', '.join(f'{key!r}: {value}' for key, value in zip(shape.keys, row, strict=True))}}}"

    def random(self, shape: Shape, chance: Random, depth: int = 0, *, telling: bool = False) -> str:
        """One value, made at random; `telling`: of those that the code compares with, wherever there are some."""
        if shape.values and (telling or chance.random() < 0.3):
            return chance.choice(shape.values)
        if depth > _DEEPEST or (shape.values and chance.random() < 0.4):
            return chance.choice(self.of(shape, depth))
        match shape.kind:
            case "int" | "str" | "float" if chance.random() < 0.3:  # so that some are equal
                return chance.choice(_FEW[shape.kind])
            case "int":
                numbers = [int(each) for each in self._constants.numbers if abs(each) <= 100_000]
                if numbers and chance.random() < 0.4:
                    return str(chance.choice(numbers) + chance.choice((-1, 0, 0, 1)))
                return str(chance.randint(-3, 12) if chance.random() < 0.8 else chance.randint(-200, 2000))
            case "float":
                most = chance.choice((1, 1, 12))
                return repr(round(chance.uniform(-most / 4, most), chance.choice((0, 1, 2))))
            case "str":
                return repr(self._sentence(chance))
            case "list":
                part = shape.parts[0] if shape.parts else INT
                part = INT if part.kind == "any" else part
                telling = telling or chance.random() < 0.5
                count = chance.randint(1, 6)
                return f"[{', '.join(self.random(part, chance, depth + 1, telling=telling) for _ in range(count))}]"
            case "tuple" if shape.parts:
                row = [self.random(each, chance, depth + 1, telling=telling) for each in shape.parts]
                return f"({', '.join(row)}{',' if len(row) == 1 else ''})"
            case "record":
                return self._record(
                    shape, [self.random(each, chance, depth + 1, telling=telling) for each in shape.parts]
                )
        return chance.choice(self.of(shape, depth))

    def related(self, mix: tuple[Shape, ...], texts: list[str], chance: Random) -> list[str]:
        """The same values, but for one that now has to do with another of its kind: equal, near, or a piece of it."""
        pairs = [
            (at, to)
            for at, one in enumerate(mix)
            for to, other in enumerate(mix)
            if at != to and one.kind == other.kind and one.kind in _RELATED
        ]
        if not pairs:
            return texts
        at, to = chance.choice(pairs)
        made = list(texts)
        made[to] = self._piece(texts[at], chance) if mix[at].kind == "str" else self.near(texts[at], chance)
        if chance.random() < 0.3:
            made[to] = texts[at]
        return made

    def _piece(self, text: str, chance: Random) -> str:
        """A part of a text, perhaps with one of the characters that the code looks for in its place."""
        try:
            value = ast.literal_eval(text)
        except (SyntaxError, ValueError):
            return text
        if not isinstance(value, str) or not value:
            return text
        first = chance.randrange(len(value))
        last = chance.randint(first + 1, len(value))
        mark = chance.choice(("", "", *self._constants.characters[:8]))
        return repr(
            chance.choice((value[first:last], value[:first] + mark + value[last:], value[:last], value[first:]))
        )

    def near(self, text: str, chance: Random) -> str:
        """A value like this one, with one constant changed in it."""
        try:
            tree = parse_expression(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return text
        constants = [each for each in ast.walk(tree) if isinstance(each, ast.Constant) and each.value is not None]
        if not constants:
            return text
        node = chance.choice(constants)
        match node.value:
            case bool():
                node.value = not node.value
            case int() | float() as number:
                node.value = abs(number + chance.choice((-1, 1, 2, -2, 10)))
            case str() as word:
                at, cut = chance.randint(0, len(word)), chance.choice((0, 0, 0, 1, 2))
                added = self._sentence(chance)[: chance.choice((0, 1, 1, 3, 9))]
                node.value = f"{word[:at]}{added}{word[at + cut :]}"
        return ast.unparse(tree)

    def _sentence(self, chance: Random) -> str:
        """Words, numbers and the characters and words that the code looks for: in any order, or as a list of a few
        words, some of them twice."""
        marks = self._constants.characters or (" ", ",")
        words = self._constants.words or _WORDS
        if self._constants.patterns and chance.random() < 0.4:
            text = matching_text(chance.choice(self._constants.patterns), chance)
            return f"{text}{chance.choice(('', '', ' ', text, 'x'))}"
        if chance.random() < 0.1:
            return f"{chance.choice(('', '', *marks[:2]))}".join(str(chance.randint(0, 999)) for _ in range(3))
        if chance.random() < 0.4:
            between, mark = chance.choice((" ", " ", "\n", ",", *marks[:4])), chance.choice(("", *marks[:6]))
            few = [chance.choice((f"{mark}{word}", f"{word}{mark}", word)) for word in ("a", "b", "Ab", *words[:3])[:4]]
            if chance.random() < 0.3:  # so that most come twice
                few = [f"{mark}a", f"{mark}b"]
            return between.join(chance.choice(few) for _ in range(chance.randint(1, 5)))[:60]
        if self._constants.words and chance.random() < 0.3:
            return f"{chance.choice(_WORDS)}{chance.choice(words)}{chance.choice(('', ' ', *_WORDS))}"
        tokens = [
            chance.choice(chance.choice((marks, marks, words, _WORDS, ("1", "23", "0", "x", "Y", " "))))
            for _ in range(chance.randint(1, 9))
        ]
        return "".join(tokens)[:60]
