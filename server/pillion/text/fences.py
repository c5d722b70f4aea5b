"""The lines of a reply that are in fenced blocks, and the lines that begin code without a fence."""

import re
from dataclasses import dataclass
from enum import Enum, auto

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})(?P<info>[^`\n]*)$")
# The fence of a block whose beginning stands behind words: “Here it is: ```python”.
_BEHIND_WORDS = re.compile(r"(?P<ticks>`{3,})(?P<info>[A-Za-z][\w+#-]*)\s*$")
# A fence that stands behind the last line of code.
_BEHIND_CODE = re.compile(r"^(?P<code>[^`]*[^`\s])(?P<ticks>`{3,})\s*$")
# What a chat template ends a turn with. Behind a fence it isn't the name of a language.
_TOKEN = re.compile(r"(?:<[|｜][^\n|｜>]{1,40}[|｜]>|</s>|<end_of_turn>|<eos>)\s*")
# A block in one of these is a page, and the code is in the blocks on it.
_PAGES = frozenset({"markdown", "md"})
_TAB_WIDTH = 4
# Beginnings that only a line of code has. Prose may begin with "use the" or "import it", so one word isn't enough.
_CODE_STARTS = (
    r"@\w",
    r"(?:async\s+)?def\s+\w+\s*[(\[]",
    r"class\s+\w+[^.]*[:{]\s*$",
    r"import\s+(?:[({\"'*]|[\w.]+(?:\s+as\s+\w+)?(?:,\s*[\w.]+)*\s*$|.*\sfrom\s+[\"'])",
    r"from\s+[.\w]+\s+import\b",
    r"export\s+(?:default|async|abstract|function|class|const|let|var|interface|type|enum|[{*])",
    r"(?:async\s+)?function\b\s*\*?\s*\w*\s*[(<]",
    r"(?:const|let|var)\s+[\w{\[].*=",
    r"import\s+(?:static\s+)?[\w.]+(?:\.\*)?;",
    r"package\s+\w+(?:\s*$|[\w.]*;)",
    r"func\s*[(\w].*\(",
    r"type\s+\w+.*(?:=|\bstruct\b|\binterface\b)",
    r"pub(?:\([^)]*\))?\s+\w+",
    r"(?:async\s+)?fn\s+\w+\s*[(<]",
    r"use\s+[\w:]+(?:::.*)?;",
    r"impl(?:<|\s+\w+).*\{",
    r"(?:struct|union|enum|trait)\s+\w+.*[{;(]",
    r"#!?\[",
    r"#(?:include\s*[<\"]|(?:define|pragma|ifn?def)\s+\w|if\s)",
    r"template\s*<",
    r"typedef\s+\w",
    r"(?:using\s+)?namespace\s+[\w:]+\s*[;{]",
    # int f(char *a), with the brace on the next line: the first word in the parentheses is a type
    r"\w[\w:<>,*&~\s]*[\s*&][\w:~]+\((?:void|(?:const\s+)?[\w:<>]+[\s*&]+\w[^)]*)\)\s*(?:const|noexcept|override)?\s*$",
    r"/\*|//",
    # a patch, or code with the numbers of its lines
    r"\*\*\* Begin Patch|diff --git\s|@@ -\d|--- (?:a/|/dev/null|\S+\.\w+\s*$)|<{5,9} ",
    r"1(?::|\s*\||→|\t)\s?\S",
    r".*\{\s*$",  # a method
)
_CODE_START = re.compile(rf"(?:{'|'.join(_CODE_STARTS)})")


class Place(Enum):
    """Where a line stands."""

    OUTSIDE = auto()
    OPENS = auto()
    INSIDE = auto()
    CLOSES = auto()
    WRAPS = auto()  # a fence around the blocks of a page


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence that opens a block."""

    indent: int
    ticks: str
    info: str


class Fences:
    """Says of each line whether it is in a fenced block.

    A closing fence is a bare fence that is no deeper than the opening one; fences that open with a language, or
    are indented (Markdown in a docstring), are nested and stay in the code.
    """

    def __init__(self) -> None:
        self.fence: Fence | None = None
        self.blank = True
        """Whether the block has no line with anything on it so far."""
        self._nested = 0
        self._depth: int | None = None

    def take(self, line: str) -> Place:
        """Where the line stands, which comes without its end."""
        found = fence_of(line)
        if self.fence is None:
            found = found or _behind_words(line)
            if found is None:
                return Place.OUTSIDE
            if language_name(found.info) in _PAGES:
                return Place.WRAPS
            return self._open(found)
        if found is None:
            return self._inside(line, self.fence)
        if self.blank and found.info:
            return self._open(found)  # the fence before was one around this block
        if not self._ends(found, self.fence):
            self.blank = False
            return Place.INSIDE
        self.fence = None
        return Place.CLOSES

    def code(self, line: str) -> str:
        """The code on a line of the block. In a list it is as deep as its fence."""
        if self.fence is None or not self.fence.indent or not line.strip():
            return line
        white = len(line) - len(line.lstrip(" "))
        if self._depth is None:
            self._depth = min(white, self.fence.indent)
        return line[min(white, self._depth) :]

    def _open(self, fence: Fence) -> Place:
        self.fence, self.blank, self._nested, self._depth = fence, True, 0, None
        return Place.OPENS

    def _inside(self, line: str, opening: Fence) -> Place:
        if (glued := _BEHIND_CODE.match(line)) is not None and glued["ticks"] == opening.ticks and not self._nested:
            self.fence = None
            return Place.CLOSES
        self.blank = self.blank and not line.strip()
        return Place.INSIDE

    def _ends(self, fence: Fence, opening: Fence) -> bool:
        if fence.indent > opening.indent:
            return False
        if fence.ticks[0] != opening.ticks[0] or len(fence.ticks) < len(opening.ticks):
            return False
        if fence.info:
            self._nested += 1
            return False
        if self._nested:
            self._nested -= 1
            return False
        return True


def fence_of(line: str) -> Fence | None:
    """The fence on a line, which has nothing else on it; None if there is none."""
    found = _FENCE.match(line.rstrip("\r\n"))
    if found is None:
        return None
    info = _TOKEN.sub("", found["info"]).strip()
    return Fence(len(found["indent"].expandtabs(_TAB_WIDTH)), found["ticks"], info)


def before_fence(line: str) -> str:
    """The code before a closing fence on the same line."""
    found = _BEHIND_CODE.match(line)
    return found["code"] if found is not None else ""


def code_behind(info: str) -> str:
    """The code that stands behind the language on the fence's line; usually nothing."""
    _, _, rest = info.partition(" ")
    return rest + "\n" if begins_code(rest) else ""


def language_name(info: str) -> str:
    """The language that the words behind a fence name, in lower case: `python` of `{.python title="x.py"}`; of a file's
    name the ending; empty if they name none."""
    word = info.strip().lstrip("{").strip().lower()
    word = word.split(maxsplit=1)[0] if word else ""
    if "=" in word:
        return ""
    named, _, path = word.partition(":")
    if named.isdigit():  # lines and a path
        named = path.rpartition(":")[2]
    name = named.strip("{}.,").split("{")[0].split(",")[0]
    return name.rpartition(".")[2].rpartition("/")[2]


def begins_code(line: str) -> bool:
    """Whether a line begins like code, and not like prose."""
    return _CODE_START.match(line.lstrip()) is not None


def has_block(lines: list[str]) -> bool:
    """Whether a fence opens: it has a language, or there are two fences. A single fence may only be a closing one."""
    fences = [(row, fence) for row, line in enumerate(lines) if (fence := fence_of(line)) is not None]
    at_margin = [(row, fence) for row, fence in fences if fence.indent < _TAB_WIDTH]
    if not at_margin:
        return any(_behind_words(line) is not None for line in lines)
    (first, fence), *others = at_margin
    if not fence.info and others and others[0][1].info and any(map(begins_code, lines[:first])):
        return False  # the code begins without a fence, and an example with a fence comes below it
    return bool(others) or bool(fence.info)


def _behind_words(line: str) -> Fence | None:
    words, tick, _ = line.partition("`")
    if not tick or not words.strip() or not words[-1].isspace():
        return None
    found = _BEHIND_WORDS.match(line, len(words))
    return Fence(0, found["ticks"], found["info"]) if found is not None else None
