"""What helps to find good calls, beside the code itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hints:
    """Nothing of it is trusted. `calls` are source texts with calls of the function: the examples of its documentation,
    the workspace's tests. `proposals` are what a model thought of."""

    calls: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
