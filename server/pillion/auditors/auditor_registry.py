"""The deterministic auditors, in the order their findings matter."""

from pillion.auditors.auditor import Auditor
from pillion.auditors.calls.call_auditor import CallsAuditor
from pillion.auditors.characters import CharactersAuditor
from pillion.auditors.checkers.checker_auditor import CheckerAuditor
from pillion.auditors.disguises.disguise_auditor import DisguiseAuditor
from pillion.auditors.documents.claims import ClaimsAuditor
from pillion.auditors.documents.remote_content import RemoteContentAuditor
from pillion.auditors.elisions import ElisionsAuditor
from pillion.auditors.imports.import_auditor import ImportsAuditor
from pillion.auditors.linters.linter_auditor import LinterAuditor
from pillion.auditors.names.name_auditor import NamesAuditor
from pillion.auditors.secrets import SecretsAuditor
from pillion.auditors.stubs import StubsAuditor
from pillion.auditors.syntax_errors import SyntaxAuditor

AUDITORS: tuple[Auditor, ...] = (
    SyntaxAuditor(),
    ElisionsAuditor(),
    CharactersAuditor(),
    SecretsAuditor(),
    ImportsAuditor(),
    NamesAuditor(),
    CallsAuditor(),
    ClaimsAuditor(),
    RemoteContentAuditor(),
    StubsAuditor(),
    DisguiseAuditor(),
    LinterAuditor(),
    CheckerAuditor(),
)


def auditors(types: bool, build_tools: frozenset[str]) -> tuple[Auditor, ...]:
    """The auditors as the user wants them: with type checkers or without, and with these build tools."""
    others = tuple(each for each in AUDITORS if not isinstance(each, CheckerAuditor))
    return (*others, CheckerAuditor(build_tools, types=types)) if types or build_tools else others
