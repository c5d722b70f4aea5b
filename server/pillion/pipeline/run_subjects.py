"""Which functions an edit changes or adds, for the checks that run code."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from pillion.auditors.auditor import Passage
from pillion.auditors.running.aim import Aim
from pillion.auditors.running.run_check import RunSubject
from pillion.edits.file_change import FileChange, FileCreation, FileEdit
from pillion.edits.file_places import file_of
from pillion.pipeline.outcome import Task
from pillion.syntax.check import behaviour_fingerprint
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language, language_by_path
from pillion.syntax.nodes import text_of, tokens

_CALLABLE = frozenset({"function", "method"})
# What nodes are called that have a class's parts in them.
_BODIES = ("block", "body", "list")
_DEEPEST = 50
_WORD = re.compile(r"\w+")
_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Runnable:
    """A function or method to run, in the file `uri`. `text` is its own source.

    `needs` is all of the file that it can reach, as text: as long as that is the same, so is what a run shows.
    """

    uri: str
    subject: RunSubject
    text: str
    needs: str


@dataclass(frozen=True, slots=True)
class Runnables:
    """The functions and methods that changes change or add, in the order of the files.

    `incomparable` says what else they change, of which nobody can say by running it that it does the same; empty: they
    change nothing else.
    """

    all: tuple[Runnable, ...] = ()
    incomparable: str = ""


@dataclass(frozen=True)
class _Callables:
    """The functions and methods of one text, without those inside of others."""

    parsed: ParsedText
    nodes: Sequence[Node] = field(init=False)
    by_path: Mapping[_Path, list[Node]] = field(init=False)

    def __post_init__(self) -> None:
        found: list[Node] = []
        for node in self.parsed.symbols.walk():
            inside = bool(found) and node.start_byte < found[-1].end_byte
            if not inside and self.parsed.symbols.kind_of(node) in _CALLABLE:
                found.append(node)
        by_path: dict[_Path, list[Node]] = {}
        for node in found:
            by_path.setdefault(self.parsed.symbols.path_of(node), []).append(node)
        object.__setattr__(self, "nodes", found)
        object.__setattr__(self, "by_path", by_path)

    def rest(self) -> list[str]:
        """Everything else, in whole statements, without comments: a class is its header, then each of its parts."""
        outer = [self.parsed.symbols.outermost(node) for node in self.nodes]
        starts = sorted(each.start_byte for each in outer)
        without = frozenset(each.id for each in outer)
        return [each for each in _statements(self.parsed.tree.root_node, without, starts, self.parsed.language) if each]


def _statements(
    node: Node, without: frozenset[int], starts: Sequence[int], language: Language, depth: int = 0
) -> Iterator[str]:
    """The node's statements without those functions, which begin at `starts`."""

    def holds_some(part: Node) -> bool:
        at = bisect_left(starts, part.start_byte)
        return depth < _DEEPEST and at < len(starts) and starts[at] < part.end_byte

    parts = [each for each in node.children if each.id not in without]
    whole = [each for each in parts if not holds_some(each)]
    if node.parent is not None and not node.type.endswith(_BODIES):
        yield " ".join(tokens(whole, language))
        whole = []
    for part in parts:
        if holds_some(part):
            yield from _statements(part, without, starts, language, depth + 1)
        elif part in whole:
            yield " ".join(tokens([part], language))


def runnables_of(task: Task, changes: Iterable[FileChange], proposals: Sequence[str] = ()) -> Runnables:
    """What these changes of the task change or add. `proposals`: see RunSubject. Parses, so call it in a thread."""
    found: list[Runnable] = []
    incomparable = ""
    for change in changes:
        texts = _texts(task, change)
        if texts is None:
            continue
        before, after, passage = texts
        pair = _Pair(task, change.uris[-1], before, after, passage, tuple(proposals))
        found += pair.runnables()
        incomparable = incomparable or pair.incomparable()
    return Runnables(tuple(found), incomparable)


def _texts(task: Task, change: FileChange) -> tuple[_Callables, _Callables, Passage] | None:
    """A file before and after a change; None if nobody can read its language."""
    match change:
        case FileEdit():
            own = change.uri == task.uri
            language = task.document.language if own else language_by_path(change.uri)
            before, after = change.before_text, change.after_text
        case FileCreation():
            language, before, after = language_by_path(change.uri), "", change.text
        case _:
            return None
    if language is None or before == after:
        return None
    passage = Passage(after, 0, len(after), language, before, file_of(change.uri), task.workspace)
    parsed = task.document if before == task.document.text else ParsedText.of(language, before)
    return _Callables(parsed), _Callables(passage.parsed), passage


@dataclass
class _Pair:
    """One file before and after."""

    task: Task
    uri: str
    before: _Callables
    after: _Callables
    passage: Passage
    proposals: tuple[str, ...]

    def runnables(self) -> Iterator[Runnable]:
        """The changed and the new ones that are the only ones of their path."""
        if self.task.action.aim is None:
            return
        texts = _Texts(self.after)
        for path, (node, *more) in self.after.by_path.items():
            old = self.before.by_path.get(path, [])
            if more or len(old) > 1 or (old and self._does_the_same(old[0], node)):
                continue
            former = self._former(path) if not old else ()
            old = self.before.by_path[former] if former else old
            symbol = self.after.parsed.symbols.read(node)
            is_target = bool(old) and self._is_target(old[0])
            subject = RunSubject(
                replace(self.passage, start=symbol.start, end=symbol.end),
                path,
                self._aim(old[0] if old else None, is_target=is_target),
                self.task.instruction,
                former_path=former,
                proposals=self.proposals if is_target or not self.before.nodes else (),
            )
            yield Runnable(self.uri, subject, symbol.text, texts.needed_by(node))

    def incomparable(self) -> str:
        """What else is changed."""
        if not self.task.action.must_be_compared:
            return ""
        for path, nodes in self.before.by_path.items():
            now = self.after.by_path.get(path, [])
            if not now and not any(self._former(each) == path for each in self.after.by_path):
                return f"“{path[-1]}” isn't there any more"
            if max(len(nodes), len(now)) > 1 and [_print(self.before, each) for each in nodes] != [
                _print(self.after, each) for each in now
            ]:
                return f"there is more than one “{path[-1]}”"
        rest = iter(self.after.rest())
        return "" if all(each in rest for each in self.before.rest()) else "it changes code outside of functions"

    def _does_the_same(self, old: Node, new: Node) -> bool:
        same_text = _outer(self.before, old).text == _outer(self.after, new).text
        return same_text or _print(self.before, old) == _print(self.after, new)

    def _former(self, path: _Path) -> _Path:
        """What a new one was called before, if it is the only new one beside the only one that is gone."""
        gone = [each for each in self.before.by_path if each not in self.after.by_path and each[:-1] == path[:-1]]
        new = [each for each in self.after.by_path if each not in self.before.by_path and each[:-1] == path[:-1]]
        return gone[0] if len(gone) == 1 and new == [path] and len(self.before.by_path[gone[0]]) == 1 else ()

    def _is_target(self, old: Node) -> bool:
        if self.uri != self.task.uri:
            return False
        target, char = self.task.target, self.before.parsed.offsets.to_char
        outer = _outer(self.before, old)
        start, end = char(outer.start_byte), char(outer.end_byte)
        spans = [(target.start, target.end), *((each.start, each.end) for each in target.symbols)]
        return any(first <= end and start <= last for first, last in spans)

    def _aim(self, old: Node | None, *, is_target: bool) -> Aim:
        """The action's aim holds for its target; everything else stays as it was, or is new."""
        if old is None:
            return Aim.NEW
        aim = self.task.action.aim
        if not is_target or aim is None:
            return Aim.SAME
        if aim is Aim.NEW:
            symbol = self.before.parsed.symbols.read(old)
            return Aim.NEW if symbol.is_stub or symbol.has_todo else Aim.SAME
        return aim


def _outer(texts: _Callables, node: Node) -> Node:
    return texts.parsed.symbols.outermost(node)


def _print(texts: _Callables, node: Node) -> object:
    return behaviour_fingerprint(texts.parsed, _outer(texts, node))


class _Texts:
    """What each function of a text can reach in it."""

    def __init__(self, callables: _Callables) -> None:
        self._symbols = callables.parsed.symbols
        self._rest = "\n".join(callables.rest())
        self._named: dict[str, list[str]] = {}
        for node in self._symbols.walk():
            text = text_of(self._symbols.outermost(node))
            for name in self._symbols.path_of(node)[-1:]:
                self._named.setdefault(name, []).append(text)

    def needed_by(self, node: Node) -> str:
        """The function's text, the texts of all definitions that its names may mean, and what stands outside of all
        functions."""
        path = self._symbols.path_of(node)
        found = {text_of(self._symbols.outermost(node)): None}
        waiting = [*found, *path[:-1]]
        seen: set[str] = set()
        while waiting:
            for word in set(_WORD.findall(waiting.pop())) & self._named.keys() - seen:
                seen.add(word)
                new = [each for each in self._named[word] if each not in found]
                found |= dict.fromkeys(new)
                waiting += new
        return "\0".join((*found, self._rest))
