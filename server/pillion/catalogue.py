"""The table of actions. What the server, the command line and the documentation offer is read from here."""

from dataclasses import dataclass, replace
from enum import StrEnum

from pillion.errors import UnknownActionError
from pillion.tiers import Tier


class Scope(StrEnum):
    """Which symbols an action applies to."""

    ANY = "any"  # every symbol
    UNDOCUMENTED = "undocumented"  # a symbol without a docstring that has something to describe
    WRITTEN = "written"  # a symbol whose body does something
    STUB = "stub"  # a symbol that is declared and not written yet
    FINDING = "finding"  # a symbol in which something was found; offered for the finding, not for the symbol
    TOLD = "told"  # every symbol, for whoever says what is wanted; no menu offers it


class Output(StrEnum):
    """What the model is asked for."""

    FIELDS = "fields"  # JSON by a schema, rendered by Pillion: small models are good at it
    CODE = "code"  # the whole symbol, rewritten
    PROSE = "prose"  # words for a person; nothing is edited


class Invariant(StrEnum):
    """What must hold of an edit, checked without a model (edits/invariants.py)."""

    PARSES = "parses"
    SAME_BEHAVIOUR = "same_behaviour"
    SAME_SIGNATURES = "same_signatures"
    NO_STUB_LEFT = "no_stub_left"


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person asks for."""

    id: str
    title: str
    family: str
    tier: Tier
    scope: Scope
    output: Output
    invariants: tuple[Invariant, ...]
    audited: bool
    max_tokens: int
    help: str
    former_families: tuple[str, ...] = ()
    unchecked: str = ""
    """What nobody has looked at in its edit although it matters: such an edit is offered with these words."""

    @property
    def needs_instruction(self) -> bool:
        """Whether it makes no sense without words: what was found, or what the user says."""
        return self.scope in {Scope.FINDING, Scope.TOLD}

    def on(self, tier: Tier) -> "Action":
        """The same on another tier, which the user chose: code for the highest one is audited."""
        return replace(self, tier=tier, audited=tier is Tier.COMPLEX and self.output is Output.CODE)

    @property
    def offered(self) -> bool:
        """Whether an editor's menus have it, for a symbol or for a finding."""
        return self.scope is not Scope.TOLD

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


_PARSES = (Invariant.PARSES,)

ACTIONS: tuple[Action, ...] = (
    Action(
        id="docstring",
        title="Add a docstring to {name}",
        family="refactor.rewrite",
        tier=Tier.SIMPLE,
        scope=Scope.UNDOCUMENTED,
        output=Output.FIELDS,
        invariants=(*_PARSES, Invariant.SAME_BEHAVIOUR),
        audited=False,
        max_tokens=400,
        help="Describe a function or class; the code itself stays as it is.",
    ),
    Action(
        id="explain",
        title="Explain {name}",
        family="",
        former_families=("refactor.rewrite",),
        tier=Tier.SIMPLE,
        scope=Scope.ANY,
        output=Output.PROSE,
        invariants=(),
        audited=False,
        max_tokens=300,
        help="Say in a few sentences what the code does; nothing is edited.",
    ),
    Action(
        id="refactor",
        title="Refactor {name}",
        family="refactor.rewrite",
        tier=Tier.MODERATE,
        scope=Scope.WRITTEN,
        output=Output.CODE,
        invariants=(*_PARSES, Invariant.SAME_SIGNATURES),
        audited=False,
        max_tokens=2048,
        help="Rewrite the body more simply; names and signatures stay.",
        unchecked="nobody has compared what it does with what the code did before",
    ),
    Action(
        id="debug",
        title="fix: {name}",
        family="quickfix",
        tier=Tier.MODERATE,
        scope=Scope.FINDING,
        output=Output.CODE,
        invariants=(*_PARSES, Invariant.SAME_SIGNATURES),
        audited=False,
        max_tokens=2048,
        help="Fix what a finding or your instruction says is wrong; names and signatures stay.",
    ),
    Action(
        id="ask",
        title="ask the large model: {name}",
        family="quickfix",
        tier=Tier.MODERATE,
        scope=Scope.FINDING,
        output=Output.PROSE,
        invariants=(),
        audited=False,
        max_tokens=300,
        help="Ask whether a finding or your instruction is right and what to do; nothing is edited.",
    ),
    Action(
        id="answer",
        title="Answer about {name}",
        family="",
        tier=Tier.SIMPLE,
        scope=Scope.TOLD,
        output=Output.PROSE,
        invariants=(),
        audited=False,
        max_tokens=400,
        help="Answer your question about the code; nothing is edited.",
    ),
    Action(
        id="change",
        title="Change {name}",
        family="refactor.rewrite",
        tier=Tier.MODERATE,
        scope=Scope.TOLD,
        output=Output.CODE,
        invariants=_PARSES,
        audited=False,
        max_tokens=2048,
        help="Change the code as your instruction says.",
    ),
    Action(
        id="implement",
        title="Implement {name}",
        family="refactor.rewrite",
        tier=Tier.COMPLEX,
        scope=Scope.STUB,
        output=Output.CODE,
        invariants=(*_PARSES, Invariant.SAME_SIGNATURES, Invariant.NO_STUB_LEFT),
        audited=True,
        max_tokens=4096,
        help="Write the body of a stub or TODO; the other engine audits it as it streams.",
    ),
)


def action_by_id(action_id: str) -> Action:
    """The action with this id.

    Raises:
        UnknownActionError: there is none; the message lists those there are.
    """
    for action in ACTIONS:
        if action.id == action_id:
            return action
    known = ", ".join(action.id for action in ACTIONS)
    raise UnknownActionError(f"There is no action {action_id!r}.", hint=f"Known actions: {known}.")
