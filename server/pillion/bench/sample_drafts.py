"""Three drafts of known shape for the bench: one function, a class of ten methods, and 400 lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from pillion.actions.action_registry import action_by_id
from pillion.errors import DocumentError
from pillion.pipeline.outcome import Task
from pillion.prompts.prompt import fenced
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.syntax.target import Target

_FIELDS = (
    "quantity",
    "weight",
    "volume",
    "discount",
    "deposit",
    "postage",
    "insurance",
    "packing",
    "handling",
    "customs",
    "rebate",
    "surcharge",
)
_FUNCTION = '''\
def price_order(order, rates):
    """Add up what an order costs; say what is wrong with it."""
'''
_CHECK = """\
    {field} = order.get("{field}")
    if {field} is None:
        problems.append("{field} is missing")
    elif {field} < 0:
        problems.append("{field} is below zero")
    else:
        total += {field} * rates.get("{field}", 1)
"""
_CLASS = '''\
class {name}:
    """{purpose}"""
'''
_INIT = """\

    def __init__(self):
        self.rows = {}
        self.log = []
"""
# Nine lines each, and a blank one before.
_METHODS = (
    '''
    def add_{noun}(self, {noun}, amount):
        """Keep a {noun} and return its number."""
        if amount <= 0:
            raise ValueError("a {noun} needs an amount")
        rows = self.rows.setdefault("{noun}", [])
        number = len(rows) + 1
        rows.append({{"number": number, "name": {noun}, "amount": amount}})
        self.log.append(("add {noun}", number))
        return number
''',
    '''
    def find_{noun}(self, name, default=None):
        """Return the last {noun} of that name."""
        found = default
        for row in self.rows.get("{noun}", []):
            if row["name"] == name:
                found = row
        if found is default:
            self.log.append(("no {noun}", name))
        return found
''',
    '''
    def remove_{noun}(self, number):
        """Forget a {noun}; say whether it was there."""
        rows = self.rows.get("{noun}", [])
        kept = [row for row in rows if row["number"] != number]
        gone = len(kept) < len(rows)
        if gone:
            self.rows["{noun}"] = kept
            self.log.append(("remove {noun}", number))
        return gone
''',
    '''
    def total_{noun}(self, least=0):
        """Add up every {noun} of at least so much."""
        total = 0
        for row in self.rows.get("{noun}", []):
            amount = row["amount"]
            if amount >= least:
                total += amount
        self.log.append(("total {noun}", total))
        return total
''',
    '''
    def largest_{noun}(self):
        """Return the {noun} with the largest amount."""
        rows = self.rows["{noun}"]
        largest = rows[0]
        for row in rows:
            if row["amount"] > largest["amount"]:
                largest = row
        self.log.append(("largest {noun}", largest["number"]))
        return largest
''',
)
_NOUNS = ("invoice", "payment", "refund", "credit", "order", "parcel", "voucher", "fee")


@dataclass(frozen=True, slots=True)
class SampleDraft:
    """What a fake engine drafts: `code` implements `symbol`, which is a stub in `document`.

    An auditor reports the line `wrong`, which occurs once.
    """

    title: str
    symbol: str
    document: str
    code: str
    wrong: str
    complaint: str

    @property
    def reply(self) -> str:
        """The draft as a model sends it."""
        return fenced(self.code, "python") + "\n"

    def task(self) -> Task:
        """The job that implements the stub."""
        return implement(self.document, self.symbol)


def implement(document: str, symbol: str) -> Task:
    """The job that implements a stub in a Python file.

    Raises:
        DocumentError: there is no such symbol.
    """
    language = language_by_id("python")
    parsed = ParsedText.of(language, document) if language is not None else None
    found = parsed.symbols.named(symbol) if parsed is not None else None
    if parsed is None or found is None:
        raise DocumentError(f"“{symbol}” isn't in the document.")
    return Task("file:///bench/draft.py", action_by_id("implement"), Target.of(found), parsed)


def sample_drafts() -> tuple[SampleDraft, ...]:
    """One function of about 90 lines, a class of ten methods, and a class of 400 lines."""
    return (
        _function(),
        _class("ten functions", "Ledger", "Keeps what comes in and what goes out.", _NOUNS[:2]),
        _class("400 lines", "Warehouse", "Keeps the papers of a warehouse.", _NOUNS),
    )


def _function() -> SampleDraft:
    checks = "".join(_CHECK.format(field=field) for field in _FIELDS)
    code = f"{_FUNCTION}    problems = []\n    total = 0\n{checks}    return total, problems\n"
    return SampleDraft(
        "one function",
        "price_order",
        f"{_FUNCTION}    raise NotImplementedError\n",
        code,
        wrong='total += volume * rates.get("volume", 1)',
        complaint="A rate that is missing should be reported.",
    )


def _class(title: str, name: str, purpose: str, nouns: Sequence[str]) -> SampleDraft:
    head = _CLASS.format(name=name, purpose=purpose)
    methods = "".join(method.format(noun=noun) for noun in nouns for method in _METHODS)
    return SampleDraft(
        title,
        name,
        f"{head}\n    pass\n",
        head + _INIT + methods,
        wrong=f'rows = self.rows["{nouns[0]}"]',
        complaint="Fails with a KeyError or an IndexError when there is none.",
    )
