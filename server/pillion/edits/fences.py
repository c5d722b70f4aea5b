"""Takes the code out of what a model said, while it says it: no think-blocks, no prose, no fences."""

import re

_THINK_OPEN, _THINK_CLOSE = "<think>", "</think>"
_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})(?P<info>[^`\n]*)$")
_CODE_START = re.compile(
    r"^\s*(?:@\w|(?:async\s+)?def\s|class\s\w+\s*[:({]|import\s|from\s+[.\w]+\s+import\b|export\s|function\b|const\s+\w+"
    r"|let\s+\w+\s*=|package\s+\w+\s*$|func\s|type\s+\w+\s|pub\s|fn\s|use\s+\w+|impl\b|struct\s+\w+|#\[|/\*\*|//)"
)


class ThinkFilter:
    """Drops `<think>…</think>` from a stream. A tag may be split between chunks."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False

    def feed(self, text: str) -> str:
        """What is left of `text` (and of what was held back before)."""
        self._held += text
        kept: list[str] = []
        while True:
            tag = _THINK_CLOSE if self._thinking else _THINK_OPEN
            at = self._held.find(tag)
            if at < 0:
                keep = len(self._held) - _partial_tag_length(self._held, tag)
                if not self._thinking:
                    kept.append(self._held[:keep])
                self._held = self._held[keep:]
                return "".join(kept)
            if not self._thinking:
                kept.append(self._held[:at])
            self._held = self._held[at + len(tag) :]
            self._thinking = not self._thinking

    def finish(self) -> str:
        """What was held back and turned out not to be a tag."""
        rest = "" if self._thinking else self._held
        self._held = ""
        return rest


def _partial_tag_length(text: str, tag: str) -> int:
    return next((n for n in range(min(len(tag) - 1, len(text)), 0, -1) if text.endswith(tag[:n])), 0)


class CodeFilter:
    """Lets through only the code of a reply: the first fenced block, or a reply that is code without a fence.

    A closing fence is a bare one that stands no deeper than the opening one; fences that open with a language, or
    are indented (Markdown in a docstring), are nested and stay in the code.
    """

    def __init__(self) -> None:
        self._think = ThinkFilter()
        self._line = ""
        self._prose: list[str] = []  # held back: it may turn out to be all there is
        self._fence: re.Match[str] | None = None
        self._nested = 0
        self._code_without_fence = False
        self._closed = False
        self._seen_code = False

    def feed(self, text: str) -> str:
        """The code that `text` adds, in whole lines."""
        self._line += self._think.feed(text)
        *lines, self._line = self._line.split("\n")
        return "".join(self._take(line + "\n") for line in lines)

    def finish(self) -> str:
        """The rest. A reply without any fence is taken whole."""
        self._line += self._think.finish()
        last, self._line = self._line, ""
        code = self._take(last) if last else ""
        if not self._seen_code and not self._closed and not code:
            return "".join(self._prose)
        return code

    def _take(self, line: str) -> str:
        if self._closed:
            return ""
        fence = _FENCE.match(line.rstrip("\r\n"))
        if self._fence is None and not self._code_without_fence:
            if fence is not None:
                self._fence = fence
            elif _CODE_START.match(line):
                # Prose that came first is dropped: code starts here.
                self._code_without_fence = self._seen_code = True
                return line
            else:
                self._prose.append(line)
            return ""
        if fence is not None and self._ends_block(fence):
            self._closed = True
            return ""
        self._seen_code = True
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


def extract_code(reply: str) -> str:
    """The code in a whole reply."""
    code_filter = CodeFilter()
    return code_filter.feed(reply) + code_filter.finish()


def extract_prose(reply: str) -> str:
    """A reply that is meant to be read, without think-blocks."""
    think = ThinkFilter()
    text = think.feed(reply) + think.finish()
    return text.rpartition(_THINK_CLOSE)[2].strip()
