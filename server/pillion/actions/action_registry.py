"""All actions, in the order of the menus. A new action needs its own file and a line here."""

from pillion.actions.action_row import Action
from pillion.actions.answer import ANSWER
from pillion.actions.architect import ARCHITECT
from pillion.actions.ask_about_finding import ASK
from pillion.actions.change import CHANGE
from pillion.actions.comments import COMMENTS
from pillion.actions.create_file import CREATE
from pillion.actions.debug import DEBUG
from pillion.actions.design import DESIGN
from pillion.actions.docstring import DOCSTRING
from pillion.actions.explain import EXPLAIN
from pillion.actions.implement import IMPLEMENT
from pillion.actions.lint import LINT
from pillion.actions.refactor import REFACTOR
from pillion.actions.rename import RENAME
from pillion.actions.tests import TESTS
from pillion.errors import UnknownActionError

ACTIONS: tuple[Action, ...] = (
    DOCSTRING,
    COMMENTS,
    EXPLAIN,
    REFACTOR,
    RENAME,
    DEBUG,
    LINT,
    ASK,
    ANSWER,
    CHANGE,
    IMPLEMENT,
    TESTS,
    CREATE,
    DESIGN,
    ARCHITECT,
)


def action_by_id(action_id: str) -> Action:
    """The action with this id.

    Raises:
        UnknownActionError: there is none; the message lists all actions.
    """
    for action in ACTIONS:
        if action.id == action_id:
            return action
    known = ", ".join(action.id for action in ACTIONS)
    raise UnknownActionError(f"There is no action {action_id!r}.", hint=f"Known actions: {known}.")
