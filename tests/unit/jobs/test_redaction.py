"""What is written down of a finding: the line as it was, and never a secret."""

from dataclasses import replace

import pytest

from pillion.auditors.auditor import Passage
from pillion.auditors.secrets import SecretsAuditor
from pillion.findings.finding import MODEL, Finding
from pillion.findings.place import InDocument
from pillion.jobs.redaction import line_and_message
from pillion.syntax.languages import language_by_path

TOKEN = "ghp_" + "a8Kd93mZqP0xT7vW2bN5cY1eR4uH6jL9sGfD"
HOOK = "hooks.slack.com/services/T0A1B2C3D/B0A1B2C3D/a8Kd93mZqP0xT7vW2bN5"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx8Kd93mZqP0xT7vW\n2bN5cY1eR4uH6jL9sGfD\n-----END RSA PRIVATE KEY-----"


def finding(
    text: str, quote: str, message: str = "It is two.", category: str = "bug", source: str = MODEL
) -> Finding[InDocument]:
    """A finding about the place where the quote stands."""
    start = text.index(quote)
    return Finding(quote, "warning", category, message, InDocument(start, start + len(quote)), source)


@pytest.mark.parametrize(
    ("text", "quote", "line"),
    [
        ("def f():\n    return 1  # one\n", "return 1", "return 1  # one"),
        ("a\r\n\tb = 2\r\nc", "b = 2", "b = 2"),
        ("x = 1", "x = 1", "x = 1"),
        ("\ud800 = 1", "= 1", "\ud800 = 1"),
        ("a = " + "1" * 5_000, "a = ", "a = " + "1" * 996),
    ],
)
def test_the_line_as_it_was(text: str, quote: str, line: str) -> None:
    said = finding(text, quote)
    assert line_and_message(text, said.start, said) == (line, "It is two.")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        pytest.param(f'x = "{TOKEN}"  # ', TOKEN, id="token"),
        pytest.param(f"x = '''\n{TOKEN}\n'''", TOKEN, id="token alone"),
        pytest.param(f'call("{TOKEN}", "{TOKEN[::-1]}")', TOKEN, id="in a call"),
        pytest.param(f'URL = "https://{HOOK}"', HOOK[24:], id="hook"),
        pytest.param('DB = "postgres://me:a8Kd93mZqP0x@db.local/x"', "a8Kd93mZqP0x", id="url"),
        pytest.param('password = "a8Kd93mZqP0xT7"', "a8Kd93mZqP0xT7", id="named"),
        pytest.param('{"api_key": "a8Kd93mZqP0xT7vW2b"}', "a8Kd93mZqP0xT7vW2b", id="json"),
        *(pytest.param(f'K = """{KEY}"""', part, id=f"key {part[:4]}") for part in KEY.split("\n")[1:3]),
    ],
)
def test_a_secret_that_was_found_is_never_kept(text: str, secret: str) -> None:
    language = language_by_path("a.py")
    assert language is not None
    (said, *_) = SecretsAuditor().audit(Passage(text, 0, len(text), language))
    for at in range(said.start, len(text)):  # wherever the text has moved it to
        line, message = line_and_message(text, at, said)
        assert secret not in line
        assert secret[4:12] not in line
        assert message == said.message
    # Another finding may be on the same line.
    line, _ = line_and_message(text, text.index(secret), finding(text, secret))
    assert secret not in line


@pytest.mark.parametrize(
    ("text", "quote", "message", "category"),
    [
        ('connect("db", "hunter2")', "connect", "The password hunter2 is hard-coded.", "security"),
        ("login: hunter2", "login", "Never write 'hunter2' as a password.", "security"),
        ("hunter2", "hunter2", "This looks like a token: hunter2!", "secret"),
        ("pw = `hunter2`", "pw", "`hunter2` in the code", "hard-coded secret"),
    ],
)
def test_what_a_model_says_of_a_secret_is_kept_without_it(text: str, quote: str, message: str, category: str) -> None:
    said = finding(text, quote, message, category)
    line, kept = line_and_message(text, said.start, said)
    assert "hunter2" not in kept
    assert "hunter2" not in line or quote == "hunter2"
    assert "[secret]" in line
    assert line_and_message(text, said.start, replace(said, message=f"See {TOKEN}"))[1].count(TOKEN) == 0


@pytest.mark.parametrize("text", ['api_key="abc"', "token: abc, x", "PASSWORD = abc", 'f(secret="a b c")', "pwd=`abc`"])
def test_a_weak_one_that_its_name_gives_away_is_not_kept_either(text: str) -> None:
    line, _ = line_and_message(text, 0, finding(text, text))
    assert "abc" not in line
    assert "a b c" not in line
    assert "[secret]" in line
