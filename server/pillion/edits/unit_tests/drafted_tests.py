"""Which of a reply's code is tests of a symbol, and what these need: nothing else of it is taken."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent

from tree_sitter import Node

from pillion.edits.imports.import_places import is_import
from pillion.edits.indentation import reindent
from pillion.edits.reply_code import NO_CODE
from pillion.edits.reply_repairs import repaired
from pillion.edits.unit_tests.imported_names import DraftedImports, drafted_imports
from pillion.edits.unit_tests.python_suite import UNITTEST
from pillion.edits.unit_tests.rust_suite import is_test_module
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.edits.unit_tests.suite_items import Item, Kind, items_of
from pillion.edits.unit_tests.uses import Judgement, Uses, declared_in, helpers_of, judged, wanted_names
from pillion.errors import DraftRejectedError
from pillion.syntax.check import first_error
from pillion.syntax.document import ParsedText
from pillion.syntax.fence_names import is_another, title_of_another
from pillion.syntax.languages import Language
from pillion.syntax.nodes import text_of
from pillion.text.fences import language_name
from pillion.text.json_text import objects_in, strings_in
from pillion.text.patches import is_patch, only_added
from pillion.text.reply_blocks import Block, blocks_of, has_code

_FUNCTIONS = frozenset({"function_declaration", "function_definition", "class_declaration", "class_definition"})
_TYPES = frozenset({"class_declaration", "record_declaration", "enum_declaration", "interface_declaration"})
# A first line that only says where the file goes.
_PATH = re.compile(r"\A\s*(?:#|//)\s*(?:[Ff]ile(?:name)?:\s*)?`?[\w./-]+\.(?:py|[cm]?[jt]sx?|go|rs|java)`?[ \t]*\n")
_METHOD = re.compile(r"^(?:async )?def test\w*\(\s*self\b", re.MULTILINE)
_ADDED = re.compile(r"^\+(?!\+\+)(.*)$", re.MULTILINE)
_JAVA_AROUND = ("class Tests {\n", "\n}")


@dataclass(frozen=True, slots=True)
class DraftedTests:
    """`items` are taken, without the bytes that are `cut`."""

    parsed: ParsedText
    items: tuple[Item, ...]
    cut: tuple[tuple[int, int], ...]
    imports: DraftedImports


def drafted_tests(reply: str, tested: UnderTest, suite: Suite) -> DraftedTests:
    """The tests in a reply that call the symbol and check something, with what they need.

    Raises:
        DraftRejectedError: there are none, or the reply can't be read.
    """
    parsed = _parsed(_in_a_class(_code_of(reply, tested), tested, suite), tested.document.language)
    items, uses = items_of(parsed), Uses.of(parsed)
    if not any(each.kind is Kind.TEST for item in items for each in item.all()):
        raise DraftRejectedError("the model answered without any tests", code="empty")
    cut = {id(each): each for item in items for each in item.all() if _is_no_part(each, item, uses, tested)}
    refused: list[Judgement] = []
    kept: list[Item] = []
    around = helpers_of((each for each in items if id(each) not in cut), uses) + _helpers_there(suite, tested)
    for item in items:
        if id(item) in cut or item.kind is Kind.IMPORT:
            continue
        if _drop_bad(item, uses, tested, around, cut, refused) and item.kind in {Kind.TEST, Kind.GROUP}:
            continue
        kept.append(item)
    if not any(each.kind is Kind.TEST and id(each) not in cut for item in kept for each in item.all()):
        raise DraftRejectedError(_why_none(refused, tested), code="tests")
    kept = _needed(kept, uses)
    _refuse_lost_start(items, kept, uses, tested)
    imports = drafted_imports(
        parsed, [*(each for each in items if each.kind is Kind.IMPORT), *kept], uses, tested, suite
    )
    ranges = [(each.start, each.end) for item in kept for each in item.all() if id(each) in cut]
    return DraftedTests(parsed, tuple(kept), tuple(ranges), imports)


def _needed(items: Sequence[Item], uses: Uses) -> list[Item]:
    """The items without the helpers that no test uses."""
    taken = {id(each) for each in items if each.kind is not Kind.HELPER}
    while True:
        names = {name for each in items if id(each) in taken for name in uses.named_in(each)}
        more = [
            each for each in items if id(each) not in taken and (uses.bound_by(each) & names or _is_of(each, names))
        ]
        if not more:
            return [each for each in items if id(each) in taken]
        taken |= {id(each) for each in more}


def _refuse_lost_start(items: Sequence[Item], kept: Sequence[Item], uses: Uses, tested: UnderTest) -> None:
    """Checks that no test needs what Go would run first, which isn't taken.

    Raises:
        DraftRejectedError: one does.
    """
    shared = {name for each in kept if each.kind is Kind.HELPER for name in uses.bound_by(each)}
    for each in items:
        is_start = each.title in {"TestMain", "init"} and tested.document.language.id == "go"
        if is_start and uses.named_in(each) & shared:
            raise DraftRejectedError(f"the model's tests need its “{each.title}”, and that isn't taken", code="tests")


def _is_of(item: Item, names: set[str]) -> bool:
    """Whether an item is a method or an implementation of a type with one of these names."""
    receiver = item.node.child_by_field_name("receiver") or item.node.child_by_field_name("type")
    if receiver is None or item.node.type not in {"method_declaration", "impl_item"}:
        return False
    return not names.isdisjoint(re.findall(r"\w+", text_of(receiver)))


def _drop_bad(
    item: Item,
    uses: Uses,
    tested: UnderTest,
    around: list[tuple[Item, Uses, frozenset[str]]],
    cut: dict[int, Item],
    refused: list[Judgement],
) -> bool:
    """Puts the tests that are none into `cut`; returns whether no test is left in the item."""
    if item.kind is Kind.TEST:
        found = judged(item, uses, wanted_names(tested.symbol), around)
        if found.uses and found.checks:
            return False
        refused.append(found)
        cut[id(item)] = item
        return True
    if item.kind is not Kind.GROUP:
        return False
    inside = around + helpers_of((each for each in item.members if id(each) not in cut), uses)
    left = False
    for each in item.members:
        if id(each) not in cut and each.kind in {Kind.TEST, Kind.GROUP}:
            left |= not _drop_bad(each, uses, tested, inside, cut, refused)
    if not left:
        cut[id(item)] = item
    return not left


def _why_none(refused: list[Judgement], tested: UnderTest) -> str:
    if all(not each.uses for each in refused):
        return f"none of the model's tests calls “{tested.symbol.name}”"
    return (
        "none of the model's tests checks anything"
        if not any(each.checks for each in refused)
        else (f"none of the model's tests calls “{tested.symbol.name}” and checks the result")
    )


def _is_no_part(item: Item, top: Item, uses: Uses, tested: UnderTest) -> bool:
    """Whether an item is no part of a suite: a call of the runner, or a copy of the tested code."""
    if item.kind is Kind.OTHER:
        return item is top or (tested.document.language.id in {"python", "java"} and "main" in text_of(item.node)[:80])
    if item.kind is Kind.SETUP:
        return _mocks_tested(item, tested)
    if item.kind is not Kind.HELPER:
        return False
    if item is top:
        return bool(uses.bound_by(item) & tested.names) or _is_copied_method(item, tested)
    is_code = item.node.type in _TYPES or (item.node.type in _FUNCTIONS and tested.document.language.id != "python")
    values = [each.child_by_field_name("value") for each in item.node.named_children]
    is_code |= any(
        each is not None and each.type in {"arrow_function", "function_expression", "class"} for each in values
    )
    return is_code and bool(declared_in(item) & {tested.top, tested.symbol.name})


def _is_copied_method(item: Item, tested: UnderTest) -> bool:
    """Go's methods and Rust's implementations of the tested file's types."""
    receiver = item.node.child_by_field_name("receiver") or item.node.child_by_field_name("type")
    if item.node.type not in {"method_declaration", "impl_item"} or receiver is None:
        return False
    return bool(set(re.findall(r"\w+", text_of(receiver))) & tested.names)


def _mocks_tested(item: Item, tested: UnderTest) -> bool:
    found = re.match(r"(?:jest|vi)\.mock\(\s*[\"']([^\"']+)[\"']", text_of(item.node))
    return found is not None and found[1].rpartition("/")[2].partition(".")[0] == tested.path.stem


def _helpers_there(suite: Suite, tested: UnderTest) -> list[tuple[Item, Uses, frozenset[str]]]:
    if suite.text is None:
        return []
    parsed = ParsedText.of(tested.document.language, suite.text)
    return helpers_of(items_of(parsed), Uses.of(parsed))


def _code_of(reply: str, tested: UnderTest) -> str:
    """The code of the reply's blocks that have tests, or imports for them.

    Raises:
        DraftRejectedError: there is none in the document's language.
    """
    language = tested.document.language
    blocks = blocks_of(reply.replace("\r\n", "\n"))
    own = [each for each in blocks if not is_another(language_name(each.info), language)]
    titles = (title_of_another(language_name(each.info), language) for each in blocks if each not in own)
    if not own and (another := next((each for each in titles if each), "")):
        reason = f"the model answered in {another}, and the file is in {language.title}"
        raise DraftRejectedError(reason, code="language")
    if not own or not has_code(reply):
        raise DraftRejectedError(NO_CODE, code="empty")
    codes = [repaired(dedent(_PATH.sub("", _added(each))), language) for each in own]
    with_tests = [each for each in codes if _has_tests(each, language)]
    if not with_tests:
        inside = {text for found in objects_in(reply) for text in strings_in(found)}
        with_tests = [each for each in sorted(inside) if "\n" in each and _has_tests(each, language)]
        codes = with_tests or codes
    if len(with_tests) > 1 and tested.document.language.id == "java":
        with_tests = with_tests[:1]  # each of them is a whole class
    if not with_tests:
        return codes[0]
    preludes = [each for each in codes if each not in with_tests and _only_prepares(each, language)]
    return "\n\n".join([*preludes, *dict.fromkeys(with_tests)])


def _added(block: Block) -> str:
    if (added := only_added(block.raw)) is not None:
        return added
    if is_patch(block.raw, language_name(block.info)):
        return "\n".join(_ADDED.findall(block.raw))
    return block.text


def _has_tests(code: str, language: Language) -> bool:
    return any(each.kind is Kind.TEST for item in items_of(_wrapped(code, language)) for each in item.all())


def _only_prepares(code: str, language: Language) -> bool:
    """Whether a block has only imports and helpers for the tests in another block."""
    parsed = ParsedText.of(language, code)
    items = items_of(parsed)
    return first_error(parsed) is None and bool(items) and all(each.kind is Kind.IMPORT for each in items)


def _parsed(code: str, language: Language) -> ParsedText:
    """The code; of a Rust module of tests only what is in it.

    Raises:
        DraftRejectedError: it can't be parsed.
    """
    parsed = _wrapped(code, language)
    if (error := first_error(parsed)) is not None:
        raise DraftRejectedError(f"the model's answer can't be parsed ({error})", code="parses")
    if language.id != "rust":
        return parsed
    modules = [each for each in parsed.tree.root_node.named_children if _is_module(each)]
    if not modules:
        return parsed
    return ParsedText.of(language, "\n\n".join(_unwrapped(parsed, modules)))


def _is_module(node: Node) -> bool:
    name = node.child_by_field_name("name") if node.type == "mod_item" else None
    return is_test_module(node) or (name is not None and text_of(name) in {"tests", "test"})


def _unwrapped(parsed: ParsedText, modules: Iterable[Node]) -> Iterator[str]:
    """What is in the modules, and the imports and tests beside them."""
    for each in parsed.tree.root_node.named_children:
        if each.type == "use_declaration":
            yield text_of(each)
    for each in modules:
        body = each.child_by_field_name("body")
        inside = text_of(body)[1:-1] if body is not None else ""
        yield dedent(inside.strip("\n")).strip()


def _in_a_class(code: str, tested: UnderTest, suite: Suite) -> str:
    """Python: methods without their class in one: the suite's, if it has just one."""
    language = tested.document.language
    if language.id != "python" or _METHOD.search(code) is None:
        return code
    own = items_of(ParsedText.of(language, suite.text or ""))
    groups = [each.title for each in own if each.kind is Kind.GROUP]
    name = groups[0] if len(groups) == 1 else suite.group
    parsed = ParsedText.of(language, code)
    imports = [text_of(each) for each in parsed.tree.root_node.named_children if is_import(each, parsed)]
    others = [text_of(each) for each in parsed.tree.root_node.named_children if not is_import(each, parsed)]
    inside = reindent("\n\n".join(others), base="    ", unit="    ", language=language)
    base = "(unittest.TestCase)" if suite.runner == UNITTEST else ""
    return "\n".join([*imports, f"class {name}{base}:", f"    {inside.lstrip()}"]) + "\n"


def _wrapped(code: str, language: Language) -> ParsedText:
    """The code; Java's methods without their class in one."""
    parsed = ParsedText.of(language, code)
    if language.id != "java" or (not parsed.tree.root_node.has_error and "class " in code):
        return parsed
    imports = [line for line in code.split("\n") if re.match(r"\s*(?:import|package)\b", line)]
    others = [line for line in code.split("\n") if line not in imports]
    inside = "\n".join(others).strip("\n")
    if not re.search(r"^\s*@\w*Test\b", inside, re.MULTILINE) or re.search(
        r"^\s*(?:public\s+)?(?:final\s+)?class\b", inside, re.M
    ):
        return parsed
    indented = "\n".join(f"    {line}" if line.strip() else line for line in inside.split("\n"))
    head, tail = _JAVA_AROUND
    return ParsedText.of(language, "\n".join([*imports, f"{head}{indented}{tail}"]))
