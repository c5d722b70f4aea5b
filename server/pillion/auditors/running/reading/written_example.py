"""What an example says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Form(StrEnum):
    """How an example is written: it says how exactly its value is meant."""

    TEST = "test"  # as `==` compares
    DOCTEST = "doctest"  # as Python prints it
    PROSE = "prose"  # as people speak: a list may be a tuple, 2.67 may be 2.6666


@dataclass(frozen=True, slots=True)
class Callee:
    """What examples call. `owner`: the class around a method. `known`: the names that the document defines.

    `annotations` are those of the parameters that have one; `parameters` leave the receiver out.
    """

    name: str
    owner: str = ""
    parameters: tuple[str, ...] = ()
    required: int = 0
    known: frozenset[str] = frozenset()
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrittenExample:
    """A call and what is wanted of it, all as source text.

    `wanted` is the value; `raises` the exception's name; `output` what a doctest shows, whatever it is. `setup` are
    statements before the call. `origin` ends the sentence “… but {origin} says 3”. `is_wish`: it says what should be,
    and not what is.
    """

    call: str
    wanted: str = ""
    raises: str = ""
    output: str | None = None
    options: frozenset[str] = frozenset()
    setup: str = ""
    quote: str = ""
    form: Form = Form.PROSE
    origin: str = ""
    is_wish: bool = False
    tolerance: float = 0.0

    @property
    def subject(self) -> str:
        """The same for two examples of one call."""
        return "".join(f"{self.setup}\n{self.call}".split()).replace('"', "'")

    @property
    def said(self) -> str:
        """What it wants, for a person."""
        return self.wanted or self.raises or (self.output or "").strip()
