"""One Python import statement, as data."""

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
        """The import that a statement makes."""
        module, _, name = statement.removeprefix("from ").removeprefix("import ").partition(" import ")
        return cls(module, name)
