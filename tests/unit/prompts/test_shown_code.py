"""How a prompt shows a symbol: at the margin, and a stub without what stands in place of its code."""

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.build import build_prompt
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id

# The language, the code, the name, and what is shown of it where it is to be written.
SHOWN = {
    "python": (
        "python",
        'class A:\n    @staticmethod\n    def f(a):\n        """Doc."""\n        raise NotImplementedError("x")\n\n    b = 1\n',
        "f",
        '@staticmethod\ndef f(a):\n    """Doc."""',
    ),
    "python, one line": ("python", "def f(a): ...\n", "f", "def f(a):"),
    "python, a comment above": ("python", "def f(a):\n    # Add it up.\n    pass\n", "f", "def f(a):\n    # Add it up."),
    "python, a comment beside": ("python", "def f(a):\n    pass  # add it up\n", "f", "def f(a):\n    # add it up"),
    "python, a comment below": ("python", "def f(a):\n    pass\n    # add\n", "f", "def f(a):\n    # add"),
    "python, nothing": ("python", 'def f(a):\n    """Doc."""\n', "f", 'def f(a):\n    """Doc."""'),
    "python, other line ends": ("python", "def f(a):\r\n    'Doc.'\r\n    pass\r\n", "f", "def f(a):\r\n    'Doc.'"),
    "javascript": ("javascript", "function f(a) {\n  throw new Error('not implemented');\n}\n", "f", "function f(a) {\n}"),
    "javascript, one line": ("javascript", "const f = (a) => { throw new Error('not implemented'); };\n", "f", "const f = (a) => { };"),
    "go": ("go", '\tfunc F(a int) int {\n\t\tpanic("not implemented")\n\t}\n', "F", "func F(a int) int {\n}"),
    "rust": ("rust", "impl A {\n    fn f(&self) -> u8 {\n        // Count.\n        todo!()\n    }\n}\n", "f", "fn f(&self) -> u8 {\n    // Count.\n}"),
    "java": (
        "java",
        "class A {\n    int f() {\n        throw new UnsupportedOperationException();\n    }\n}\n",
        "f",
        "int f() {\n}",
    ),
    "cpp, nothing": ("cpp", "int f(int a) {\n}\n", "f", "int f(int a) {\n}"),
}  # fmt: skip


@pytest.mark.parametrize(("language_id", "text", "name", "shown"), SHOWN.values(), ids=SHOWN.keys())
def test_what_is_shown_of_a_stub(language_id: str, text: str, name: str, shown: str) -> None:
    language = language_by_id(language_id)
    assert language is not None
    document = ParsedText.of(language, text)
    symbol = document.symbols.named(name)
    assert symbol is not None
    assert symbol.is_stub
    asked = {
        action: build_prompt(action_by_id(action), symbol, document, PromptLimits(8192, 0)).messages[-1].content
        for action in ("implement", "explain")
    }
    assert asked["implement"].endswith(f"\n```{language_id}\n{shown}\n```")
    assert symbol.text.splitlines()[-1].strip() in asked["explain"], "others see all of it"


@pytest.mark.parametrize(
    ("doc", "told"),
    [
        ("Add. For example, 1.", True),
        ("Add.\n\n    >>> f(1)\n    1\n    ", True),
        ("Add, e.g. 1.", True),
        ("Add.", False),
    ],
)
def test_examples_are_spoken_of_where_there_are_some(doc: str, told: bool) -> None:
    language = language_by_id("python")
    assert language is not None
    document = ParsedText.of(language, f'def f(a):\n    """{doc}"""\n')
    symbol = document.symbols.named("f")
    assert symbol is not None
    asked = build_prompt(action_by_id("implement"), symbol, document, PromptLimits(8192, 0)).messages[-1].content
    assert ("check the examples" in asked) == told
    assert "function. " in asked
