"""What helps to find good calls, beside the code itself."""

from dataclasses import dataclass

from pillion.sandbox.sandbox import Call


@dataclass(frozen=True, slots=True)
class Hints:
    """Nothing of it is trusted.

    `calls` are source texts with calls of the function: the examples of its documentation, the workspace's tests.
    `proposals` are what a model thought of. `returned` and `failed` are calls that were made for this function and run
    already: with them, other calls are asked for, like those that returned. `telling` are those of them that reached
    code which others didn't reach.
    """

    calls: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    returned: tuple[Call, ...] = ()
    failed: tuple[Call, ...] = ()
    telling: tuple[Call, ...] = ()
