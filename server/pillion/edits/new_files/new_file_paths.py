"""The path of a new file: in the user's words, in a model's reply, or made of a name; and the URI that it leads to.

What a model or a comment says is only a wish: `file_places.py` decides whether there may be such a file.
"""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from pillion.edits.file_places import file_of, is_there
from pillion.edits.new_files.new_file_kinds import kind_of
from pillion.errors import DraftRejectedError

_TOKEN = re.compile(r"[^\s`'\"“”‘’()<>\[\]{},;!?=|*]+")
# These are products and no files.
_PRODUCT = re.compile(
    r"(?:asp|chart|d3|discord|ember|express|moment|next|node|nuxt|p5|react|three|vue)\.js", re.IGNORECASE
)
_LEADS = re.compile(
    r"\b(?:add|call(?:ed)?|creat(?:e|es|ing)|file|generate|make|named?|new|write|as)"
    r"(?:\s+(?:an?|the|new|file|module|script|page|component|class|called|named|it))*$",
    re.IGNORECASE,
)
# The words before a file that is there.
_SPEAKS_OF = re.compile(r"\b(?:calls?|for|from|imports?|like|of|using|uses?|with)(?:\s+the)?$", re.IGNORECASE)
# What no ending shows: a hidden file, a path from the root, and files that are known by their names.
_NAMED_WITHOUT_ENDING = re.compile(r"[./~\\]\S*[\w]\S*|[A-Za-z]:\S+|(?:Make|Docker|Proc|Rake|Gem|Just)file")
_MARKS = re.compile(r"^(?:#!?|//+|/\*+|<!--|--|;+|%|\*\*?|\d+[.)])?\s*|\s*(?:\*/|-->|:)?\s*$")
_LABEL = re.compile(r"^(?:file\s?(?:name|path)?|path|name|module)\s*:\s*", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|file(?:name)?|path)\s*[=:]\s*[\"']?([^\"'\s}]+)", re.IGNORECASE)
# What models write in the place of the project's folder.
_PLACEHOLDER = re.compile(
    r"/?(?:[\w.-]+/)*(?:path/to/(?:.*/)?|(?:your|my)[-_]?(?:project|app|package|module|repo)\w*/)", re.IGNORECASE
)
_ENOUGH_WORDS = 4
_MOST_NUMBERS = 100
_LONGEST_SLUG = 40
_FILLERS = frozenset(
    [
        "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its", "of", "on",
        "or", "our", "that", "the", "their", "this", "to", "which", "who", "with", "your", "you", "we", "my", "me",
        "create", "creates", "creating", "add", "write", "make", "build", "generate", "implement", "new", "file",
        "files", "module", "script", "design", "designs", "document", "documentation", "describe", "doc", "docs",
        "architecture", "architect", "please", "should", "can", "could", "would", "will",
    ]
)  # fmt: skip


def path_in_words(words: str, document_uri: str, workspace: Path | None) -> str:
    """The path that the user's words give the new file; empty if they give none. Of several paths, it is the one that
    they say to create, else the first where no file is yet: the others are what the words speak of."""
    found: list[str] = []
    for each in _TOKEN.finditer(words):
        token = each[0].rstrip(".:")
        before = words[: each.start()].rstrip(" \t`'\"“‘(")
        leads = _LEADS.search(before) is not None
        named = is_path(token)
        if leads and (named or _NAMED_WITHOUT_ENDING.fullmatch(token)):
            return token
        if named and _SPEAKS_OF.search(before) is None:
            found.append(token)
    return next((each for each in found if not _is_known(each, document_uri, workspace)), "")


def is_path(token: str) -> bool:
    """Whether a word is the path of a file that Pillion creates."""
    stem = re.split(r"[/\\]", token)[-1].partition(".")[0]
    return bool(stem) and "://" not in token and kind_of(token) is not None and not _PRODUCT.fullmatch(token)


def path_in_fence(info: str) -> str:
    """The path behind a fence; empty if there is none."""
    titled = _TITLE.search(info)
    words = [titled[1]] if titled is not None else [each.rpartition(":")[2] for each in info.split()]
    return next((each for each in words if is_path(each)), "")


def path_in_line(line: str) -> str:
    """The path in a line that has nothing else, or has it as its only code: a comment, a heading; else empty."""
    bare = _LABEL.sub("", _MARKS.sub("", line.strip().strip("#* \t"))).strip("`*\"' ")
    if " " not in bare and is_path(bare):
        return bare
    quoted = re.findall(r"`([^`\s]+)`|\*\*([^*\s]+)\*\*", line)
    paths = [each for pair in quoted for each in pair if each and is_path(each)]
    return paths[0] if len(paths) == 1 else ""


def plain_path(path: str, document_uri: str, workspace: Path | None) -> str:
    """A model's path without what only stands for the project's folder."""
    if (placeholder := _PLACEHOLDER.match(path)) is not None:
        path = path[placeholder.end() :]
    root = _root(document_uri, workspace)
    if root is not None:
        path = path.removeprefix(f"{root.as_posix()}/")
        first, _, rest = path.partition("/")
        if rest and first == root.name and not (root / first).exists():
            return rest
    return path


def uri_of(path: str, document_uri: str, workspace: Path | None) -> str:
    """The URI of a path. A bare name, and a path that begins with `./`, are beside the document. A path with folders
    begins at the workspace, unless only the document's folder has its first folder.

    Raises:
        DraftRejectedError: there is no folder that it could be in, or it leads elsewhere.
    """
    plain = path.replace("\\", "/")
    elsewhere = DraftRejectedError(f"“{path}” isn't in the workspace", code="place")
    if plain.startswith("~") or re.match(r"[A-Za-z]:", plain):
        raise elsewhere
    document, root = file_of(document_uri), _root(document_uri, workspace)
    if document is None or root is None:
        return _beside(plain, document_uri)
    if plain.startswith("/"):
        return Path(plain).as_uri()
    names = PurePosixPath(plain)
    first = names.parts[0] if names.parts else ""
    beside = len(names.parts) == 1 or plain.startswith("./")
    only_there = not (root / first).is_dir() and (document.parent / first).is_dir()
    folder = document.parent if beside or only_there else root
    return (folder / names).as_uri()


def free_path(stem: str, extension: str, document_uri: str, workspace: Path | None) -> str:
    """A path that begins with this stem for a file that nobody has named, with a number if there is one already."""
    for number in range(1, _MOST_NUMBERS):
        tail = f"-{number}" if "-" in stem else f"_{number}"
        path = f"{stem}{tail if number > 1 else ''}{extension}"
        if not is_there(uri_of(path, document_uri, workspace)):
            return path
    raise DraftRejectedError(f"there are too many files named {stem} already", code="place")


def slug(words: str, *, joint: str = "_") -> str:
    """The words that matter, as a name; empty if there are none."""
    plain = [each.lower() for each in re.findall(r"[A-Za-z0-9]+", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", words))]
    chosen = [each for each in plain if each not in _FILLERS and len(each) > 1][:_ENOUGH_WORDS]
    return joint.join(chosen)[:_LONGEST_SLUG].strip(joint)


def in_custom(name: str, language_id: str, document_uri: str) -> str:
    """A definition's name as the name of its file, as people write it in this language, or in this project."""
    snake = "_".join(each.lower() for each in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]", name))
    if language_id in {"python", "rust", "go", "c", "cpp"}:
        return snake
    own = PurePosixPath(unquote(urlsplit(document_uri).path)).stem
    if language_id == "java" or not ("-" in own or "_" in own):
        return name
    return snake.replace("_", "-") if "-" in own else snake


def _is_known(path: str, document_uri: str, workspace: Path | None) -> bool:
    """Whether there is such a file beside the document or in the workspace."""
    root = _root(document_uri, workspace)
    in_root = root is not None and is_there((root / path.replace("\\", "/")).as_uri())
    return in_root or is_there(uri_of(path, document_uri, workspace))


def _root(document_uri: str, workspace: Path | None) -> Path | None:
    document = file_of(document_uri)
    return workspace if workspace is not None else document.parent if document is not None else None


def _beside(path: str, document_uri: str) -> str:
    """The URI for a document that isn't on this machine: always beside it."""
    parts = urlsplit(document_uri)
    folder = PurePosixPath(unquote(parts.path)).parent
    if not folder.is_absolute() or path.startswith("/"):
        raise DraftRejectedError("the document isn't in a folder yet: save it first", code="place")
    return parts._replace(path=quote(str(folder / path))).geturl()
