"""Whatever a model writes, no auditor raises, takes long or quotes what isn't there."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.auditors.auditor import Auditor, Passage
from pillion.auditors.auditor_registry import AUDITORS
from pillion.auditors.passage_findings import MAX_QUOTE_CHARACTERS
from pillion.syntax.languages import LANGUAGES
from tests.support.texts import SOURCES
from tests.unit.auditors.cases import passage

DEEP = 2000
HOSTILE = {
    "empty": "",
    "blank": " \t\r\n\f\n",
    "nul": "import os\0\nx = '\0'\n",
    "one line of a megabyte": "x = '" + "a" * 1_000_000 + "'\n",
    "one word of a megabyte": "a" * 1_000_000,
    "only brackets": "(" * 90_000,
    "nested brackets": "x = " + "[" * DEEP + "]" * DEEP,
    "nested calls": "f(" * DEEP + ")" * DEEP,
    "nested blocks": "function f() {" * DEEP + "}" * DEEP,
    "nested functions": "".join(" " * depth + "def f():\n" for depth in range(DEEP)) + " " * DEEP + "pass\n",
    "a long chain": "x" + ".f(1)" * 5_000,
    "a long sum": "x = " + "1 + " * 5_000 + "1\n",
    "surrogates": "import \ud800\nos.system('\udfff')\npassword = '\ud800aB3dE5gH7'\n# TODO \udc00\n",
    "crlf": "import os\r\nos.system('x')\r\n# TODO: x\r\n",
    "cr": "import os\ros.system('x')\r# TODO: x\r",
    "binary": bytes(range(256)).decode("latin-1") * 40,
    "many imports": "import fastjsonx\n" * 200 + "from . import a\nuse a::b;\nimport x from 'y';\n" * 50,
    "strange names": 'import "../../../\0"\nimport x from "./\ud800";\nfrom ....... import x\nuse ::::x;\n#include "' + "a" * 5000 + '"\n',
    "beginnings of secrets": "eyJ" * 10_000 + "sk-" * 5_000 + "-----BEGIN PRIVATE KEY-----" * 500 + "://" * 5_000 + "password=" * 3_000,
    "empty lines": "\n" * 60_000 + "x\n",
    "many deletions": "# " + "del " * 20_000 + "\nprint(missing, gone, lost)\n",
    "beginnings of imports": "import " * 3_000 + "\n" + "import a\n" * 1_000 + "from x import (\n" * 500 + "use a::{\n" * 500,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin")))


def audit(auditor: Auditor, whole: Passage) -> None:
    for finding in auditor.audit(whole):
        assert whole.text[finding.start : finding.end] == finding.quote
        assert finding.quote.strip() == finding.quote != ""
        assert len(finding.quote.splitlines() or [""]) == 1 or set(finding.quote) & set(
            "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
        )
        assert len(finding.quote) <= MAX_QUOTE_CHARACTERS
        assert "\n" not in finding.quote + finding.message
        assert finding.start < whole.end
        assert finding.end > whole.start


@pytest.fixture(scope="module", params=HOSTILE)
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Passage]:
    """A text in each language; all auditors read the same trees of it, as in a job."""
    text, folder = HOSTILE[request.param], tmp_path_factory.mktemp("hostile")
    return [Passage(text, 0, len(text), language, "", folder / "new", folder) for language in LANGUAGES]


@pytest.mark.parametrize("auditor", AUDITORS, ids=lambda auditor: auditor.name)
def test_hostile_text(auditor: Auditor, hostile: list[Passage]) -> None:
    began = time.process_time()
    for each in hostile:
        audit(auditor, each)
    assert time.process_time() - began < 30


@pytest.mark.parametrize("language_id", SOURCES)
def test_harmless_code_has_no_errors(language_id: str) -> None:
    for auditor in AUDITORS:
        if auditor.name != "imports":  # the sources import what isn't there
            findings = auditor.audit(passage(language_id, SOURCES[language_id], before=SOURCES[language_id]))
            assert list(findings) == [], auditor.name


PIECES = [
    "import os\n",
    "eval(x)\n",
    "# TODO: é\r\n",
    "def f():\n    pass\n",
    "password = 'aB3dE5gH7jK9'\n",
    "🥞",
    "\ud800",
    "\0",
    "'",
    "(",
    "}",
    "\n",
    "    ",
]
LONE = [auditor for auditor in AUDITORS if auditor.name not in {"linter", "checker"}]  # which start a process each time


@settings(max_examples=150, deadline=None)
@given(data=st.data(), text=st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_in_any_place(data: st.DataObject, text: str) -> None:
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    before = data.draw(st.sampled_from(["", text[:start] + text[end:], "x = 1\n"]))
    language = data.draw(st.sampled_from(LANGUAGES))
    whole = passage(language.id, text, before)
    for auditor in LONE:
        audit(auditor, whole)
        audit(auditor, replace(whole, start=start, end=end))
