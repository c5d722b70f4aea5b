"""Takes the code out of a model's reply while it streams: no think-blocks, no prose, no fences."""

import re

_THINK_OPEN, _THINK_CLOSE = "<think>", "</think>"
_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})(?P<info>[^`\n]*)$")
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
    r".*\{\s*$",  # a method
)
_CODE_START = re.compile(rf"(?:{'|'.join(_CODE_STARTS)})")
# Some templates open the think-block in the prompt, so the reply only closes it.
_LONE_CLOSE = re.compile(rf"^[ \t]*{_THINK_CLOSE}", re.MULTILINE)


class ThinkFilter:
    """Drops `<think>…</think>` from a stream. A tag may be split between chunks.

    Thinking begins at the beginning of a line; elsewhere the tag is text, such as a string in code.
    """

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._line_is_blank = True

    def feed(self, text: str) -> str:
        """The part of `text`, and of the text held back before, that is no thinking."""
        self._held += text
        kept: list[str] = []
        while True:
            tag = _THINK_CLOSE if self._thinking else _THINK_OPEN
            at = self._held.find(tag)
            if at < 0:
                kept.append(self._pass(len(self._held) - _partial_tag_length(self._held, tag)))
                return "".join(kept)
            kept.append(self._pass(at))
            if self._thinking or self._line_is_blank:
                self._held = self._held[len(tag) :]
                self._thinking = not self._thinking
            else:
                kept.append(self._pass(len(tag)))

    def finish(self) -> str:
        """The text that was held back and turned out not to be a tag."""
        return self._pass(len(self._held))

    def _pass(self, length: int) -> str:
        passed, self._held = self._held[:length], self._held[length:]
        if self._thinking:
            return ""
        _, end, line = passed.rpartition("\n")
        self._line_is_blank = not line.strip() and (bool(end) or self._line_is_blank)
        return passed


def _partial_tag_length(text: str, tag: str) -> int:
    return next((n for n in range(min(len(tag) - 1, len(text)), 0, -1) if text.endswith(tag[:n])), 0)


class CodeFilter:
    """Lets through only the code of a reply: the first fenced block, or a reply that is code without a fence.

    A closing fence is a bare fence that is no deeper than the opening one; fences that open with a language, or
    are indented (Markdown in a docstring), are nested and stay in the code. Use `fenced` if the reply is known to have
    a fence: then prose that looks like code isn't taken for code.
    """

    def __init__(self, *, fenced: bool = False) -> None:
        self._think = ThinkFilter()
        self._line = ""
        self._prose: list[str] = []  # held back: it may turn out to be the whole reply
        self._fence: re.Match[str] | None = None
        self._nested = 0
        self._fenced = fenced
        self._code_without_fence = False
        self.closed = False

    def feed(self, text: str) -> str:
        """The code that `text` adds, in whole lines."""
        self._line += self._think.feed(text)
        *lines, self._line = self._line.split("\n")
        return "".join([self._take(line + "\n") for line in lines])

    def finish(self) -> str:
        """The rest. A reply without any fence is taken whole."""
        self._line += self._think.finish()
        last, self._line = self._line, ""
        code = self._take(last) if last else ""
        if self._fence is None and not self._code_without_fence:
            return "".join(self._prose)
        return code

    def _take(self, line: str) -> str:
        if self.closed:
            return ""
        fence = _FENCE.match(line.rstrip("\r\n"))
        if self._fence is None and not self._code_without_fence:
            if fence is not None:
                self._fence = fence
            elif not self._fenced and _CODE_START.match(line.lstrip()):
                # The prose before is dropped: code starts here.
                self._code_without_fence = True
                return line
            else:
                self._prose.append(line)
            return ""
        if fence is not None and self._ends_block(fence):
            self.closed = True
            return ""
        return line

    def _ends_block(self, fence: re.Match[str]) -> bool:
        opening = self._fence
        if opening is None:
            return not fence["info"].strip() and not fence["indent"]
        if len(fence["indent"].expandtabs(4)) > len(opening["indent"].expandtabs(4)):
            return False
        if fence["ticks"][0] != opening["ticks"][0] or len(fence["ticks"]) < len(opening["ticks"]):
            return False
        if fence["info"].strip():
            self._nested += 1
            return False
        if self._nested:
            self._nested -= 1
            return False
        return True


def extract_blocks(reply: str) -> list[str]:
    """The code in a whole reply: the content of each of its fences, or the whole reply."""
    think = ThinkFilter()
    text = think.feed(reply) + think.finish()
    if (close := _LONE_CLOSE.search(text)) is not None:
        text = text[close.end() :]
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    blocks: list[str] = []
    while lines and (not blocks or _has_block(lines)):
        code_filter = CodeFilter(fenced=_has_block(lines))
        code: list[str] = []
        while lines and not code_filter.closed:
            code.append(code_filter.feed(lines.pop(0)))
        blocks.append("".join(code) + code_filter.finish())
    return blocks


def has_code(reply: str) -> bool:
    """Whether a reply has anything besides prose: a fence, or a line that begins like code."""
    lines = reply.splitlines()
    return _has_block(lines) or any(_CODE_START.match(line.strip()) for line in lines)


def _has_block(lines: list[str]) -> bool:
    """Whether a fence opens: it has a language, or there are two fences. A single fence may only be a closing one."""
    fences = [match for line in lines if (match := _FENCE.match(line.rstrip("\r\n"))) is not None]
    at_margin = [fence for fence in fences if len(fence["indent"].expandtabs(4)) < 4]
    return bool(at_margin) and (len(at_margin) > 1 or bool(at_margin[0]["info"].strip()))


def extract_prose(reply: str) -> str:
    """A reply that is meant to be read, without think-blocks."""
    think = ThinkFilter()
    text = think.feed(reply) + think.finish()
    return text.rpartition(_THINK_CLOSE)[2].strip()
