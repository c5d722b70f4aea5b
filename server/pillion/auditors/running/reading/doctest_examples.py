"""Examples as a session with Python: `>>> total([1, 2])` and below it what it shows; also IPython's `In [1]:`."""

import ast
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pillion.auditors.running.reading.notation import MOST_CHARACTERS
from pillion.auditors.running.reading.python_notation import calls_of, is_known, names_in, tree_of, value
from pillion.auditors.running.reading.written_example import Callee, Form, WrittenExample

_PROMPT = re.compile(r"(?P<margin>[ \t]*)(?:>>>|In \[\d+\]:)(?: (?P<code>.*)|[ \t]*)$")
_MORE = re.compile(r"[ \t]*(?:\.\.\.|\.\.\.:)(?: (?P<code>.*)|)$")
_OUT = re.compile(r"Out\[\d+\]:[ \t]?")
_OPTIONS = re.compile(r"#[ \t]*doctest:[ \t]*([+\-\w, \t]+)", re.IGNORECASE)
_TRACEBACK = "Traceback (most recent call last):"
_RAISED = re.compile(r"^(?P<kind>[A-Za-z_][\w.]*)(?::.*)?$")
_MOST_STATEMENTS = 60


@dataclass(slots=True)
class _Session:
    """What the lines above an example have bound. A line that can't be followed spoils what it binds."""

    callee: Callee
    lines: list[tuple[str, frozenset[str], frozenset[str]]] = field(default_factory=list)
    variables: set[str] = field(default_factory=set)

    def add(self, source: str, node: ast.AST) -> None:
        bound, used = names_in(node)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not _is_kept(node, self.callee):
            return
        if is_known(node, self.callee, frozenset(self.variables)):
            self.lines.append((source, bound, used))
            self.variables |= bound
        else:
            self.variables -= bound

    def setup_for(self, node: ast.AST) -> str:
        """The lines above that an example needs: all of them, if it needs one."""
        _, used = names_in(node)
        return "\n".join(source for source, _, _ in self.lines) if used & self.variables else ""

    def calls(self, node: ast.AST) -> bool:
        """Whether an example calls the callee: itself, or in a line that binds what it shows."""
        if any(calls_of(node, self.callee)):
            return True
        _, used = names_in(node)
        bound = [tree_of(source) for source, names, _ in self.lines if names & used]
        return any(tree is not None and any(calls_of(tree, self.callee)) for tree in bound)


def doctests_in(text: str, callee: Callee) -> tuple[list[WrittenExample], str]:
    """The examples of a session, and the text with blank lines in its place."""
    lines = text.split("\n")
    found: list[WrittenExample] = []
    session = _Session(callee)
    at = statements = 0
    while at < len(lines):
        match = _PROMPT.match(lines[at].rstrip())
        if match is None or statements >= _MOST_STATEMENTS:
            at += 1
            continue
        statements += 1
        end, source = _source(lines, at, match["code"] or "")
        last, shown = _shown(lines, end, match["margin"])
        tree = tree_of(source)
        options = frozenset(
            each.strip().upper() for group in _OPTIONS.findall(source) for each in group.replace(",", " ").split()
        )
        if tree is not None and (shown or options or not _may_be_prose(lines[at])):
            if "+SKIP" not in options and tree.body:
                found += _read(source, tree, shown, options, session)
            lines[at:last] = [""] * (last - at)
        at = max(last, at + 1)
    return found, "\n".join(lines)


def _may_be_prose(line: str) -> bool:
    """`>>> total([1])  # 1` says its value in its own line."""
    return "#" in line or "==" in line


def _source(lines: Sequence[str], start: int, first: str) -> tuple[int, str]:
    source, at = [first], start + 1
    while at < len(lines) and (more := _MORE.match(lines[at].rstrip())) is not None:
        source.append(more["code"] or "")
        at += 1
    return at, "\n".join(source)


def _shown(lines: Sequence[str], start: int, margin: str) -> tuple[int, str]:
    shown: list[str] = []
    at = start
    while at < len(lines) and lines[at].strip() and _PROMPT.match(lines[at].rstrip()) is None:
        line = lines[at].rstrip()
        if line.strip().startswith("```"):
            break
        shown.append(_OUT.sub("", line.removeprefix(margin) if line.startswith(margin) else line.lstrip(), count=1))
        at += 1
    return at, "\n".join(shown)


def _read(
    source: str, tree: ast.Module, shown: str, options: frozenset[str], session: _Session
) -> list[WrittenExample]:
    *before, last = tree.body
    for each in before:
        session.add(ast.unparse(each), each)
    example = _example(last, shown, options, session)
    if not shown.startswith(_TRACEBACK):
        session.add(ast.unparse(last), last)
    return [replace(example, quote=f">>> {source}\n{shown}")] if example is not None else []


def _example(node: ast.stmt, shown: str, options: frozenset[str], session: _Session) -> WrittenExample | None:
    callee = session.callee
    if not shown.strip() or len(shown) > MOST_CHARACTERS or not session.calls(node):
        return None
    if not is_known(node, callee, frozenset(session.variables)):
        return None
    setup, source = session.setup_for(node), ast.unparse(node)
    if isinstance(node, ast.Expr):
        example = WrittenExample(source, setup=setup, form=Form.DOCTEST, options=options)
    else:  # it shows what it prints
        example = WrittenExample("None", setup=f"{setup}\n{source}".strip(), form=Form.DOCTEST, options=options)
    if shown.startswith(_TRACEBACK):
        # What isn't indented below the first line is the exception.
        kinds = [match["kind"] for line in shown.split("\n")[1:] if (match := _RAISED.match(line)) is not None]
        return replace(example, raises=kinds[0].rpartition(".")[2]) if kinds else None
    return replace(example, output=shown, wanted=value(shown, callee) or "")


def _is_kept(node: ast.Import | ast.ImportFrom, callee: Callee) -> bool:
    """Whether an import is one of Python's own modules. The document's own names are there without an import."""
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and (node.module or "").partition(".")[0] in sys.stdlib_module_names
    names = [alias.name.partition(".")[0] for alias in node.names]
    return all(each in sys.stdlib_module_names and each not in callee.known for each in names)
