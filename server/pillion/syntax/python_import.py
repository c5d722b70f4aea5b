"""One import statement of Python's, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Import:
    """`import module`, or `from module import name`."""

    module: str
    name: str = ""

    @property
    def statement(self) -> str:
        """The line to write."""
        return f"from {self.module} import {self.name}" if self.name else f"import {self.module}"

    @classmethod
    def of(cls, statement: str) -> "Import":
        """The one that has this statement."""
        module, _, name = statement.removeprefix("from ").removeprefix("import ").partition(" import ")
        return cls(module, name)
