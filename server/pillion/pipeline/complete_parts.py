"""Which parts of a draft are complete while it still streams, and what of them can be run."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from pillion.auditors.names.name_auditor import NamesAuditor
from pillion.edits.file_change import FileEdit
from pillion.edits.imports.import_places import is_import, statements
from pillion.errors import DraftRejectedError
from pillion.pipeline.draft import Draft
from pillion.pipeline.outcome import Task, make_outcome
from pillion.pipeline.run_subjects import Runnable, runnables_of
from pillion.prompts.prompt import fenced
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language
from pillion.syntax.nodes import name_of, text_of
from pillion.syntax.symbols import FILE, Symbol
from pillion.syntax.target import Target

# A method of the same object: `self.total(`, `this.total(`.
_OWN_METHOD = re.compile(r"\b(?:self|cls|this)\.(\w+)\(")
_CALLABLE = frozenset({"function", "method"})
_BLANK = re.compile(rb"\s*")
_COMMENTS = (b"#", b"//", b"/*")


@dataclass(frozen=True, slots=True)
class CompletePart:
    """A part of a draft's code that is complete, as if it were all that was asked for.

    `task` is the job's, for this part alone, and `written` the code of this part with what it may need. `code` is the
    draft's code up to the end of the part. `name` is the symbol's; empty for all of the code so far.
    """

    task: Task
    written: str
    code: str
    name: str = ""


@dataclass
class CompleteParts:
    """The complete parts of one draft. One symbol is edited with all that comes with it; of several symbols each is
    edited as if it were alone, so that the next one costs the same as the first. Parses, so call it in a thread.

    It is read by one thread at a time.
    """

    task: Task
    language: Language
    _read: int = field(default=0, init=False)
    _kept: str = field(default="", init=False)  # the code so far without the symbols that are edited alone
    _alone: Mapping[str, Symbol] | None = field(default=None, init=False)
    _texts: dict[str, str] = field(default_factory=dict, init=False)
    _waiting: set[str] = field(default_factory=set, init=False)

    def new_in(self, code: str) -> list[CompletePart]:
        """The parts that are complete now, and weren't before, or had to wait for more; in the order of the code."""
        if not self._is_several:
            return self._all_so_far(code)
        read = self._read
        new = self._take(code)
        if not new and self._read == read:
            return []
        if self._changes_statements():
            return [CompletePart(self.task, code[: self._read], code[: self._read])]
        again, self._waiting = self._waiting, set()
        found = [each for each in self._texts if each in new or each in again]
        return [self._of(each, code[: new.get(each, self._read)]) for each in found]

    def wait(self, part: CompletePart) -> None:
        """The part uses what isn't there yet: it is given out again with the next one."""
        if part.name:
            self._waiting.add(part.name)

    @property
    def _is_several(self) -> bool:
        symbol = self.task.target.symbol
        return symbol.is_stretch and not symbol.is_place and not self.task.action.makes_file

    def _all_so_far(self, code: str) -> list[CompletePart]:
        parsed = ParsedText.of(self.language, code)
        ends = [outer.end_byte for node, outer in _complete(parsed) if parsed.symbols.kind_of(node) in _CALLABLE]
        end = parsed.offsets.to_char(max(ends, default=0))
        if end <= self._read:
            return []
        self._read = end
        return [CompletePart(self.task, code[:end], code[:end])]

    def _take(self, code: str) -> dict[str, int]:
        """Reads on. The new symbols that are edited alone, each with its end in the code."""
        parsed = ParsedText.of(self.language, code[self._read :])
        char, text = parsed.offsets.to_char, parsed.text
        known, new = self._known(), dict[str, int]()
        cut: list[tuple[int, int]] = []
        read, end_of_last = 0, 0
        for node, outer in _complete(parsed):
            start, end, name = char(outer.start_byte), char(outer.end_byte), name_of(node)
            if start < end_of_last:
                continue
            if outer.parent == parsed.tree.root_node:
                read = end
            if name not in known:
                continue
            end_of_last = end
            start = text.rfind("\n", 0, start) + 1
            cut.append((start, end))
            if self._texts.get(name) != text[start:end]:
                self._texts[name] = text[start:end]
                new[name] = self._read + end
        kept, at = [], 0
        for start, end in cut:
            if end <= read:
                kept.append(text[at:start])
                at = end
        self._kept += "".join((*kept, text[at:read]))
        self._read += read
        return new

    def _known(self) -> Mapping[str, Symbol]:
        """The target's symbols that are the only ones of their name."""
        if self._alone is None:
            whole, document = self.task.target.symbol, self.task.document
            parts = whole.parts or document.symbols.inside(0, len(document.text))
            names = Counter(each.name for each in parts)
            self._alone = {each.name: each for each in parts if names[each.name] == 1}
        return self._alone

    def _of(self, name: str, code: str) -> CompletePart:
        task = replace(self.task, target=Target.of(self._known()[name]))
        return CompletePart(task, f"{self._kept.strip()}\n\n\n{self._texts[name]}\n", code, name)

    def _changes_statements(self) -> bool:
        """Whether the draft of a file has other statements beside its functions than the file: all may need them."""
        if self.task.target.symbol.kind != FILE or not self._kept.strip():
            return False
        kept = ParsedText.of(self.language, self._kept)
        there = {line.strip() for line in self.task.document.text.splitlines()}
        return any(
            line.strip() not in there
            for node in statements(kept)
            if node.type not in self.language.comments
            and not is_import(node, kept)
            and kept.symbols.enclosing_node(node) is None
            for line in text_of(node).splitlines()
        )


def runnables_of_part(part: CompletePart, language: Language, endpoint: str) -> tuple[list[Runnable], bool]:
    """What of the part can be run, and whether something waits for more. Computes only; call it in a thread."""
    try:
        # Made like the finished edit, so that the code runs in its place, indented, with its imports.
        draft = Draft(fenced(part.written, language.id), endpoint, 0, 0.0, 0.0, cut_off=False)
        outcome = make_outcome(part.task, draft)
    except DraftRejectedError:  # more of it is still to come, or it is refused once it is whole
        return [], False
    before = "".join(each.before_text for each in outcome.changes if isinstance(each, FileEdit))
    runnables = runnables_of(part.task, outcome.changes).all
    found = [each for each in runnables if not _waits_for_more(each, before)]
    return found, len(found) < len(runnables)


def _complete(drafted: ParsedText) -> Iterator[tuple[Node, Node]]:
    """The symbols behind which there is more code, and each with what is around it: only then it is complete."""
    code = drafted.offsets.data
    for node in drafted.symbols.walk():
        outer = drafted.symbols.outermost(node)
        if not outer.has_error and _has_code_behind(outer, code):
            yield node, outer


def _has_code_behind(outer: Node, code: bytes) -> bool:
    """Whether there is code behind it that begins on a later line: on the same line it may still belong to it."""
    blank = _BLANK.match(code, outer.end_byte)
    if blank is None or blank.end() == len(code) or code.startswith(_COMMENTS, blank.end()):
        return False
    return b"\n" in blank[0]


def _waits_for_more(runnable: Runnable, before: str) -> bool:
    """Whether it uses what isn't there yet, but may still come."""
    passage = runnable.subject.passage
    if any(True for _ in NamesAuditor().audit(passage)):
        return True
    known = {name_of(node) for node in passage.parsed.symbols.walk()}
    return any(each not in known and each not in before for each in _OWN_METHOD.findall(runnable.text))
