"""A TODO is a target of its own: found by its comment, called by its words, and replaced with nothing around it touched."""

from typing import NamedTuple

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.errors import DraftRejectedError
from pillion.pipeline.draft import Draft
from pillion.pipeline.outcome import Task, make_outcome
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import apply_replacements

IMPLEMENT = action_by_id("implement")


def parsed(text: str, language_id: str) -> ParsedText:
    language = language_by_id(language_id)
    assert language is not None
    return ParsedText.of(language, text)


def target(text: str, language_id: str, at: str) -> Symbol | None:
    """What `implement` means with the cursor on `at`."""
    document = parsed(text, language_id)
    start = text.index(at)
    found = IMPLEMENT.scope.target(document, start, start)
    return found.around if IMPLEMENT.scope.applies(found) else None


def implemented(text: str, language_id: str, at: str, reply: str) -> str:
    """The document with the reply in the place of the TODO on `at`."""
    document = parsed(text, language_id)
    start = text.index(at)
    found = IMPLEMENT.scope.target(document, start, start)
    assert found.symbol.todo
    task = Task("file:///f", IMPLEMENT, found, document)
    draft = Draft(f"```\n{reply}\n```", "gpu0", 10, 0.0, 1.0, cut_off=False)
    outcome = make_outcome(task, draft)
    assert apply_replacements(text, outcome.replacements) == outcome.after_text
    return outcome.after_text


class Place(NamedTuple):
    """A document with a TODO whose words are “go on”, code for it, and a whole draft of what it stands in."""

    text: str
    code: str
    whole: str
    name: str


PLACES = {
    "python": Place("def f(a):\n    b = a\n    # TODO: go on\n    return b\n", "b += 1", "def f(a):\n    b = a\n    b += 1\n    return b", "f"),
    "javascript": Place("function f(a) {\n  let b = a;\n  // TODO: go on\n  return b;\n}\n", "b += 1;", "function f(a) {\n  let b = a;\n  b += 1;\n  return b;\n}", "f"),
    "typescript": Place("function f(a: number) {\n  let b = a;\n  /* TODO: go on */\n  return b;\n}\n", "b += 1;", "function f(a: number) {\n  let b = a;\n  b += 1;\n  return b;\n}", "f"),
    "typescriptreact": Place("function f(a: number) {\n  let b = a;\n  // TODO(me): go on\n  return <p>{b}</p>;\n}\n", "b += 1;", "function f(a: number) {\n  let b = a;\n  b += 1;\n  return <p>{b}</p>;\n}", "f"),
    "go": Place("package p\n\nfunc f(a int) int {\n\tb := a\n\t// FIXME: go on\n\treturn b\n}\n", "b += 1", "func f(a int) int {\n\tb := a\n\tb += 1\n\treturn b\n}", "f"),
    "rust": Place("fn f(a: i32) -> i32 {\n    let mut b = a;\n    // TODO: go on\n    b\n}\n", "b += 1;", "fn f(a: i32) -> i32 {\n    let mut b = a;\n    b += 1;\n    b\n}", "f"),
    "java": Place("class A {\n    int f(int a) {\n        int b = a;\n        // XXX: go on\n        return b;\n    }\n}\n", "b += 1;", "int f(int a) {\n    int b = a;\n    b += 1;\n    return b;\n}", "f"),
    "c": Place("int f(int a) {\n    int b = a;\n    /* TODO: go on */\n    return b;\n}\n", "b += 1;", "int f(int a) {\n    int b = a;\n    b += 1;\n    return b;\n}", "f"),
    "cpp": Place("int f(int a) {\n    int b = a;\n    // TODO: go on\n    return b;\n}\n", "b += 1;", "int f(int a) {\n    int b = a;\n    b += 1;\n    return b;\n}", "f"),
}  # fmt: skip


def expected(place: Place) -> str:
    """The document in which the comment's line is the code's, and all other lines are what they were."""
    lines = place.text.split("\n")
    row = next(n for n, line in enumerate(lines) if "go on" in line)
    lines[row] = lines[row][: len(lines[row]) - len(lines[row].lstrip())] + place.code
    return "\n".join(lines)


@pytest.mark.parametrize("language_id", PLACES)
def test_the_menu_names_it_and_only_its_place_changes(language_id: str) -> None:
    place = PLACES[language_id]
    found = target(place.text, language_id, "go on")
    assert found is not None
    assert IMPLEMENT.title_for(found.name) == "Pillion: Implement the TODO “go on”"
    assert found.inside is not None
    assert found.inside.name == place.name
    assert implemented(place.text, language_id, "go on", place.code) == expected(place)
    assert implemented(place.text, language_id, "go on", place.whole) == expected(place)


@pytest.mark.parametrize("language_id", PLACES)
@pytest.mark.parametrize(
    "reply", ["", "{comment}", "}}}} )))", "{code}\n{comment}"], ids=["nothing", "comment", "broken", "left"]
)
def test_what_is_no_answer_is_refused(language_id: str, reply: str) -> None:
    place = PLACES[language_id]
    comment = next(line.strip() for line in place.text.split("\n") if "go on" in line)
    with pytest.raises(DraftRejectedError):
        implemented(place.text, language_id, "go on", reply.replace("{comment}", comment).replace("{code}", place.code))


INVENTORY = """class Inventory:
    def __init__(self):
        self.items = {}

    def add(self, name, quantity):
        # TODO: validate the quantity
        self.items[name] = quantity

    # TODO: remove an item
    def count(self):
        raise NotImplementedError

    def all(self):
        # TODO: list them
        pass


# FIXME(ann): say how many
#   there are at the end
def show(inventory):
    print(inventory)  # TODO: and their prices
"""
TARGETS = {
    "validate the quantity": "the TODO “validate the quantity”",
    "remove an item": "the TODO “remove an item”",
    "raise NotImplementedError": "count",
    "list them": "all",
    "say how many": "the TODO “say how many there are at the end”",
    "there are at the end": "the TODO “say how many there are at the end”",
    "and their prices": "the TODO “and their prices”",
    "class Inventory": None,
    "self.items = {}": None,
    "self.items[name]": "add",
}


@pytest.mark.parametrize("at", TARGETS)
def test_what_is_meant(at: str) -> None:
    found = target(INVENTORY, "python", at)
    assert (found.name if found is not None else None) == TARGETS[at]


def test_a_stub_of_a_class_is_written_whole() -> None:
    found = target("class A:\n    # TODO: all of it\n    pass\n", "python", "class A")
    assert found is not None
    assert found.name == "A"


EDITS = {
    "a block": ("validate the quantity", "if quantity < 0:\n  raise ValueError(quantity)", "        if quantity < 0:\n            raise ValueError(quantity)\n        self.items"),
    "a member": ("remove an item", "def remove(self, name):\n    del self.items[name]\n", "    def remove(self, name):\n        del self.items[name]\n    def count"),
    "at the top": ("say how many", "def many(inventory):\n    return len(inventory.items)\n", "\n\ndef many(inventory):\n    return len(inventory.items)\ndef show"),
    "behind a statement": ("and their prices", "print(0)", "    print(inventory)\n    print(0)\n"),
    "with an import": ("validate the quantity", "if not math.isfinite(quantity):\n    return", "        if not math.isfinite(quantity):\n            return\n        self"),
}  # fmt: skip


@pytest.mark.parametrize("case", EDITS)
def test_it_stands_where_the_comment_stood(case: str) -> None:
    at, code, part = EDITS[case]
    after = implemented(INVENTORY, "python", at, code)
    assert part in after
    compile(after, "f.py", "exec")
    kept = [
        line for line in INVENTORY.split("\n") if "TODO" not in line and "FIXME" not in line and "there are" not in line
    ]
    rest = iter(after.split("\n"))
    assert all(line in rest for line in kept), "every other line is there, in its order"


REFUSED = {
    "another class": ("validate the quantity", INVENTORY.replace("        # TODO: validate the quantity\n", "        quantity = 1\n").replace("self.items[name] = quantity", "self.items = quantity"), "around the TODO"),
    "a member again": ("remove an item", "def count(self):\n    return 1", "twice"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_changes_more_is_refused(case: str) -> None:
    at, reply, reason = REFUSED[case]
    with pytest.raises(DraftRejectedError, match=reason):
        implemented(INVENTORY, "python", at, reply)


@pytest.mark.parametrize(
    ("language_id", "reply"),
    [
        ("javascript", "}\nfunction g() {\n  let b = 1;"),
        ("go", "return b\n}\n\nfunc g(b int) int {"),
        ("c", "return b; }\nint g(int b) {"),
        ("java", "return b; }\nint g(int b) {"),
        ("rust", "b\n}\nfn g(b: i32) -> i32 {"),
    ],
)
def test_a_brace_does_not_lead_out_of_the_function(language_id: str, reply: str) -> None:
    with pytest.raises(DraftRejectedError, match="around the TODO"):
        implemented(PLACES[language_id].text, language_id, "go on", reply)


def test_line_ends_and_tabs_stay() -> None:
    text = "def f(a):\r\n\tb = a\r\n\t# TODO: go on\r\n\treturn b\r\n"
    after = implemented(text, "python", "go on", "if a:\n    b = 1")
    assert after == "def f(a):\r\n\tb = a\r\n\tif a:\r\n\t\tb = 1\r\n\treturn b\r\n"


def test_where_nothing_is_indented_the_code_keeps_its_own() -> None:
    after = implemented("package p\n\n// TODO: go on\n", "go", "go on", "func b() int {\n\treturn 2\n}")
    assert after == "package p\n\nfunc b() int {\n\treturn 2\n}\n"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("x = f(  # TODO: more\n    1,\n)\n", "more", id="between-arguments"),
        pytest.param("x = 'TODO: a string'\n", "TODO", id="no-comment"),
        pytest.param("# the TODO list is elsewhere\nx = 1\n", "list", id="a-word"),
        pytest.param("# todo.py reads this\nx = 1\n", "todo", id="small-letters"),
    ],
)
def test_what_is_none(text: str, at: str) -> None:
    assert target(text, "python", at) is None
