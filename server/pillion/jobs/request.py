"""The request for a job."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.actions.action_row import Action

if TYPE_CHECKING:
    from pillion.prompts.build import Retry


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A draft that was kept in a file."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What the user asked for. [start, end) are code points of the document's `version`. `finding_id` is the id of the
    finding that the request is about, or empty.

    `place`: a message's words for [start, end); empty: the words that an editor uses. `only_shown`: the edit is offered
    and never applied; the caller keeps it if necessary.

    `kept`: the draft to use; then no model is asked, and the file goes once the document has its edit.

    For another try: `symbol` is the name of the symbol that has to stand at the place; `refused` is the earlier draft.
    """

    action: Action
    uri: str
    start: int
    end: int
    version: int | None
    instruction: str
    finding_id: str = ""
    symbol: str = ""
    refused: "Retry | None" = None
    place: str = ""
    only_shown: bool = False
    kept: KeptAnswer | None = None
