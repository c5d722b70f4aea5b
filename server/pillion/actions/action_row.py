"""An action's row. The server, the command line and the documentation offer the action as its row says."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pillion.actions.scopes import Scope
from pillion.edits.invariants import Invariant
from pillion.edits.strategies import Becomes
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.syntax.target import Target


class Output(StrEnum):
    """The form of the answer that the model is asked for."""

    FIELDS = "fields"  # JSON that follows a schema and that Pillion renders: small models are good at it
    CODE = "code"  # the whole symbol, rewritten
    COMMENTS = "comments"  # the whole symbol with comments, and nothing but these is taken
    NAMES = "names"  # JSON with new names for something
    PROSE = "prose"  # words for a person; nothing is edited


@dataclass(frozen=True, slots=True)
class Action:
    """Work that a person can ask for."""

    id: str
    title: str
    family: str
    tier: Tier
    scope: Scope
    output: Output
    becomes: Becomes
    """What the answer becomes: changes to files, or words."""
    invariants: tuple[Invariant, ...]
    """The rules that the changes must obey. They are checked without a model, in this order."""
    audited: bool
    max_tokens: int
    help: str
    ask: str
    """The question to the model. `{title}` is the language, `{kind}` the symbol's kind, `{name}` the target's name,
    `{examples}` a sentence about its documentation's examples, if there are any."""
    title_if_documented: str = ""
    """The title for a symbol that has a documentation already; empty: the same."""
    words: str = ""
    """A regular expression for the words with which people ask for it in free text; empty: there are none."""
    former_families: tuple[str, ...] = ()
    unchecked: str = ""
    """Says what no check covers in its edits although it matters. Its edits are offered with these words."""

    mends_diagnostics: Literal["", "errors", "all"] = ""
    """Which diagnostics of the editor's other servers a menu offers it for."""
    rechecked: bool = False
    """Whether the linter that reported what it was told runs again: that must be gone, and nothing new may come."""
    unless_rechecked: str = ""
    """Says what isn't known of its edits if that linter can't run again. They are then offered with these words."""

    @property
    def writes_code(self) -> bool:
        """Whether the model writes into code, and not only documentation or words."""
        return self.output in {Output.CODE, Output.COMMENTS}

    @property
    def needs_instruction(self) -> bool:
        """Whether it needs words: a finding, or the user's instruction."""
        return self.scope.offered_for != "symbol"

    def on(self, tier: Tier) -> "Action":
        """The same action on another tier, which the user chose. Code of the highest tier is audited."""
        return replace(self, tier=tier, audited=tier is Tier.COMPLEX and self.output is Output.CODE)

    def titled_for(self, target: "Target | None") -> "Action":
        """The same action with the title that fits this target."""
        documented = target is not None and target.around is not None and target.around.documented
        return replace(self, title=self.title_if_documented) if documented and self.title_if_documented else self

    @property
    def offered(self) -> bool:
        """Whether editors' menus offer it, for a symbol or for a finding."""
        return self.scope.offered_for != "words"

    @property
    def kind(self) -> str:
        """The LSP code action kind. An action that only explains is in none of LSP's families: VS Code's menu doesn't
        show `source` actions, and shows this one under “More Actions…”."""
        return f"{self.family}.pillion.{self.id}".removeprefix(".")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kind, and its former kinds: clients may ask for only one of these."""
        return (self.kind, *(f"{family}.pillion.{self.id}" for family in self.former_families))

    def title_for(self, name: str) -> str:
        """The title in an editor's menu. `name` is the symbol's name, or a finding's text."""
        return f"Pillion: {self.title.format(name=name)}"
