"""An import that can't be found, and the message about it."""

from dataclasses import dataclass

from tree_sitter import Node


@dataclass(frozen=True, slots=True)
class Missing:
    """One missing import. `certain` is False if there was nothing to compare the name with."""

    node: Node
    message: str
    certain: bool

    @classmethod
    def package(cls, node: Node, name: str, kind: str, compared_with: str) -> "Missing":
        """A package that is in none of the places that `compared_with` names; it is empty if there were none."""
        if compared_with:
            return cls(
                node,
                f"{kind} “{name}” is not in {compared_with}: make sure that it exists and is what you mean "
                "before you install it.",
                True,
            )
        return cls(
            node,
            f"{kind} “{name}” is unknown here, and there is no manifest to compare it with: make sure that it exists "
            "before you install it.",
            False,
        )

    @classmethod
    def file(cls, node: Node, name: str, *, certain: bool = True) -> "Missing":
        """A file or module of the workspace's own that isn't there."""
        return cls(node, f"“{name}” is imported, but there is no such file: correct the path or create it.", certain)
