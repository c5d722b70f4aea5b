"""How an answer begins: the code of a symbol up to its body, as the prompt shows it."""

import pytest

from pillion.actions.action_registry import ACTIONS, action_by_id
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.build import Retry, build_prompt
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import LANGUAGES, language_by_id
from pillion.syntax.todos import todo_at

ROOMY = PromptLimits(8192, 0)
PYTHON_CLASS = '''class Shop(Base):
    """A shop."""

    rate = 1

    @property
    @cached(limit=1)
    async def total(self, a: int,
                    b=(1,
                       2)) -> int:  # in cents
        """Add it up.

        With ``all`` of it.
        """

        return a
'''
# The language, the code, the symbol, and the beginning without its fence; nothing: the model writes everything.
BEGINNINGS = {
    "a header": ("python", "def f(a):\n    return a\n", "f", "def f(a):"),
    "a header with a comment": ("python", "def f(a):  # type: ignore\n    return a\n", "f", "def f(a):  # type: ignore"),
    "a docstring": ("python", 'def f(a):\n    """Doc."""\n    return a\n', "f", 'def f(a):\n    """Doc."""'),
    "nothing but a docstring": ("python", 'def f(a):\n    """Doc."""\n', "f", 'def f(a):\n    """Doc."""'),
    "a comment before it": (
        "python",
        "def f(a):\n    # first\n    'Doc.'  # x\n    return a",
        "f",
        "def f(a):\n    # first\n    'Doc.'  # x",
    ),
    "a method, decorated, async, in lines": (
        "python",
        PYTHON_CLASS,
        "total",
        "@property\n@cached(limit=1)\nasync def total(self, a: int,\n                b=(1,\n                   2)) -> int:  # in cents\n"
        '    """Add it up.\n\n    With ``all`` of it.\n    """',
    ),
    "a class": ("python", PYTHON_CLASS, "Shop", 'class Shop(Base):\n    """A shop."""'),
    "a function in a function": (
        "python",
        "def f(a):\n\tdef g(b):\n\t\treturn b\n\treturn g\n",
        "g",
        "def g(b):",
    ),
    "the function around it": ("python", "def f(a):\n\tdef g(b):\n\t\treturn b\n\treturn g\n", "f", "def f(a):"),
    "another line end": ("python", "def f():\r\n    '''Doc.\r\n    '''\r\n    pass\r\n", "f", "def f():\n    '''Doc.\n    '''"),
    "one line": ("python", "def f(a): return a\n", "f", ""),
    "code on the docstring's line": ("python", "def f(a):\n    'Doc.'; return a\n", "f", ""),
    "a docstring on the header's line": ("python", "def f(a): 'Doc.'\n", "f", ""),
    "a fence at the margin in its code": ("python", "def f():\n    return '''\n```\n'''\n", "f", ""),
    "a fence in its docstring": (
        "python",
        'def f():\n    """Doc.\n\n    ```\n    f()\n    ```\n    """\n    return 1\n',
        "f",
        'def f():\n    """Doc.\n\n    ```\n    f()\n    ```\n    """',
    ),
    "javascript": (
        "javascript",
        "/** Doc. */\nexport default async function f(a, {b}) { // x\n  return a;\n}\n",
        "f",
        "export default async function f(a, {b}) {",
    ),
    "javascript, a method": (
        "javascript",
        "class A {\n  /** doc */\n  static async *f(a) {\n    return a;\n  }\n}\n",
        "f",
        "static async *f(a) {",
    ),
    "javascript, an arrow": (
        "javascript",
        "export const f = async (a) => {\n  return a;\n};\n",
        "f",
        "export const f = async (a) => {",
    ),
    "javascript, a value": ("javascript", "const f = (a) => a + 1;\n", "f", ""),
    "javascript, one line": ("javascript", "const f = function (a) { return a; };\n", "f", "const f = function (a) {"),
    "typescript": (
        "typescript",
        "export function f<T extends {a: number}>(a: T): T | undefined {\n  throw new Error('x');\n}\n",
        "f",
        "export function f<T extends {a: number}>(a: T): T | undefined {",
    ),
    "typescript, a class": (
        "typescript",
        "@Injectable()\nexport class A<T> extends B implements C {\n  private x = 1;\n}\n",
        "A",
        "@Injectable()\nexport class A<T> extends B implements C {",
    ),
    "typescript, an interface": ("typescript", "interface A {\n  x: number;\n}\n", "A", ""),
    "tsx": (
        "typescriptreact",
        "export function F({ a }: Props): JSX.Element {\n  return <p>{a}</p>;\n}\n",
        "F",
        "export function F({ a }: Props): JSX.Element {",
    ),
    "go": (
        "go",
        '// F does.\nfunc (s *S) F(a, b int) (c int, err error) {\n\tpanic("todo")\n}\n',
        "F",
        "func (s *S) F(a, b int) (c int, err error) {",
    ),
    "rust": (
        "rust",
        "impl A {\n    /// Doc.\n    #[inline]\n    pub fn f<'a, T>(&self, a: &'a T) -> Option<T>\n    where\n"
        "        T: Clone,\n    {\n        todo!()\n    }\n}\n",
        "f",
        "#[inline]\npub fn f<'a, T>(&self, a: &'a T) -> Option<T>\nwhere\n    T: Clone,\n{",
    ),
    "java": (
        "java",
        "class A {\n    @Override\n    public <T> int f(int a) throws E {\n        return a;\n    }\n}\n",
        "f",
        "@Override\npublic <T> int f(int a) throws E {",
    ),
    "java, a constructor": ("java", "class A {\n    A(int b) { this.b = b; }\n    int c;\n}\n", "A/A", "A(int b) {"),
    "c": ("c", "static int\nf(int a,\n  char *b)\n{\n    return a;\n}\n", "f", "static int\nf(int a,\n  char *b)\n{"),
    "c, empty": ("c", "int f(int a) {}\n", "f", "int f(int a) {"),
    "cpp": (
        "cpp",
        "template <class T>\nT A<T>::f(const T &a) const noexcept {\n  return a;\n}\n",
        "f",
        "template <class T>\nT A<T>::f(const T &a) const noexcept {",
    ),
    "cpp, in a class": ("cpp", "struct A { int f(int x) override { return x; } };\n", "f", "int f(int x) override {"),
    "cpp, what a constructor sets": ("cpp", "class A {\n  A(int x) : x_(x) {\n  }\n};\n", "A/A", ""),
    "cpp, a class": ("cpp", "class A : public B {\npublic:\n  int f();\n};\n", "A", "class A : public B {"),
}  # fmt: skip


def beginning(action: str, language_id: str, text: str, name: str, retry: Retry | None = None) -> str:
    language = language_by_id(language_id)
    assert language is not None
    document = ParsedText.of(language, text)
    path = tuple(name.split("/"))
    node = document.symbols.occurrences(path)[0] if len(path) > 1 else document.symbols.find(name)
    assert node is not None
    return build_prompt(action_by_id(action), document.symbols.read(node), document, ROOMY, retry=retry).beginning


@pytest.mark.parametrize(("language_id", "text", "name", "code"), BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_the_beginning(language_id: str, text: str, name: str, code: str) -> None:
    assert beginning("refactor", language_id, text, name) == (f"```{language_id}\n{code}\n" if code else "")


# The language, a stub's code, its name, and the indentation that its body's first line gets.
STUBS = {
    "a placeholder": ("python", "def f(a):\n    raise NotImplementedError\n", "f", "    "),
    "another indentation": ("python", "def f(a):\n  ...\n", "f", "  "),
    "a docstring, and no more": ("python", 'def f(a):\n    """Doc."""\n', "f", "    "),
    "a method": ("python", "class A:\n    def f(self):\n        'Doc.'\n        pass\n", "f", "    "),
    "tabs": ("python", "class A:\n\tdef f(self):\n\t\tpass\n", "f", "\t"),
    "tabs and blanks": ("python", "class A:\n\tdef f(self):\n            pass\n", "f", ""),
    "a comment": ("python", "def f(a):\n    # TODO: add\n    pass\n", "f", "    "),
    "one line": ("python", "def f(a): ...\n", "f", None),
    "go": ("go", 'func F(a int) int {\n\tpanic("not implemented")\n}\n', "F", "\t"),
    "javascript": ("javascript", "class A {\n  f() {\n    throw new Error('not implemented');\n  }\n}\n", "f", "  "),
    "rust": ("rust", "impl A {\n    fn f(&self) -> u8 {\n        todo!()\n    }\n}\n", "f", "    "),
    "braces in a line": ("c", "int f(int a) {}\n", "f", ""),
    "braces and nothing": ("c", "int f(int a) {\n}\n", "f", ""),
}  # fmt: skip


@pytest.mark.parametrize(("language_id", "text", "name", "indentation"), STUBS.values(), ids=STUBS.keys())
def test_a_stub_begins_with_the_indentation_of_its_body(
    language_id: str, text: str, name: str, indentation: str | None
) -> None:
    begun = beginning("implement", language_id, text, name)
    assert (begun.rpartition("\n")[2] if begun else None) == indentation
    if begun:
        assert begun.removesuffix(indentation or "") == beginning("refactor", language_id, text, name)


def test_every_language_has_one() -> None:
    assert {language_id for language_id, _, _, code in BEGINNINGS.values() if code} == {each.id for each in LANGUAGES}


def test_which_actions_have_one() -> None:
    """Those whose edits keep the header: nobody knows what another one does to it."""
    code = 'def f(a):\n    """Doc."""\n    raise NotImplementedError\n'
    assert {each.id for each in ACTIONS if not each.makes_file and beginning(each.id, "python", code, "f")} == {
        "refactor",
        "implement",
        "debug",
        "lint",
    }
    assert beginning("refactor", "python", code, "f", Retry("def f(a): pass", "it is too short")) == ""


def test_code_in_the_place_of_a_todo_has_none() -> None:
    language = language_by_id("python")
    assert language is not None
    text = "def f(a):\n    a += 1\n    # TODO: return it\n"
    document = ParsedText.of(language, text)
    todo = todo_at(document, text.index("TODO"), text.index("TODO"))
    assert todo is not None
    assert build_prompt(action_by_id("implement"), todo, document, ROOMY).beginning == ""


def test_where_there_is_no_room_the_model_gets_all_of_it() -> None:
    """A long documentation, once in the question and once more as the answer's beginning."""
    language = language_by_id("python")
    assert language is not None
    words = "    It does very much.\n" * 150
    document = ParsedText.of(language, f'def f(a):\n    """Doc.\n{words}    """\n    return a\n')
    symbol = document.symbols.named("f")
    assert symbol is not None
    wide, narrow = (
        build_prompt(action_by_id("refactor"), symbol, document, PromptLimits(num_ctx, 0)) for num_ctx in (8192, 3500)
    )
    assert wide.beginning
    assert narrow.beginning == ""
