"""Lists of arguments for a function."""

from itertools import product
from random import Random
from typing import TYPE_CHECKING

from tree_sitter import Node

from pillion.sandbox.inputs.javascript_samples import Samples

if TYPE_CHECKING:
    from pillion.sandbox.inputs.javascript_parameters import JavaScriptSource, Parameter

_FEW = 10
# So many lists come without the optional arguments, too.
_SHORTER = 5


def argument_lists(source: "JavaScriptSource", function: Node, most: int, seed: int = 0) -> list[list[str]]:
    """Up to `most` lists, the plainest first. With a `seed`, most of them are others."""
    parameters = source.parameters(function)
    samples = Samples(source.constants(function))
    values = [samples.of(each.shape) for each in parameters]
    if not parameters:
        return [[]]
    found: list[list[str]] = []
    if seed:
        for each in values:
            Random(seed).shuffle(each)  # noqa: S311 (nothing secret)
    required = sum(not each.optional and not each.rest for each in parameters)
    # Side by side, then one place after the other, then all pairs of the first few, then at random.
    for n in range(max(map(len, values))):
        found.append([each[n % len(each)] for each in values])
        if n < _SHORTER and required < len(parameters):
            found.append(found[-1][:required])
    for at, each in enumerate(values):
        found += [[*found[0][:at], value, *found[0][at + 1 :]] for value in each[1:]]
    if len(values) > 1:
        found += [list(each) for each in product(*(each[:4] for each in values[:3]))] if len(values) <= 3 else []
    random = Random(len(values) + seed)  # noqa: S311 (nothing secret)
    found += [[random.choice(each) for each in values] for _ in range(most)]
    found = [_with_rest(each, parameters, samples) for each in found]
    unique = list({tuple(each): each for each in found if len(each) >= required}.values())
    return _chosen(unique, most, random)


def _with_rest(values: list[str], parameters: "list[Parameter]", samples: Samples) -> list[str]:
    """A rest parameter takes none, one or several."""
    if not parameters[-1].rest or len(values) < len(parameters):
        return values
    more = samples.of(parameters[-1].shape)
    at = more.index(values[-1]) if values[-1] in more else 0
    count = (2, 0, 3, 1, 4)[at % 5]
    return [*values[:-1], *(more[(at + n) % len(more)] for n in range(count))]


def _chosen(lists: list[list[str]], most: int, random: Random) -> list[list[str]]:
    if len(lists) <= most or most < _FEW:
        return lists[:most]
    head = lists[: most * 2 // 3]
    rest = lists[most * 2 // 3 :]
    random.shuffle(rest)
    return head + rest[: most - len(head)]
