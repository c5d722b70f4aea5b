"""Compares what a document says about the code with the code: files, functions and members that it names as there."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.documents.prose_spans import Span, said_in
from pillion.auditors.passage_findings import Rule, finding
from pillion.context.tag_index import TagIndex, tag_index
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.syntax.languages import language_by_path

_PATH = re.compile(r"(?:\.?/)?[\w@.-]+(?:/[\w@.-]+)+/?|[\w-]+(?:\.[\w-]+)*\.\w{1,5}")
_JOINT = re.compile(r"\.|::|->")
_NAME = re.compile(
    rf"(?:(?P<owner>[^\W\d]\w*(?:(?:{_JOINT.pattern})[^\W\d]\w*)*)(?:{_JOINT.pattern}))?"
    r"(?P<name>[^\W\d]\w*)(?P<call>\(.*\))?"
)
_WORD = re.compile(r"[^\W\d]\w*")
# A name that a project made: of several words.
_OWN_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]*)+")
_GLOBALS = re.compile(
    r"use[A-Z]\w*|(?:set|clear)(?:Timeout|Interval|Immediate)|parse(?:Int|Float)|(?:add|remove)EventListener|"
    r"querySelector\w*|getElement\w*|requestAnimationFrame|queueMicrotask|structuredClone|main|setUp|tearDown"
)
_MOST = 10


class ClaimsAuditor:
    """Says which files, functions and members a document names as there although the workspace doesn't have them.

    What the document introduces isn't compared: names in its code blocks, and in sentences and sections that speak of
    what is new.
    """

    name = "claims"
    sees = Sees.DOCUMENT
    _file_rule = Rule(name, "claim", "warning")
    _name_rule = Rule(name, "claim", "information")

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        root = passage.workspace or (passage.path.parent if passage.path is not None else None)
        said = said_in(passage.text)
        introduced = {word for each in said.spans if each.new for word in _WORD.findall(each.code)}
        introduced |= set(_WORD.findall(said.blocks))
        claimed = [each for each in said.spans if not each.new and each.start >= passage.start]
        if root is None or not claimed:
            return ()
        found: dict[str, Finding[InPassage]] = {}
        index = tag_index(root)
        own = passage.path.name if passage.path is not None else ""
        for each, rule, message in self._wrong(claimed, introduced, index, own):
            said_of = finding(passage, rule, each.start, each.end, message)
            if said_of is not None and len(found) < _MOST:
                found.setdefault(message, said_of)
        return tuple(found.values())

    def _wrong(
        self, claimed: list[Span], introduced: set[str], index: TagIndex, own: str
    ) -> Iterator[tuple[Span, Rule, str]]:
        if not index.complete:
            return
        for each in claimed:
            code = each.code.strip()
            if (path := _path_of(code)) and PurePosixPath(path).name != own:
                if PurePosixPath(path).stem not in introduced and not index.has_path(path):
                    yield each, self._file_rule, f"There is no “{path}” in the workspace."
            elif (name := _name_of(code, index)) and name not in introduced and name not in index.words:
                yield each, self._name_rule, f"Nothing in the workspace has the name “{name}”."


def _path_of(code: str) -> str:
    """The path that the code is; empty if it is none. A bare name is one only in a language that Pillion reads."""
    if _PATH.fullmatch(code) is None or "//" in code:
        return ""
    if "/" in code:
        named = "." in PurePosixPath(code).name or code.endswith("/")
        return code if named else ""
    return code if language_by_path(code) is not None and not code[:1].isupper() else ""


def _name_of(code: str, index: TagIndex) -> str:
    """The last name of a call, or of a member of something that the workspace defines; empty if it is neither."""
    shown = _NAME.fullmatch(code)
    if shown is None:
        return ""
    owner, name = _JOINT.split(shown["owner"] or "")[-1], shown["name"]
    if owner:
        return name if owner in index.modules else ""
    own = shown["call"] is not None and _OWN_NAME.fullmatch(name) is not None
    return name if own and _GLOBALS.fullmatch(name) is None else ""
