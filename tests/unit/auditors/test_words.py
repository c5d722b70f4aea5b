"""What is wrong in the text of a unit itself: secrets, and what is left to be written."""

import pytest

from pillion.auditors.secrets import SecretsAuditor, find_secrets
from pillion.auditors.stubs import StubsAuditor
from tests.unit.auditors.cases import Case, check, passage

# Put together here, so that no scanner takes this file for a leak.
MIXED = "aB3dE5gH7jK9mN1pQ2sT4vW6xY8zA0cD2eF4"
KEY_BLOCK = f"-----BEGIN RSA {'PRIVATE'} KEY-----\n{MIXED}\n{MIXED}\n-----END RSA PRIVATE KEY-----"

SECRETS = {
    "aws": ("an AWS access key", "AKIA" + "Q3EGV7ZTLMXW2RPK"),
    "github": ("a GitHub token", "ghp_" + MIXED),
    "github fine-grained": ("a GitHub token", "github_pat_" + MIXED + MIXED[:10]),
    "gitlab": ("a GitLab token", "glpat-" + MIXED[:20]),
    "slack": ("a Slack token", "xoxb-" + "2468013579-" + MIXED[:12]),
    "google": ("a Google API key", "AIza" + MIXED[:35]),
    "stripe": ("a Stripe key", "sk_live_" + MIXED[:24]),
    "anthropic": ("an Anthropic key", "sk-ant-" + "api03-" + MIXED),
    "openai": ("an API key", "sk-" + "proj-" + MIXED),
    "npm": ("an npm token", "npm_" + MIXED),
    "pypi": ("a PyPI token", "pypi-" + MIXED * 2),
    "hugging face": ("a Hugging Face token", "hf_" + MIXED[:34]),
    "jwt": ("a JSON web token", "eyJ" + MIXED + ".eyJ" + MIXED + "." + MIXED),
    "private key": ("a private key", KEY_BLOCK),
}


@pytest.mark.parametrize(("kind", "secret"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_found_whole_and_never_repeated(kind: str, secret: str) -> None:
    text = f"first = 1\nvalue = '''{secret}'''\n"
    (found,) = find_secrets(text)
    assert (found.kind, text[found.start : found.end]) == (kind, secret)
    (finding,) = SecretsAuditor().audit(passage("python", text))
    assert finding.severity == "error"
    assert finding.quote.startswith("value = '''")
    assert MIXED[:6] not in finding.quote + finding.message
    assert secret not in finding.quote + finding.message
    assert list(SecretsAuditor().audit(passage("python", text, before=text))) == []


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        pytest.param('password = "tr0ub4dor&3x"', ["tr0ub4dor&3x"], id="password"),
        pytest.param("const apiKey: string = 'q8Zr2LxV0pT7wYc1';", ["q8Zr2LxV0pT7wYc1"], id="typed"),
        pytest.param('{"client_secret": "q8Zr2LxV0pT7wYc1"}', ["q8Zr2LxV0pT7wYc1"], id="json"),
        pytest.param('connect(user="a", passwd="q8Zr2LxV0pT7")', ["q8Zr2LxV0pT7"], id="argument"),
        pytest.param('token := "q8Zr2LxV0pT7wYc1"', ["q8Zr2LxV0pT7wYc1"], id="go"),
        pytest.param("db = 'postgres://app:q8Zr2LxV@db.internal/x'", ["q8Zr2LxV"], id="url"),
        pytest.param(
            "a, b = 'sk-" + MIXED + "', 'hf_" + MIXED + "'", ["sk-" + MIXED, "hf_" + MIXED], id="two-in-a-line"
        ),
        pytest.param(
            "-----BEGIN PRIVATE " + "KEY-----\n" + MIXED, ["-----BEGIN PRIVATE KEY-----\n" + MIXED], id="cut-off-key"
        ),
        pytest.param('password = "your-password-here"', [], id="placeholder"),
        pytest.param('api_key = "xxxxxxxxxxxxxxxxxxx1"', [], id="crosses"),
        pytest.param('password = "changeme123"', [], id="changeme"),
        pytest.param("key = 'AKIA" + "IOSFODNN7EXAMPLE'", [], id="the-documentation's-key"),
        pytest.param('api_key = os.environ["API_KEY_2"]', [], id="environment"),
        pytest.param('api_key = f"{prefix}9x8y7z6w"', [], id="made-up-at-run-time"),
        pytest.param('token = "${TOKEN_1}abcdefgh"', [], id="template"),
        pytest.param('SECRET_NAME = "app-database-url"', [], id="words"),
        pytest.param('token_type = "bearer2.0-AbC"', [], id="type"),
        pytest.param("url = 'http://user:password@localhost/'", [], id="example-url"),
        pytest.param('tokenizer = "bpe-v2-Q8z7X6c5"', [], id="tokenizer"),
        pytest.param('sha = "q8Zr2LxV0pT7wYc1q8Zr2LxV0pT7wYc1"', [], id="hash"),
        pytest.param("task-sk-ip-" + MIXED, [], id="inside-a-word"),
    ],
)
def test_what_is_a_secret(text: str, secrets: list[str]) -> None:
    assert [text[each.start : each.end] for each in find_secrets(text)] == secrets
    for finding in SecretsAuditor().audit(passage("python", text)):
        assert not any(secret in finding.quote or secret in finding.message for secret in secrets)


STUBS = {
    "todo": Case("python", "x = 1\n# TODO: the rest\n", {"warning # TODO: the rest": "left to be written"}),
    "todo of the user's own": Case("python", "# TODO: the rest\n", {}, "    # TODO: the rest\n"),
    "todo in a string": Case("python", "x = 'TODO: x'\n"),
    "a list of todos": Case("python", "x = todos  # every TODO of the list\n"),
    "code here": Case("javascript", "// Your code goes here\n", {"warning // Your code goes here": ""}),
    "rest of the code": Case("go", "\t// ... rest of the code ...\n", {"warning // ... rest of the code ...": ""}),
    "existing code": Case("rust", "    // ... existing code ...\n", {"warning // ... existing code ...": ""}),
    "real implementation": Case(
        "java",
        "// In a real implementation, this would ask the bank.\n",
        {"warning // In a real implementation, this would ask the bank.": "left to be written"},
    ),
    "this is a placeholder": Case(
        "go", "\t// This is just a placeholder.\n", {"warning // This is just a placeholder.": ""}
    ),
    "simulates": Case("python", "# Simulate the API call\n", {"warning # Simulate the API call": ""}),
    "words about placeholders": Case(
        "python", "# The placeholder is replaced by the user's name, in simulations too.\n"
    ),
    "in a block comment": Case(
        "typescript", "/*\n * Implement this later\n */\n", {"warning * Implement this later": ""}
    ),
    "prose": Case(
        "python", "# The remainder of this function sets x, as existing code (see y) does if not implemented.\n"
    ),
    "pass": Case(
        "python", "def f():\n    pass\n", {"warning f": "The body of “f” is still to be written: there is only “pass”."}
    ),
    "ellipsis": Case("python", "def f(): ...\n", {"warning f": ""}),
    "not implemented": Case(
        "python",
        'class A:\n    def f(self):\n        """F."""\n        raise NotImplementedError("later")\n',
        {"warning f": ""},
    ),
    "a branch may": Case("python", "def f(a):\n    if a:\n        raise NotImplementedError\n    return 1\n"),
    "abstract": Case("python", "class A:\n    @abc.abstractmethod\n    def f(self): ...\n"),
    "protocol": Case("python", "class A(Protocol):\n    def f(self) -> int: ...\n"),
    "overload": Case("python", "@overload\ndef f(a: int) -> int: ...\n"),
    "a piece of a protocol": Case("python", "    def f(self) -> int: ...\n"),
    "there before": Case("python", "def f():\n    pass\n", {}, "x = 1\n\n\ndef f():\n    pass\n"),
    "nothing on purpose": Case("python", "class A:\n    def __init__(self): pass\n    def noop(self): pass\n"),
    "exception": Case("python", "class A(Exception):\n    pass\n"),
    "docstring alone": Case("python", 'def f():\n    """Nothing."""\n'),
    "rust": Case("rust", "fn f() -> i32 {\n    todo!()\n}\n", {"warning todo!()": "the code that reaches it fails"}),
    "rust's other": Case("rust", '    unimplemented!("later")\n', {'warning unimplemented!("later")': ""}),
    "go": Case("go", '\tpanic("not implemented")\n', {'warning panic("not implemented")': ""}),
    "go's panic": Case("go", '\tpanic("out of range")\n'),
    "javascript": Case(
        "javascript", '  throw new Error("Not implemented");\n', {'warning throw new Error("Not implemented");': ""}
    ),
    "interface": Case("typescript", "interface A {\n  f(): void;\n}\nabstract class B {\n  abstract g(): void;\n}\n"),
}


@pytest.mark.parametrize("case", STUBS.values(), ids=STUBS)
def test_stubs(case: Case) -> None:
    check(StubsAuditor(), case)
