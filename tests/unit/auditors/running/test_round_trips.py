"""What new code must make again of what its counterpart makes, in the real sandbox."""

from collections.abc import Iterator

import pytest

from pillion.auditors.running.round_trips import RoundTripsCheck
from pillion.auditors.running.run_check import Aim, RunReport, RunSubject
from pillion.sandbox.sandboxes import Sandboxes
from tests.unit.auditors.cases import passage

ENCODE = "def encode_text(s: str) -> str:\n    return s[1:] + s[:1]\n\n\n"
DECODE = 'def decode_text(s: str) -> str:\n    """Give back what `encode_text` was given."""\n    '
STUB, RIGHT, WRONG = (f"{DECODE}{body}\n" for body in ("...", "return s[-1:] + s[:-1]", "return s[1:] + s[:1]"))
SAID = "decode_text('bca') returns 'cab', but encode_text('abc') is that, so it must give 'abc'"


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Sandboxes]:
    made = Sandboxes()
    yield made
    made.close()


def report_of(
    before: str,
    after: str,
    sandboxes: Sandboxes,
    *,
    name: str = "decode_text",
    aim: Aim = Aim.NEW,
    language: str = "python",
) -> RunReport:
    return RoundTripsCheck(sandboxes).report(RunSubject(passage(language, after, before), (name,), aim))


@pytest.mark.parametrize(
    ("encode", "decoded", "said", "examples"),
    [
        pytest.param(ENCODE, RIGHT, "", 3, id="right"),
        pytest.param(ENCODE, WRONG, SAID, 3, id="wrong"),
        pytest.param(
            ENCODE, f"{DECODE}return s[9]\n",
            "decode_text('bca') raises IndexError, but encode_text('abc') is that, so it must give 'abc'", 3,
            id="it raises",
        ),
        pytest.param(ENCODE.replace("return s", "s = s.upper()\n    return s"), RIGHT, "", 0, id="it loses the capitals"),
        pytest.param(ENCODE.replace("return s", "s = s.strip()\n    return s"), RIGHT, "", 0, id="it loses spaces"),
        pytest.param("", RIGHT, "", 0, id="no counterpart"),
        pytest.param(ENCODE.replace(": str)", ")"), WRONG, "", 0, id="nobody knows what it takes"),
        pytest.param(ENCODE.replace("s: str", "s: str, key: str"), WRONG, "", 0, id="it takes a key"),
        pytest.param(f"{ENCODE.partition('    return')[0]}    ...\n\n\n", WRONG, "", 0, id="it is a stub itself"),
        pytest.param(ENCODE.replace("s[1:] + s[:1]", "str(len(s))[:0]"), WRONG, "", 0, id="it makes the same of all"),
        pytest.param(ENCODE.replace("return s[1:] + s[:1]", "raise ValueError"), WRONG, "", 0, id="it raises"),
    ],
)  # fmt: skip
def test_what_the_counterpart_makes_is_taken_back(
    encode: str, decoded: str, said: str, examples: int, sandboxes: Sandboxes
) -> None:
    report = report_of(f"{encode}{STUB}", f"{encode}{decoded}", sandboxes)
    assert (report.counterexample, report.examples, report.not_run) == (said, examples, "")
    assert [(each.severity, each.message, each.quote) for each in report.findings] == (
        [("error", f"{said}.", "def decode_text(s: str) -> str:")] if said else []
    )


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"aim": Aim.SAME}, id="code that was there before"),
        pytest.param({"aim": Aim.OTHER}, id="code that is told to change"),
        pytest.param({"name": "encode_text"}, id="the other way round"),
        pytest.param({"language": "javascript"}, id="another language"),
    ],
)
def test_nothing_else_is_looked_at(change: dict[str, object], sandboxes: Sandboxes) -> None:
    assert report_of(f"{ENCODE}{STUB}", f"{ENCODE}{WRONG}", sandboxes, **change) == RunReport()  # type: ignore[arg-type]


def test_documentation_that_names_no_counterpart_promises_nothing(sandboxes: Sandboxes) -> None:
    before, after = (f"{ENCODE}{each}".replace("what `encode_text` was given", "the text") for each in (STUB, WRONG))
    assert report_of(before, after, sandboxes) == RunReport()


@pytest.mark.parametrize(
    ("values", "wrong"),
    [("bytes", "b'cba'"), ("list[int]", "[3, 2, 1]")],
)
def test_other_kinds_of_values(values: str, wrong: str, sandboxes: Sandboxes) -> None:
    head = f'def unpack(s: {values}):\n    """The reverse of pack."""\n'
    pack = f"def pack(s: {values}):\n    return s[::-1]\n\n\n"
    assert report_of(f"{pack}{head}", f"{pack}{head}    return s[::-1]\n", sandboxes, name="unpack").findings == ()
    (found,) = report_of(f"{pack}{head}", f"{pack}{head}    return s\n", sandboxes, name="unpack").findings
    assert found.message.startswith(f"unpack({wrong}) returns {wrong}, but pack(")
