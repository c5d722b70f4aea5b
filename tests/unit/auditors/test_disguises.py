"""Stubs in disguise, in every language: what counts as one, and what may well be meant."""

from dataclasses import replace
from pathlib import Path

import pytest

from pillion.auditors.disguises.disguise_auditor import DisguiseAuditor
from pillion.auditors.disguises.disguise_rows import DISGUISES
from pillion.syntax.languages import LANGUAGES
from tests.unit.auditors.cases import Case, check, passage

WRITTEN, SAME, UNUSED = "still to be written", "gives the same", "never looks at"

# An error: a body without work beside words that say so.
PLACEHOLDERS = {
    "python": "def price(cart, rates):\n    # Placeholder\n    return 0\n",
    "python, behind": "def price(cart, rates):\n    return 0.0  # for now\n",
    "python, docstring": 'def price(cart):\n    """Simplified: a dummy value."""\n    return {}\n',
    "python, a variable": "def price(cart):\n    # In a real implementation this would ask the bank.\n    total = 0\n    return total\n",
    "python, prints": "def price(cart):\n    # Simulate sending\n    print('sending', cart)\n",
    "python, unchanged": "def price(cart):\n    # TODO: implement\n    return cart\n",
    "python, prints and fails": "def price(cart):\n    print('later')\n    raise NotImplementedError('price')\n",
    "python, method": "class A(Base):\n    def price(self, cart):\n        # Mock data\n        return []\n",
    "javascript": "function price(cart) {\n  // placeholder\n  return null;\n}\n",
    "javascript, arrow": "const price = (cart) => {\n  // Dummy data\n  return [];\n};\n",
    "javascript, method": "class A {\n  price(cart) {\n    console.log(cart); // for now\n  }\n}\n",
    "typescript": "export function price(cart: Cart): number {\n  const total: number = 0;\n  return total; // placeholder\n}\n",
    "typescriptreact": "async function price(cart: Cart): Promise<number> {\n  // In production, this would call the API.\n  return Promise.resolve(0);\n}\n",
    "go": "package a\n\nfunc price(cart Cart) (int, error) {\n\t// TODO: ask the bank\n\treturn 0, nil\n}\n",
    "rust": "fn price(cart: &Cart) -> Result<(), String> {\n    // placeholder\n    Ok(())\n}\n\nfn cost(cart: &Cart) -> u32 {\n    0 // placeholder\n}\n",
    "java": "class A {\n  int price(Cart cart) {\n    return 0; // placeholder\n  }\n}\n",
    "c": "int price(struct cart *cart) {\n    /* not implemented */\n    return -1;\n}\n",
    "c, abort": "int price(struct cart *cart) {\n    printf(\"later\\n\");\n    abort();\n}\n",
    "cpp": "std::string price(const Cart& cart) {\n    return \"\"; // for now\n}\n",
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), PLACEHOLDERS.items(), ids=PLACEHOLDERS)
def test_a_placeholder_is_an_error(language: str, text: str) -> None:
    found = {"error price": WRITTEN} | ({"error cost": WRITTEN} if "cost" in text else {})
    check(DisguiseAuditor(), Case(language.split(",")[0], text, found))


SUSPICIOUS = {
    "python": Case("python", "def price(cart, rates):\n    return 0\n", {"warning price": SAME}),
    "python, prints": Case("python", "def pay(cart):\n    print('paid')\n", {"warning pay": "only prints"}),
    "python, unused": Case("python", "def pay(cart):\n    for i in range(3):\n        send(i)\n", {"information pay": UNUSED}),
    "python, unchanged": Case("python", "def sort(rows, key):\n    return rows\n", {"information sort": "gives back"}),
    "python, method": Case("python", "class A:\n    def price(self, cart):\n        return 0\n", {"information price": SAME}),
    "javascript": Case("javascript", "function price(cart) {\n  return { };\n}\n".replace("{ }", "{}"), {"warning price": SAME}),
    "typescript": Case("typescript", "const price = (cart: Cart): number => 0;\n", {"warning price": SAME}),
    "typescriptreact": Case("typescriptreact", "function price(cart: Cart) {\n  return 'x';\n}\n", {"warning price": SAME}),
    "go": Case("go", "package a\n\nfunc price(cart Cart) (int, error) {\n\treturn 0, nil\n}\n", {"warning price": SAME}),
    "rust": Case("rust", "fn price(cart: &Cart) -> Vec<u32> {\n    Vec::new()\n}\n", {"warning price": SAME}),
    "java": Case("java", "class A {\n  static List<String> names(Cart cart) {\n    return List.of();\n  }\n}\n", {"information names": SAME}),
    "c": Case("c", "int price(struct cart *cart) {\n    return 0;\n}\n", {"warning price": SAME}),
    "cpp": Case("cpp", "std::vector<int> price(const Cart& cart) {\n    return {};\n}\n", {"warning price": SAME}),
}  # fmt: skip


@pytest.mark.parametrize("case", SUSPICIOUS.values(), ids=SUSPICIOUS)
def test_what_ignores_its_parameters_is_suspicious(case: Case) -> None:
    check(DisguiseAuditor(), case)


MEANT = {
    "work": Case("python", "def price(cart):\n    # for now, taxes are left out\n    return sum(cart)\n"),
    "no parameters": Case("python", "def version():\n    return '1'\n"),
    "underscores": Case("python", "def price(_cart):\n    return 0\n"),
    "a question": Case("python", "def is_open(door):\n    return True\n"),
    "a default": Case("python", "def default_price(cart):\n    return 0\n"),
    "dunder": Case("python", "class A:\n    def __exit__(self, kind, value, trace):\n        return False\n"),
    "override": Case("python", "class A(B):\n    def price(self, cart):\n        return 0\n"),
    "decorated": Case("python", "@app.route('/')\ndef price(request):\n    return 'x'\n"),
    "callback": Case("python", "def pay(signal, frame):\n    return 0\n\nregister(pay)\n"),
    "inner": Case("python", "def outer(cart):\n    def price(item):\n        return 0\n    return map(price, cart)\n"),
    "locals": Case("python", "def price(cart):\n    return '{cart}'.format(**locals())\n"),
    "refuses": Case("python", "def price(cart):\n    raise TypeError('no prices')\n"),
    "prints by name": Case("python", "def show_help(command):\n    print('help')\n"),
    "identity": Case("python", "def same(value):\n    return value\n"),
    "said of something else": Case("python", "def price(cart):\n    return cart.total\n\n\n# placeholder\n"),
    "implements": Case("java", "class A implements B {\n  public int price(Cart cart) {\n    return 0;\n  }\n}\n"),
    "annotated": Case("java", "class A {\n  @Override\n  public int price(Cart cart) {\n    return 0;\n  }\n}\n"),
    "trait": Case("rust", "impl Shop for A {\n    fn price(&self, cart: &Cart) -> u32 {\n        0\n    }\n}\n"),
    "go's methods": Case("go", "package a\n\nfunc (a A) Price(cart Cart) int {\n\treturn 0\n}\n"),
    "go's callback": Case("go", "package a\n\nfunc price(cart Cart) int {\n\treturn 0\n}\n\nvar f = price\n"),
    "virtual": Case("cpp", "struct A {\n  virtual int price(Cart c) { return 0; }\n};\n"),
    "extends": Case("typescript", "class A extends B {\n  price(cart: Cart) {\n    return 0;\n  }\n}\n"),
    "object": Case("javascript", "const a = {\n  price(cart) {\n    return 0;\n  },\n};\n"),
    "a void parameter": Case("c", "int price(void) {\n    return 0;\n}\n"),
    "a default value": Case("cpp", "void price(int = most_of_all) {\n  work();\n}\n"),
    "there before": Case("python", "def price(cart):\n    return 0  # placeholder\n", {}, "# x\ndef price(cart):\n    return 0  # for now\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", MEANT.values(), ids=MEANT)
def test_what_may_be_meant_is_not_reported(case: Case) -> None:
    check(DisguiseAuditor(), case)


def test_only_new_functions_are_judged() -> None:
    text = "def old(cart):\n    return 0  # placeholder\n\n\ndef new(cart):\n    return 0  # placeholder\n"
    edit = replace(passage("python", text, text[: text.index("def new")]), start=text.index("def new"))
    assert [each.quote for each in DisguiseAuditor().audit(edit)] == ["new"]


def test_fakes_in_tests_are_meant() -> None:
    text = PLACEHOLDERS["python"]
    for name in ("tests/a.py", "test_a.py", "src/mocks/a.py", "conftest.py"):
        check(DisguiseAuditor(), Case("python", text), Path("/w") / name)
    check(DisguiseAuditor(), Case("python", text, {"error price": WRITTEN}), Path("/w/testing_ground/contest.py"))


def test_every_language_has_a_row() -> None:
    assert set(DISGUISES) == {language.id for language in LANGUAGES}
