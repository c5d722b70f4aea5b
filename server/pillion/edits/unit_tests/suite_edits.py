"""Brings drafted tests into their file, which only grows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tree_sitter import Node

from pillion.edits.file_change import FileChange, FileCreation, FileEdit
from pillion.edits.indentation import indent_unit, reindent
from pillion.edits.unit_tests.drafted_tests import DraftedTests
from pillion.edits.unit_tests.go_suite import tests_beside
from pillion.edits.unit_tests.new_suite import new_text
from pillion.edits.unit_tests.rust_suite import MODULE, test_module
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.edits.unit_tests.suite_imports import behind_line, suite_imports
from pillion.edits.unit_tests.suite_items import Item, Kind, group_body, items_of, name_place
from pillion.edits.unit_tests.suite_names import renamed_item
from pillion.edits.unit_tests.uses import Uses, declared_in
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.text.file_uris import path_in
from pillion.text.replacement import Replacement, apply_replacements, newline_of

_CLEANS_UP = re.compile(r"\b(?:(?:clear|reset|restore)AllMocks|cleanup)\(\)|\bpytestmark = pytest\.mark\.asyncio\b")


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of text that goes to `at`, a place in the suite."""

    at: int
    text: str


def suite_changes(drafted: DraftedTests, tested: UnderTest, suite: Suite) -> tuple[FileChange, ...]:
    """The new file, or the insertions into the file that is there.

    Raises:
        DraftRejectedError: all the tests are there already, or what they need collides with what is there.
    """
    if suite.text is None:
        texts = _distinct(drafted, tested.document.language.id)
        return (FileCreation(suite.uri, new_text(drafted, texts, tested, suite)),)
    return (_extended(drafted, tested, suite, suite.text),)


def _extended(drafted: DraftedTests, tested: UnderTest, suite: Suite, text: str) -> FileEdit:
    there = ParsedText.of(tested.document.language, text)
    blocks = _Places(drafted, tested, suite, there).blocks()
    newline = newline_of(text)
    made = [Replacement(each.at, each.at, each.text.replace("\n", newline)) for each in blocks if each.text.strip()]
    for each in suite_imports(drafted, tested, suite, there):
        made += _insertions(text, each)
    replacements = _joined(made)
    return FileEdit(suite.uri, replacements, text, apply_replacements(text, replacements))


def _joined(made: Iterable[Replacement]) -> tuple[Replacement, ...]:
    """The insertions, one for each place."""
    found: dict[int, str] = {}
    for each in made:
        found[each.start] = found.get(each.start, "") + each.new_text
    return tuple(Replacement(at, at, text) for at, text in sorted(found.items()))


class _Places:
    """Where each drafted item goes in a suite that is there, under which name."""

    def __init__(self, drafted: DraftedTests, tested: UnderTest, suite: Suite, there: ParsedText) -> None:
        self._drafted = drafted
        self._tested = tested
        self._suite = suite
        self._there = there
        self._own = items_of(there) if suite.uri != tested.path.as_uri() or test_module(there) is not None else []
        self._known = {text for item in self._own for each in item.all() for text in _compact(there, each)}
        self._draft_uses = Uses.of(drafted.parsed)
        self._names = self._names_there()
        self._adds_a_test = False

    def blocks(self) -> list[_Block]:
        """The texts to insert, each with its place.

        Raises:
            DraftRejectedError: all the tests are there already, or what they need collides with what is there.
        """
        found: list[_Block] = []
        new: list[str] = []
        for item in self._drafted.items:
            group = self._same_group(item)
            if group is not None and self._sets_up_otherwise(group, item):
                new.append(self._beside(item))
            elif group is not None:
                found += self._into(group, item)
            elif (text := self._new(item, self._names)) is not None:
                new.append(text)
        if not self._adds_a_test:
            raise DraftRejectedError(f"{self._suite.name} has these tests already", code="unchanged")
        if new and self._tested.document.language.id == "java":
            raise DraftRejectedError("the model's tests are in no class", code="tests")
        return [*found, *(self._at_end(new) if new else [])]

    def _names_there(self) -> set[str]:
        names = set(Uses.of(self._there).scopes.top.names)
        module = test_module(self._there)
        if self._tested.document.language.id == "rust" and module is not None:
            names = {name for each in self._own for name in (each.title, *declared_in(each)) if name}
        if self._tested.document.language.id == "go":
            path = path_in(self._suite.uri)
            for text in tests_beside(Path(path)) if path is not None else ():
                names |= set(re.findall(r"^func\s+(\w+)\(", text, re.MULTILINE))
        return names

    def _same_group(self, item: Item) -> Item | None:
        if item.kind is not Kind.GROUP:
            return None
        groups = [each for each in self._own if each.kind is Kind.GROUP]
        if self._tested.document.language.id == "java":
            return groups[0] if groups else None
        return next((each for each in groups if each.title == item.title), None)

    def _new(self, item: Item, names: set[str]) -> str | None:
        """The text of an item for the suite; None if that has it.

        Raises:
            DraftRejectedError: the suite has another one of its name that isn't a test.
        """
        text = _text(self._drafted, item, {})
        if self._is_there(item):
            return None
        self._adds_a_test |= item.kind in {Kind.TEST, Kind.GROUP}
        if item.kind in {Kind.TEST, Kind.GROUP}:
            return _text(self._drafted, item, renamed_item(item, names, self._tested.document.language.id))
        named = item.title and name_place(item) is not None
        bound = {item.title} if named else self._draft_uses.bound_by(item) | declared_in(item)
        taken = sorted(bound & names)
        if taken:
            reason = f"{self._suite.name} has another “{taken[0]}” already"
            raise DraftRejectedError(reason, code="names")
        if item.kind is Kind.SETUP and names is self._names and self._would_change_others(text):
            reason = f"it would prepare the tests that are in {self._suite.name} in another way"
            raise DraftRejectedError(reason, code="names")
        names |= bound
        return text

    def _would_change_others(self, text: str) -> bool:
        """Whether what prepares all tests of the file does more than to clean up."""
        has_tests = any(each.kind is Kind.TEST for item in self._own for each in item.all())
        return has_tests and _CLEANS_UP.search(text) is None

    def _is_there(self, item: Item) -> bool:
        return bool(set(_compact(self._drafted.parsed, item)) & self._known)

    def _sets_up_otherwise(self, group: Item, item: Item) -> bool:
        """Whether a drafted group would prepare the tests of the group that is there in another way."""
        if self._tested.document.language.id == "java":
            return False
        there = {_prepares(each) for each in group.members if each.kind is Kind.SETUP}
        new = [each for each in item.members if each.kind is Kind.SETUP and not self._is_there(each)]
        return any(_prepares(each) in there for each in new)

    def _beside(self, item: Item) -> str:
        """A group of its own, without the tests that are there, under another name if it needs one."""
        repeated = [each for each in item.members if each.kind is Kind.TEST and self._is_there(each)]
        left = [each for each in item.members if each.kind in {Kind.TEST, Kind.GROUP} and not self._is_cut(each)]
        self._adds_a_test |= any(each not in repeated for each in left)
        drafted = replace(self._drafted, cut=(*self._drafted.cut, *((each.start, each.end) for each in repeated)))
        return _text(drafted, item, renamed_item(item, self._names, self._tested.document.language.id))

    def _into(self, group: Item, item: Item) -> list[_Block]:
        """The members of a drafted group for the group that is there."""
        body = group_body(group)
        if body is None:
            return []
        names = {each.title for each in group.members if each.title and name_place(each) is not None}
        names |= {name for each in group.members for name in declared_in(each)}
        texts = [
            text for each in item.members if not self._is_cut(each) and (text := self._new(each, names)) is not None
        ]
        if not texts:
            return []
        return [self._behind(body, [each.node for each in group.members], texts, _column(group.node, self._there))]

    def _behind(self, body: Node, members: Sequence[Node], texts: Sequence[str], base: str) -> _Block:
        there = self._there
        unit = indent_unit(there.text)
        inner = _column(members[-1], there) if members else base + unit
        moved = [reindent(each, base=inner, unit=unit, language=there.language) for each in texts]
        block = "".join(f"\n\n{inner}{each.lstrip()}" for each in moved)
        if members:
            return _Block(behind_line(there, members[-1]), block)
        at = there.offsets.to_char(body.start_byte) + (
            1 if there.text[there.offsets.to_char(body.start_byte)] == "{" else 0
        )
        return _Block(at, block.removeprefix("\n"))

    def _is_cut(self, item: Item) -> bool:
        return any(start == item.start and end == item.end for start, end in self._drafted.cut)

    def _at_end(self, texts: Sequence[str]) -> list[_Block]:
        there = self._there
        if there.language.id == "rust":
            return self._in_rust(texts)
        gap = "\n\n\n" if there.language.id == "python" else "\n\n"
        last = self._own[-1] if self._own else None
        if last is not None and last.kind is Kind.OTHER and "__main__" in text_of(last.node)[:60]:
            at = there.offsets.to_char(last.start)
            return [_Block(at, "".join(f"{each}{gap}" for each in texts))]
        text = there.text
        written = len(text) - len(text.rstrip("\r\n \t"))
        lines = text[len(text) - written :].count("\n") if text.strip() else len(gap)
        missing = gap[min(lines, len(gap)) :]
        return [_Block(len(text), f"{missing}{gap.join(texts)}\n")]

    def _in_rust(self, texts: Sequence[str]) -> list[_Block]:
        there, module = self._there, test_module(self._there)
        body = module.child_by_field_name("body") if module is not None else None
        unit = indent_unit(there.text)
        if module is None or body is None:
            statements = [each for each in self._drafted.imports.statements if each != "use super::*;"]
            inside = "\n".join(["use super::*;", *statements]) + "\n\n" + "\n\n".join(texts)
            moved = reindent(inside, base=unit, unit=unit, language=there.language)
            text = there.text
            lines = len(text[len(text.rstrip("\r\n \t")) :].split("\n")) - 1
            missing = "\n\n"[min(lines, 2) :]
            return [_Block(len(text), f"{missing}#[cfg(test)]\nmod {MODULE} {{\n{unit}{moved.lstrip()}\n}}\n")]
        members = [each for each in body.named_children if each.type not in there.language.attributes]
        column = _column(module, there)
        return [*self._rust_imports(body, column + unit), self._behind(body, members, texts, column)]

    def _rust_imports(self, body: Node, inner: str) -> list[_Block]:
        """The imports that the module of tests lacks, below those that it has."""
        there = self._there
        uses = [each for each in body.named_children if each.type == "use_declaration"]
        known = {"".join(text_of(each).split()) for each in uses}
        missing = [each for each in self._drafted.imports.statements if "".join(each.split()) not in known]
        block = "".join(f"\n{inner}{each}" for each in missing)
        at = behind_line(there, uses[-1]) if uses else there.offsets.to_char(body.start_byte) + 1
        return [_Block(at, block)] if missing else []


def _compact(parsed: ParsedText, item: Item) -> tuple[str, str]:
    """An item's text without white space, with what stands above it and without that."""
    whole = parsed.offsets.data[item.start : item.end].decode("utf-8", "surrogatepass")
    return "".join(whole.split()), "".join(text_of(item.node).split())


def _prepares(item: Item) -> str:
    """The name of what prepares the tests: “setUp”, “beforeEach”."""
    return item.title or text_of(item.node).partition("(")[0].strip()


def _distinct(drafted: DraftedTests, language: str) -> list[str]:
    """The texts of the items for a new file. Of two with the same name only the last would run."""
    names: set[str] = set()
    return [
        _text(drafted, each, renamed_item(each, names, language) if each.kind in {Kind.TEST, Kind.GROUP} else {})
        for each in drafted.items
    ]


def _text(drafted: DraftedTests, item: Item, renamed: dict[int, tuple[int, str]]) -> str:
    """The text of an item at the margin, without what is cut, and with other names."""
    data = drafted.parsed.offsets.data
    changes = [(*_whole_lines(data, start, end), b"") for start, end in drafted.cut]
    changes += [(start, end, b"") for start, end in drafted.imports.unqualified]
    changes += [(start, end, new.encode()) for start, end, new in drafted.imports.requalified]
    changes += [(start, end, new.encode()) for start, (end, new) in renamed.items()]
    pieces: list[bytes] = []
    at = item.start
    for start, end, new in sorted(changes):
        if item.start <= start and end <= item.end and start >= at:
            pieces += [data[at:start], new]
            at = end
    text = b"".join([*pieces, data[at : item.end]]).decode("utf-8", "surrogatepass")
    line = data.rfind(b"\n", 0, item.start) + 1
    white = data[line : item.start].decode("utf-8", "surrogatepass")
    if not white or white.strip():
        return text
    return reindent(white + text, base="", unit=indent_unit(text), language=drafted.parsed.language).strip()


def _whole_lines(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The bytes with the blank lines above."""
    above = data[:start].rstrip()
    return (len(above), end) if b"\n" in data[len(above) : start] else (start, end)


def _column(node: Node, parsed: ParsedText) -> str:
    start = parsed.offsets.to_char(node.start_byte)
    line = parsed.text[parsed.text.rfind("\n", 0, start) + 1 : start]
    return line if not line.strip() else line[: len(line) - len(line.lstrip())]


def _insertions(text: str, change: Replacement) -> list[Replacement]:
    """A change that keeps all of the text that it replaces, as insertions.

    Raises:
        DraftRejectedError: it doesn't keep all of it.
    """
    old, new = text[change.start : change.end], change.new_text
    found: list[Replacement] = []
    at = 0
    written = ""
    for character in new:
        if at < len(old) and character == old[at]:
            if written:
                found.append(Replacement(change.start + at, change.start + at, written))
                written = ""
            at += 1
        else:
            written += character
    if written:
        found.append(Replacement(change.end, change.end, written))
    if at < len(old):
        raise DraftRejectedError("its imports don't fit into those that are there", code="imports")
    return found
