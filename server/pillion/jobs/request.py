"""What somebody asks for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pillion.actions.action import Action

if TYPE_CHECKING:
    from pillion.prompts.build import Retry


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What somebody asked for. [start, end) are code points of the document's `version`; `finding_id` is that of the
    finding it is about, or empty.

    `place`: what a message calls [start, end); empty: as an editor does. `only_shown`: the edit is offered and never
    applied, and whoever asked keeps it if need be.

    Of one that is tried again: `symbol` is the name of what has to stand at its place, `refused` the earlier draft.
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
