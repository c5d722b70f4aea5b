"""An answer → a new file, and the path that it gets."""

import re
from pathlib import PurePosixPath
from types import MappingProxyType

from pillion.edits.file_change import FileCreation
from pillion.edits.file_places import whats_wrong
from pillion.edits.new_files.new_file_code import NewFile, new_file_in
from pillion.edits.new_files.new_file_kinds import FileKind, kind_of, kind_of_language, known_kinds
from pillion.edits.new_files.new_file_paths import free_path, in_custom, path_in_words, plain_path, slug, uri_of
from pillion.edits.strategies import Answered
from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import known_titles
from pillion.syntax.nodes import name_of
from pillion.text.file_uris import document_name

# No file has it.
_ANY_NAME = "a-new-file-of-pillion"
_PACKAGES = MappingProxyType(
    {
        "go": re.compile(r"^package[ \t]+(\w+)", re.MULTILINE),
        "java": re.compile(r"^package\s+([\w.]+)\s*;", re.MULTILINE),
    }
)
_PUBLIC_TYPE = re.compile(r"^public\s+(?:\w+\s+)*(?:class|interface|enum|record)\s+(\w+)", re.MULTILINE)


def created_file(answered: Answered) -> FileCreation:
    """The answer's file, with the path that the user's words, the answer, or its first definition give it.

    Raises:
        DraftRejectedError: the answer has no such file.
    """
    path = wanted_path(answered)
    found = new_file_in(answered.reply, path, answered.document.language)
    if not path:
        path = _path_of(found, answered)
    elif (public := _public_type(found)) and PurePosixPath(path).stem != public:
        raise DraftRejectedError(f"Java wants “{public}” in {public}.java, and not in “{path}”", code="name")
    uri = uri_of(path, answered.uri, answered.workspace)
    text = _in_package(found, uri, answered)
    return FileCreation(uri, text.replace("\n", "\r\n") if "\r\n" in answered.document.text else text)


def _in_package(found: NewFile, uri: str, answered: Answered) -> str:
    """The text of a file, with the package of the document if it lies beside that: a folder has one.

    Raises:
        DraftRejectedError: it is a program, and the document is none; or nobody can say which package it has.
    """
    language = answered.document.language
    beside = found.kind.language is language and uri.rpartition("/")[0] == answered.uri.rpartition("/")[0]
    pattern = _PACKAGES.get(language.id) if beside else None
    there = pattern.search(answered.document.text) if pattern is not None else None
    own = pattern.search(found.text) if pattern is not None else None
    is_go = found.kind.language is not None and found.kind.language.id == "go"
    limited = there is None or "//go:build" in found.text  # which stands above the package
    if is_go and limited and _PACKAGES["go"].search(found.text) is None:
        raise DraftRejectedError("the file names no package", code="parses")
    if there is None or (own is not None and own[1] == there[1]):
        return found.text
    if own is None:
        end = ";" if language.id == "java" else ""
        return f"package {there[1]}{end}\n\n{found.text}"
    if language.id == "go" and uri.endswith("_test.go") and own[1] == f"{there[1]}_test":
        return found.text
    if language.id == "go" and re.search(r"^func main\(", found.text, re.MULTILINE):
        raise DraftRejectedError(f"it would be a program, and its folder has the package “{there[1]}”", code="place")
    return f"{found.text[: own.start(1)]}{there[1]}{found.text[own.end(1) :]}"


def wanted_path(answered: Answered) -> str:
    """The path in the user's words; empty if they have none.

    Raises:
        DraftRejectedError: Pillion creates no such file.
    """
    path = path_in_words(answered.words, answered.uri, answered.workspace)
    if path and kind_of(path) is None:
        kinds = f"files in {known_titles()}, and {known_kinds()}"
        raise DraftRejectedError(f"“{path}” is none of the files that Pillion creates: {kinds}", code="kind")
    return path


def hindrance(answered: Answered) -> str:
    """Why there can't be the file that the user's words name, or any file; empty if nothing is known against it."""
    try:
        uri = uri_of(wanted_path(answered) or _ANY_NAME, answered.uri, answered.workspace)
    except DraftRejectedError as exc:
        return str(exc)
    return whats_wrong([FileCreation(uri, "")], answered.uri, answered.workspace)


def named_kind(answered: Answered) -> FileKind | None:
    """The kind of file that the user's words name; None if they name none."""
    return kind_of(path_in_words(answered.words, answered.uri, answered.workspace))


def _path_of(found: NewFile, answered: Answered) -> str:
    """The path of a file that the user didn't name."""
    kind, uri, workspace = found.kind, answered.uri, answered.workspace
    path = plain_path(found.path, uri, workspace) if found.path else ""
    names = _definitions(found)
    if path and uri_of(path, uri, workspace) == uri:
        path = ""  # small models repeat the path that they were shown
        if {*names} & {
            *_definitions(NewFile("", kind_of_language(answered.document.language), answered.document.text))
        }:
            reason = f"it would write “{document_name(uri)}” again, and a new file is wanted"
            raise DraftRejectedError(reason, code="place")
    if (public := _public_type(found)) and PurePosixPath(path).stem != public:
        return str(PurePosixPath(path).with_name(f"{public}.java")) if path else f"{public}.java"
    if path:
        return path
    first = in_custom(names[0], kind.language.id, uri) if names and kind.language is not None else ""
    stem = first or slug(answered.words, joint="_" if kind.language is not None else "-") or "new_file"
    own = PurePosixPath(document_name(uri)).suffix
    return free_path(stem, own if own in kind.extensions else kind.extensions[0], uri, workspace)


def _definitions(found: NewFile) -> list[str]:
    """The names of the file's public definitions."""
    if found.kind.language is None:
        return []
    symbols = ParsedText.of(found.kind.language, found.text).symbols
    names = [name_of(each) for each in symbols.walk() if len(symbols.path_of(each)) == 1]
    return [each for each in names if each and not each.startswith("_") and each != "main"]


def _public_type(found: NewFile) -> str:
    """The name that the file must have, in Java."""
    is_java = found.kind.language is not None and found.kind.language.id == "java"
    public = _PUBLIC_TYPE.search(found.text) if is_java else None
    return public[1] if public is not None else ""
