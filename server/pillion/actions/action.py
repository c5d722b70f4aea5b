"""What an action is: the row that says what the server, the command line and the documentation offer."""

from dataclasses import dataclass, replace
from enum import StrEnum

from pillion.actions.scopes import Scope
from pillion.edits.invariants import Invariant
from pillion.edits.strategies import Becomes
from pillion.tiers import Tier


class Output(StrEnum):
    """What the model is asked for."""

    FIELDS = "fields"  # JSON by a schema, rendered by Pillion: small models are good at it
    CODE = "code"  # the whole symbol, rewritten
    PROSE = "prose"  # words for a person; nothing is edited


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person asks for."""

    id: str
    title: str
    family: str
    tier: Tier
    scope: Scope
    output: Output
    becomes: Becomes
    """What the answer becomes: changes to files, or words."""
    invariants: tuple[Invariant, ...]
    """What must hold of the changes, checked without a model, in this order."""
    audited: bool
    max_tokens: int
    help: str
    ask: str
    """What the model is asked; `{title}` is the language, `{kind}` what the symbol is."""
    words: str = ""
    """A regular expression of the words with which people ask for it in free text; empty: there are none."""
    former_families: tuple[str, ...] = ()
    unchecked: str = ""
    """What nobody has looked at in its edit although it matters: such an edit is offered with these words."""

    @property
    def needs_instruction(self) -> bool:
        """Whether it makes no sense without words: what was found, or what the user says."""
        return self.scope.offered_for != "symbol"

    def on(self, tier: Tier) -> "Action":
        """The same on another tier, which the user chose: code for the highest one is audited."""
        return replace(self, tier=tier, audited=tier is Tier.COMPLEX and self.output is Output.CODE)

    @property
    def offered(self) -> bool:
        """Whether an editor's menus have it, for a symbol or for a finding."""
        return self.scope.offered_for != "words"

    @property
    def kind(self) -> str:
        """The LSP code action kind. What only says something about a symbol is in none of LSP's families: VS Code's
        menu, which shows no `source` actions, has it under “More Actions…”."""
        return f"{self.family}.pillion.{self.id}".removeprefix(".")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kind, and what it is also called by clients that ask for it alone."""
        return (self.kind, *(f"{family}.pillion.{self.id}" for family in self.former_families))

    def title_for(self, name: str) -> str:
        """The title in an editor's menu; `name` is the symbol's, or what was found in it."""
        return f"Pillion: {self.title.format(name=name)}"
