"""The deterministic auditors, in the order their findings matter."""

from pillion.auditors.base import Auditor
from pillion.auditors.calls import CallsAuditor
from pillion.auditors.characters import CharactersAuditor
from pillion.auditors.imports import ImportsAuditor
from pillion.auditors.linter import LinterAuditor
from pillion.auditors.names import NamesAuditor
from pillion.auditors.secrets import SecretsAuditor
from pillion.auditors.stubs import StubsAuditor
from pillion.auditors.syntax import SyntaxAuditor

AUDITORS: tuple[Auditor, ...] = (
    SyntaxAuditor(),
    CharactersAuditor(),
    SecretsAuditor(),
    ImportsAuditor(),
    NamesAuditor(),
    CallsAuditor(),
    StubsAuditor(),
    LinterAuditor(),
)
