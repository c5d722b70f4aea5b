"""Values of JavaScript like others, with one thing changed: what is near a telling input is often telling, too."""

import json
from random import Random

from tree_sitter import Node

from pillion.sandbox.inputs.javascript_samples import Constants, written_number
from pillion.sandbox.inputs.javascript_written import elements
from pillion.syntax.nodes import text_of

_CHANGED = frozenset({"number", "string", "true", "false", "null", "undefined", "array", "object", "unary_expression"})
_LETTERS = "ab Z09_-."
_LONGEST = 2_000


def near(value: str, constants: Constants, chance: Random) -> str:
    """The value with one of its parts changed; as it is if nothing in it can be changed."""
    if len(value) > _LONGEST:
        return value
    read = elements(f"({value})")
    if len(read) != 1:
        return value
    nodes: list[Node] = []
    stack = [read[0]]
    while stack:
        node = stack.pop()
        if node.type in _CHANGED or text_of(node) == "undefined":
            nodes.append(node)
        # A minus sign belongs to its number.
        stack += node.named_children if node.type not in {"arrow_function", "unary_expression"} else []
    if not nodes:
        return value
    chosen = chance.choice(nodes)
    base, data = read[0].start_byte, value.encode()
    new = _changed(chosen, constants, chance)
    return (data[: chosen.start_byte - base] + new.encode() + data[chosen.end_byte - base :]).decode("utf-8", "replace")


def _changed(node: Node, constants: Constants, chance: Random) -> str:
    text = text_of(node)
    match node.type:
        case "number" | "unary_expression":
            return _number(text, constants, chance)
        case "string":
            return _string(text, constants, chance)
        case "true" | "false":
            return "false" if text == "true" else "true"
        case "array":
            return f"[{', '.join(_fewer_or_more([text_of(each) for each in node.named_children], chance))}]"
        case "object":
            parts = _fewer_or_more([text_of(each) for each in node.named_children], chance)
            return f"{{ {', '.join(parts)} }}" if parts else "{}"
    return chance.choice(["null", "undefined", "1", '"a"', "[1]", "{ a: 1 }", "true"])


def _number(text: str, constants: Constants, chance: Random) -> str:
    try:
        number = float(text.replace(" ", ""))
    except ValueError:
        return text
    choices = [number + 1, number - 1, -number, number * 2, 0.0, number + 0.5]
    for each in chance.sample(constants.numbers, min(3, len(constants.numbers))):
        choices += [each, each + 1, each - 1]
    return written_number(chance.choice(choices))


def _string(text: str, constants: Constants, chance: Random) -> str:
    try:
        inner = json.loads(text)
    except ValueError:
        inner = text[1:-1]
    letter = (
        chance.choice(constants.strings) if constants.strings and chance.random() < 0.7 else chance.choice(_LETTERS)
    )
    at = chance.randint(0, len(inner))
    changed = chance.choice(
        (
            inner[:at] + letter + inner[at:],
            inner[:at] + letter + inner[at + 1 :],
            inner[:at] + inner[at + 1 :],
            inner[:at] + letter,
            letter + inner[at:],
            inner + inner[at:],
            letter,
            inner.upper(),
        )
    )
    return json.dumps(changed)


def _fewer_or_more(parts: list[str], chance: Random) -> list[str]:
    if not parts:
        return parts
    at = chance.randrange(len(parts))
    return chance.choice(
        (parts[:at] + parts[at + 1 :], [*parts, parts[at]], parts[::-1], parts[:at], [parts[at], *parts])
    )
