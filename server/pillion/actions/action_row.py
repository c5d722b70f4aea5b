"""An action's row. The server, the command line and the documentation offer the action as its row says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pillion.actions.scopes import Scope
from pillion.auditors.running.aim import Aim
from pillion.edits.invariants import Invariant
from pillion.edits.strategies import Answered, Becomes, Briefing
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.syntax.target import Target


class Output(StrEnum):
    """The form of the answer that the model is asked for."""

    FIELDS = "fields"  # JSON that follows a schema and that Pillion renders: small models are good at it
    CODE = "code"  # the whole symbol, rewritten
    COMMENTS = "comments"  # the whole symbol with comments, and nothing but these is taken
    FILE = "file"  # the whole text of a new file
    DOCUMENT = "document"  # the whole text of a new document for people, in Markdown
    TESTS = "tests"  # tests of the symbol, which stand apart from it
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
    `{examples}` a sentence about its documentation's examples, if there are any; of a new file, `{subject}` is the
    file, and `{words}` is what is wanted."""
    ask_selected: str = ""
    """The question about what is selected, if that is no single symbol: `{what}` are words for it, such as “these lines
    of a Python function”."""
    title_if_documented: str = ""
    """The title for a symbol that has a documentation already; empty: the same."""
    words: str = ""
    """A regular expression for the words with which people ask for it in free text; empty: there are none."""
    briefing: Briefing | None = None
    """What else the model is told, after a look at the disk: in the job, never for a menu."""
    former_families: tuple[str, ...] = ()
    told_title: str = ""
    """The title where the user's words say what is wanted, and not the target."""
    hindrance: Callable[[Answered], str] | None = None
    """Says, before a model is asked, why an answer couldn't be used, whatever it is; empty if nothing is known against
    it. Looks at the disk. The answer is still empty."""
    unchecked: str = ""
    """Says what no check covers in its edits although it matters. Its edits are offered with these words."""

    aim: Aim | None = None
    """What its edits do to the code's behaviour; with None, nothing that they change is run."""
    must_be_compared: bool = False
    """Whether its edits are offered unless all that they change was run and does the same as before."""

    mends_diagnostics: Literal["", "errors", "all"] = ""
    """Which diagnostics of the editor's other servers a menu offers it for."""
    rechecked: bool = False
    """Whether the linter that reported what it was told runs again: that must be gone, and nothing new may come."""
    unless_rechecked: str = ""
    """Says what isn't known of its edits if that linter can't run again. They are then offered with these words."""

    @property
    def writes_code(self) -> bool:
        """Whether the model writes into code, and not only documentation or words."""
        return self.output in {Output.CODE, Output.COMMENTS, Output.TESTS}

    @property
    def makes_file(self) -> bool:
        """Whether the answer becomes a new file."""
        return self.output in {Output.FILE, Output.DOCUMENT}

    @property
    def needs_instruction(self) -> bool:
        """Whether it needs words: a finding, or the user's instruction."""
        return self.scope.offered_for != "symbol"

    def on(self, tier: Tier) -> "Action":
        """The same action on another tier, which the user chose. Code of the highest tier is audited."""
        auditable = self.output is Output.CODE or self.makes_file
        return replace(self, tier=tier, audited=tier is Tier.COMPLEX and auditable)

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

    def title_of(self, name: str, told: str = "") -> str:
        """What it does. `name` is the symbol's name, or a finding's text; `told` are the user's words."""
        return self.told_title if self.told_title and told.strip() else self.title.format(name=name)

    def title_for(self, name: str, told: str = "") -> str:
        """The title in an editor's menu; see `title_of`."""
        return f"Pillion: {self.title_of(name, told)}"
