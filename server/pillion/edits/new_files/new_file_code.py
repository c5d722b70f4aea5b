"""Says which of a reply's blocks is the new file, and which path the reply gives it."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from textwrap import dedent
from typing import Any

from pillion.edits.new_files.new_file_kinds import (
    MARKDOWN,
    SHELL,
    FileKind,
    kind_by_fence,
    kind_of,
    kind_of_language,
)
from pillion.edits.new_files.new_file_paths import is_path, path_in_fence, path_in_line
from pillion.edits.reply_code import NO_CODE
from pillion.edits.reply_repairs import repaired
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.fence_names import title_of_another
from pillion.syntax.languages import Language
from pillion.syntax.nodes import name_of
from pillion.text.document_reply import document_in
from pillion.text.fences import language_name
from pillion.text.json_text import objects_in
from pillion.text.patches import is_patch, only_added
from pillion.text.reply_blocks import Block, blocks_of, has_code
from pillion.text.thoughts import without_thoughts

_TEST = re.compile(r"^(?:test|main$|Test|example|demo|usage)|Tests?$", re.IGNORECASE)
_ADDED = re.compile(r"^\+\+\+ (?:b/)?(\S+)", re.MULTILINE)
_PATHS = ("path", "file_path", "filepath", "filename", "file", "name")
_CONTENTS = ("content", "contents", "file_text", "text", "code", "source")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A new file in a reply. `path` is empty if the reply gives none."""

    path: str
    kind: FileKind
    text: str


@dataclass(frozen=True, slots=True)
class WantedFile:
    """The block with a new file; see Wanted. `kind` is None if the reply decides it."""

    kind: FileKind | None
    language: Language

    def speaks(self, info: str) -> bool:
        """See Wanted."""
        kind = self.kind or kind_of(path_in_fence(info)) or kind_of_language(self.language)
        return kind.speaks(info)

    def is_it(self, block: Block) -> bool:
        """See Wanted. Whether another block has more of it shows only the whole reply."""
        return self.speaks(block.info)


@dataclass(frozen=True, slots=True)
class _Named:
    """A block, the path that the reply gives it (may be empty), and its text without a line for that path."""

    info: str
    path: str
    text: str
    fenced: bool


def new_file_in(reply: str, path: str, language: Language) -> NewFile:
    """The new file in a reply. `path`: the one that the user's words give it, or empty: then it is of the kind that the
    reply says, or in the document's language.

    Raises:
        DraftRejectedError: there is none, there are several, or nobody can say which one it is.
    """
    kind = kind_of(path) if path else None
    reply = reply.replace("\r\n", "\n")
    if kind is MARKDOWN:
        return NewFile(path, kind, document_in(reply))
    named = [_named(each) for each in (*_in_calls(reply), *blocks_of(reply))]
    target = path or next((each.path for each in named if each.path), "")
    kind = kind_of(target) or _kind_of_blocks(named, language)
    if target and kind_of(target) is MARKDOWN:
        return NewFile(target, MARKDOWN, document_in(reply))
    if (whole := _whole(reply, named, target, kind)) is not None:
        return whole
    own = [each for each in named if kind.speaks(each.info)]
    if not own or not (has_code(reply) or any(each.path for each in own)):
        another = next((title for each in named if (title := _title(each, language))), "")
        reason = f"the model answered in {another}, and the file is to be {kind.title}" if another else NO_CODE
        raise DraftRejectedError(reason, code="language" if another else "empty")
    mine, others = _by_path(own, target, named)
    main = _main(mine, kind)
    _require_alone(main, others)
    return NewFile(target, kind, _plain(main.text, kind))


def _named(block: Block) -> _Named:
    added = _ADDED.search(block.raw)
    if added is not None and (text := only_added(block.raw)) is not None and is_path(added[1]):
        return _Named(PurePosixPath(added[1]).suffix, added[1], text, block.fenced)
    text = only_added(block.raw) or block.text
    first, _, rest = text.lstrip("\n").partition("\n")
    path = path_in_line(first) if _is_remark(first) else ""
    text = rest.lstrip("\n") if path else text
    return _Named(block.info, path_in_fence(block.info) or path or path_in_line(block.above), text, block.fenced)


def _is_remark(line: str) -> bool:
    return re.match(r"\s*(?:#(?!!)|//|/\*|<!--|--|;|file\s?(?:name|path)?:|path:)", line, re.IGNORECASE) is not None


def _in_calls(reply: str) -> list[Block]:
    """The files that a reply writes with a tool's call."""
    found: list[Block] = []
    waiting: list[Any] = list(objects_in(reply))
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, str):
            waiting += objects_in(each) if each.lstrip().startswith("{") else []
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            path = next((each[key] for key in _PATHS if isinstance(each.get(key), str) and kind_of(each[key])), "")
            text = next((each[key] for key in _CONTENTS if isinstance(each.get(key), str)), "")
            if path and text.strip():
                found.append(Block(PurePosixPath(path).suffix.lstrip("."), text, fenced=True, above=path))
            else:
                waiting += each.values()
    return found


def _kind_of_blocks(named: list[_Named], language: Language) -> FileKind:
    """The document's, unless no block is of it and the only other one is of another kind."""
    own = kind_of_language(language)
    fenced = [each for each in named if each.fenced]
    if any(own.speaks(each.info) for each in fenced):
        return own
    kinds = [kind for each in fenced if (kind := kind_by_fence(each.info)) is not None and kind is not SHELL]
    return kinds[0] if len(kinds) == 1 and kinds[0].language is None else own


def _whole(reply: str, named: list[_Named], target: str, kind: FileKind) -> NewFile | None:
    """The whole reply, if it has no fence and can be read as such a file."""
    if any(each.fenced for each in named):
        return None
    text = without_thoughts(reply).strip("\n")
    first, _, rest = text.partition("\n")
    if path := path_in_line(first) if _is_remark(first) else "":
        text, target, kind = rest.lstrip("\n"), target or path, kind_of(target or path) or kind
    begins = kind.read is not None or bool(path) or re.match(r"\s*(?:[\"']{3}|#|//|/\*)", text) is not None
    plain = begins and bool(text.strip()) and kind.problem(text) is None
    return NewFile(target, kind, _plain(text, kind)) if plain else None


def _title(block: _Named, language: Language) -> str:
    return title_of_another(language_name(block.info), language)


def _by_path(own: list[_Named], target: str, named: list[_Named]) -> tuple[list[_Named], list[_Named]]:
    """The blocks that may be the file, and the blocks that the reply gives to other files."""

    def is_same(path: str) -> bool:
        return PurePosixPath(path).name == PurePosixPath(target).name

    others = [each for each in named if each.path and target and not is_same(each.path)]
    mine = [each for each in own if each not in others]
    if marked := [each for each in mine if each.path]:
        # What has no path of its own, and stands beside a block that has one, is an example.
        return marked, others
    if not mine and len(others) == 1 and others[0] in own:
        return others, []  # the user named the file otherwise than the model
    return mine, others


def _main(blocks: list[_Named], kind: FileKind) -> _Named:
    """The one block that is the file.

    Raises:
        DraftRejectedError: nobody can say which one it is.
    """
    if not blocks:
        raise DraftRejectedError(NO_CODE, code="empty")
    if len(blocks) == 1:
        return blocks[0]
    several = "the model gave several versions or parts of the file, and one whole file is wanted"
    if kind.language is None:
        written = list({each.text.strip(): each for each in blocks}.values())
        if len(written) > 1:
            raise DraftRejectedError(several, code="versions")
        return written[0]
    defined = [_definitions(each.text, kind.language) for each in blocks]
    best = max(range(len(blocks)), key=lambda number: (len(defined[number]), -number))
    main = " ".join(blocks[best].text.split())
    for number, each in enumerate(blocks):
        new = defined[number] - defined[best]
        shown = " ".join(each.text.split()) in main
        if number == best or shown or (not defined[number] and number > best) or (all(map(_TEST.search, new)) and new):
            continue
        raise DraftRejectedError(several, code="versions")
    return blocks[best]


def _definitions(text: str, language: Language) -> set[str]:
    """The names of the definitions at the top level."""
    parsed = ParsedText.of(language, text)
    return {name_of(each) for each in parsed.symbols.walk() if len(parsed.symbols.path_of(each)) == 1}


def _require_alone(main: _Named, others: list[_Named]) -> None:
    """Checks that the file doesn't need another file that the model wrote.

    Raises:
        DraftRejectedError: it does.
    """
    for each in others:
        stem = PurePosixPath(each.path).name.partition(".")[0]
        if re.search(rf"(?<![\w]){re.escape(stem)}(?!\w)", main.text) is not None:
            reason = f"the model wrote several files, and what it wrote needs “{each.path}”, too"
            raise DraftRejectedError(reason, code="files")


def _plain(text: str, kind: FileKind) -> str:
    """The text as a file has it."""
    if is_patch(text):
        raise DraftRejectedError("the model answered with a patch, and there is no file to patch", code="patch")
    lines = text.strip("\n").rstrip()
    if lines[:1] in {" ", "\t"}:
        lines = dedent(lines)
    plain = repaired(lines, kind.language) if kind.language is not None else lines
    return plain.rstrip() + "\n"
