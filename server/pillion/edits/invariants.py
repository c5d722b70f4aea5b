"""The invariants that actions share: rules for an action's changes, checked without a model.

An invariant is a name and a check; an action's own invariant is in the action's file. Menus read the actions' rows
before there is a syntax tree. So modules that read a tree are imported only when there is something to check.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pillion.edits.file_change import FileChange, FileCreation, FileEdit
from pillion.errors import DraftRejectedError

if TYPE_CHECKING:
    from tree_sitter import Node

    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol


@dataclass(frozen=True, slots=True)
class Checked:
    """A document before and after its edit, and the changes of other files."""

    symbol: "Symbol"
    before: "ParsedText"
    after: "ParsedText"
    others: tuple[FileChange, ...] = ()
    written: tuple[int, int] = (0, 0)
    """[start, end) of the symbol in the text after the edit, if it is a stretch and has no name to be found by."""

    @property
    def old(self) -> "Node":
        """The symbol's node before the edit."""
        node = self.before.symbols.same_in(self.before.symbols, self.symbol)
        if node is None:
            raise ValueError(f"{self.symbol.name} was read from another text")
        return node

    @property
    def new(self) -> "Node":
        """The symbol's node after the edit.

        Raises:
            DraftRejectedError: the symbol is gone.
        """
        node = self.before.symbols.same_in(self.after.symbols, self.symbol)
        if node is None:
            raise DraftRejectedError(f"“{self.symbol.name}” would be gone", code="gone")
        return node

    @property
    def rewritten(self) -> "Symbol":
        """The symbol after the edit; see `new`."""
        if self.symbol.is_stretch:
            start, end = self.written
            return replace(self.symbol, start=start, end=end, text=self.after.text[start:end])
        return self.after.symbols.read(self.new)


@dataclass(frozen=True, slots=True)
class Invariant:
    """A name, and a check that returns what is wrong, or None."""

    name: str
    check: Callable[[Checked], str | None]


def check_invariants(
    invariants: Iterable[Invariant],
    symbol: "Symbol",
    before: "ParsedText",
    after_text: str,
    others: Sequence[FileChange] = (),
    written: tuple[int, int] = (0, 0),
) -> None:
    """Checks a document before and after its edit, and the other changes that belong to it.

    Raises:
        DraftRejectedError: an invariant doesn't hold; `code` is its name.
    """
    from pillion.syntax.document import ParsedText

    checked = Checked(symbol, before, ParsedText.of(before.language, after_text), tuple(others), written)
    for invariant in invariants:
        try:
            reason = invariant.check(checked)
        except DraftRejectedError as exc:
            raise DraftRejectedError(str(exc), code=invariant.name) from exc
        if reason is not None:
            raise DraftRejectedError(reason, code=invariant.name)


def _parses(checked: Checked) -> str | None:
    problem = _problem_in_document(checked)
    return problem if problem is not None else next(_problems_elsewhere(checked.others), None)


def _problems_elsewhere(others: Iterable[FileChange]) -> Iterator[str]:
    """New syntax errors in other files, if Pillion reads their language."""
    from pillion.syntax.check import first_error
    from pillion.syntax.document import ParsedText
    from pillion.syntax.languages import language_by_path

    for each in others:
        language = language_by_path(each.uri)
        if language is None or not isinstance(each, FileEdit | FileCreation):
            continue
        text = each.after_text if isinstance(each, FileEdit) else each.text
        error = first_error(ParsedText.of(language, text))
        was_broken = isinstance(each, FileEdit) and first_error(ParsedText.of(language, each.before_text)) is not None
        if error is not None and not was_broken:
            yield f"“{each.uri.rpartition('/')[2]}” would have a mistake in its syntax ({error})"


def _problem_in_document(checked: Checked) -> str | None:
    from pillion.syntax.check import error_count, first_error

    before, after = checked.before, checked.after
    error = first_error(after)
    if error is None:
        return None
    problem = f"it would break the file's syntax ({error})"
    broken_before = first_error(before)
    if broken_before is None:
        return problem
    new = before.symbols.same_in(after.symbols, checked.symbol)
    if new is not None and new.has_error and not checked.old.has_error:
        return problem
    # The file was already broken elsewhere; the edit must not add errors.
    if before.tree.root_node.has_error:
        return problem if error_count(after) > error_count(before) else None
    return None if _reason(error) == _reason(broken_before) else problem


def _reason(error: str) -> str:
    """An error without its line number, since an edit above the error changes that."""
    return error.partition(": ")[2]


def _behaviour(checked: Checked) -> str | None:
    from pillion.syntax.check import behaviour_fingerprint

    if checked.symbol.is_stretch:  # the whole file
        roots = ((each, each.tree.root_node) for each in (checked.before, checked.after))
        old, changed = (behaviour_fingerprint(*each) for each in roots)
        return "it would change the code, not only its documentation" if old != changed else None
    new = checked.new
    if behaviour_fingerprint(checked.before, checked.old) != behaviour_fingerprint(checked.after, new):
        return "it would change the code, not only its documentation"
    return None


def _signatures(checked: Checked) -> str | None:
    if checked.symbol.is_stretch:
        return _signatures_in_file(checked)
    kept = _public_signatures(checked.after, checked.new)
    for name, signatures in _public_signatures(checked.before, checked.old).items():
        if len(kept.get(name, ())) < len(signatures):
            return f"the public method “{name}” would be gone"
        if kept[name][: len(signatures)] != signatures:
            return f"the signature of “{name}” would change"
    return None


def _public_signatures(parsed: "ParsedText", node: "Node") -> dict[str, list[str]]:
    """The signatures by name; a property's getter and setter, or overloads, share one."""
    from pillion.syntax.nodes import name_of

    found: dict[str, list[str]] = {}
    for number, inner in enumerate(parsed.symbols.walk(node)):
        name, signature = name_of(inner), parsed.symbols.signature_of(inner)
        private = name.startswith(("_", "#")) or "private" in signature.split()
        if number == 0 or (not private and parsed.symbols.kind_of(inner) == "method"):
            found.setdefault(name, []).append(signature)
    return found


def _signatures_in_file(checked: Checked) -> str | None:
    kept = _all_signatures(checked.after)
    for path, signatures in _all_signatures(checked.before).items():
        if len(kept.get(path, ())) < len(signatures):
            return f"“{path[-1]}” would be gone"
        if kept[path][: len(signatures)] != signatures:
            return f"the signature of “{path[-1]}” would change"
    return None


def _all_signatures(parsed: "ParsedText") -> dict[tuple[str, ...], list[str]]:
    """The signatures of what other files may use, by path: no inner functions, and no private names."""
    from pillion.syntax.nodes import name_of

    found: dict[tuple[str, ...], list[str]] = {}
    top = {node.id for node in parsed.symbols.beside(None)}
    for node in parsed.symbols.walk():
        name, signature = name_of(node), parsed.symbols.signature_of(node)
        private = not name or name.startswith(("_", "#")) or "private" in signature.split()
        if not private and (node.id in top or parsed.symbols.kind_of(node) == "method"):
            found.setdefault(parsed.symbols.path_of(node), []).append(signature)
    return found


def _names(checked: Checked) -> str | None:
    if not checked.symbol.is_stretch:
        return None
    from pillion.edits.selections.kept_names import lost_name

    symbol = checked.symbol
    lost = lost_name(checked.before, checked.after, (symbol.start, symbol.end), checked.written)
    return f"“{lost}” would be gone, and other code may use it" if lost is not None else None


def _all_lines(checked: Checked) -> str | None:
    from pillion.edits.selections.left_out_lines import left_out_line
    from pillion.syntax.symbols import STATEMENTS

    if checked.symbol.kind != STATEMENTS:
        return None
    start, end = checked.written
    gone = left_out_line(checked.symbol.text, checked.after.text[start:end])
    return f"the answer leaves out lines, the first is “{gone}”" if gone is not None else None


def _exits(checked: Checked) -> str | None:
    from pillion.edits.selections.begun_above import begun_anew
    from pillion.edits.selections.exits import changed_exits
    from pillion.syntax.symbols import STATEMENTS

    symbol = checked.symbol
    if symbol.kind != STATEMENTS:
        return None
    places = (symbol.start, symbol.end), checked.written
    if (name := begun_anew(checked.before, checked.after, *places)) is not None:
        return f"the value that “{name}” has before would be lost"
    return changed_exits(checked.before, checked.after, *places)


def _reached(checked: Checked) -> str | None:
    from pillion.edits.selections.exits import ends_too_early
    from pillion.syntax.symbols import STATEMENTS

    symbol = checked.symbol
    if symbol.kind != STATEMENTS:
        return None
    early = ends_too_early(checked.before, checked.after, (symbol.start, symbol.end), checked.written)
    return "the code below would never be reached" if early else None


def _gives_result(checked: Checked) -> str | None:
    from pillion.edits.rust_results import without_result

    lost = without_result(checked.before, checked.after)
    return f"“{lost}” would give nothing back" if lost is not None else None


def _same_result(checked: Checked) -> str | None:
    from pillion.edits.selections.exits import falls_off

    if checked.symbol.is_stretch or checked.before.language.id == "rust":
        return None
    lost = falls_off(checked.old, checked.new)
    return f"“{checked.symbol.name}” would give nothing back at its end" if lost else None


def _no_stub(checked: Checked) -> str | None:
    from pillion.syntax.empty_bodies import is_empty_on_purpose
    from pillion.syntax.nodes import name_of

    after, new = checked.after, checked.new
    for number, inner in enumerate(after.symbols.walk(new)):
        # An empty inner class is usual (an exception, a marker), but the symbol itself must not be empty.
        left = number == 0 or (after.symbols.read(inner).callable and not is_empty_on_purpose(inner, after.language))
        if left and after.symbols.is_stub(inner):
            return f"“{name_of(inner)}” would still be a stub"
    if after.symbols.read(new).has_todo:
        return "a TODO would be left in it"
    return None


PARSES = Invariant("parses", _parses)
SAME_BEHAVIOUR = Invariant("same_behaviour", _behaviour)
SAME_SIGNATURES = Invariant("same_signatures", _signatures)
NO_STUB_LEFT = Invariant("no_stub_left", _no_stub)
SAME_NAMES = Invariant("same_names", _names)
ALL_LINES = Invariant("all_lines", _all_lines)
SAME_EXITS = Invariant("same_exits", _exits)
REACHED = Invariant("reached", _reached)
GIVES_RESULT = Invariant("gives_result", _gives_result)
SAME_RESULT = Invariant("same_result", _same_result)
INVARIANTS = (
    *(PARSES, SAME_BEHAVIOUR, SAME_SIGNATURES, NO_STUB_LEFT, SAME_NAMES, ALL_LINES),
    *(SAME_EXITS, REACHED, GIVES_RESULT, SAME_RESULT),
)
