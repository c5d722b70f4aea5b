"""Takes the code out of a model's reply while it streams: no thoughts, no prose, no fences."""

from typing import Protocol

from pillion.text.fences import Fences, Place, before_fence, begins_code, code_behind, fence_of, language_name
from pillion.text.line_numbers import NumberedLines
from pillion.text.patches import NewSide, is_patch
from pillion.text.reply_blocks import LONE_CR, Block
from pillion.text.thoughts import ThoughtFilter, ends_thoughts


class Wanted(Protocol):
    """Which of a reply's blocks is the code that is wanted."""

    def speaks(self, info: str) -> bool:
        """Whether a block may be it, by the words behind its fence."""

    def is_it(self, block: Block) -> bool:
        """Whether a whole block is it: what comes below isn't read."""


class AnyCode:
    """Wants the first block."""

    def speaks(self, info: str) -> bool:
        """See Wanted."""
        return True

    def is_it(self, block: Block) -> bool:
        """See Wanted."""
        return True


class CodeFilter:
    """Lets through the code of a reply up to the block that is wanted; without a fence, from the first line that begins
    like code on.

    The edit takes its code from the same blocks, once the reply is whole (`reply_blocks.py`). So all that it can take
    comes through, without numbers before the lines, and of a patch the lines that it leaves or adds.
    """

    def __init__(self, wanted: Wanted | None = None) -> None:
        self._wanted = wanted or AnyCode()
        self._thoughts = ThoughtFilter()
        self._line = ""
        self._cr = ""  # it may be the first half of a line's end
        self._begin()

    def feed(self, text: str) -> str:
        """The code that `text` adds, in whole lines."""
        text = self._cr + text
        self._cr = "\r" if text.endswith("\r") else ""
        self._line += self._thoughts.feed(LONE_CR.sub("\n", text.removesuffix(self._cr)))
        *lines, self._line = self._line.split("\n")
        return "".join([self._take(line + "\n") for line in lines])

    def finish(self) -> str:
        """The rest. A reply without any code is taken whole."""
        rest = self._thoughts.feed("\n" if self._cr else "") + self._thoughts.finish()
        *lines, last = (self._line + rest).split("\n")
        self._line = self._cr = ""
        code = "".join([self._take(line + "\n") for line in lines]) + (self._take(last) if last else "")
        if self._block is not None:
            code += self._block.close()
        if self._passed or code:
            return code
        return "".join(self._others or ([] if self._opened else self._prose))

    def _begin(self) -> None:
        self._fences = Fences()
        self._block: _StreamedBlock | None = None
        self._prose: list[str] = []  # held back: it may turn out to be the whole reply
        self._others: list[str] = []  # blocks in other languages, which are held back, too
        self._opened = self._passed = self._closed = False

    def _take(self, line: str) -> str:
        bare = line.rstrip("\r\n")
        if self._fences.fence is None and (end := ends_thoughts(bare)) is not None:
            # A thought whose opening mark never came, and all of it was none of the answer.
            self._begin()
            return self._take(line[end:]) if line[end:].strip() else ""
        if self._closed:
            return ""
        if self._block is not None and not self._block.fenced:
            return self._without_fence(line)
        place = self._fences.take(bare)
        match place:
            case Place.OPENS:
                fence = self._fences.fence
                info = fence.info if fence is not None else ""
                self._block, self._opened = _StreamedBlock(info), True
                return self._shown(code) if (code := code_behind(info)) else ""
            case Place.INSIDE:
                return self._shown(self._fences.code(line))
            case Place.CLOSES:
                glued = before_fence(bare) + "\n" if fence_of(bare) is None else ""
                return (self._shown(glued) if glued else "") + self._close()
            case Place.WRAPS:
                return ""
            case Place.OUTSIDE:
                if begins_code(line):
                    self._block = _StreamedBlock("", fenced=False)
                    return self._shown(line)
                self._prose.append(line)
                return ""

    def _without_fence(self, line: str) -> str:
        fence = fence_of(line)
        if fence is None or fence.indent:
            return self._shown(line)
        closed = self._close()
        if fence.info and not self._closed:  # what was taken for code was none, or an example comes
            return closed + self._take(line)
        return closed

    def _shown(self, line: str) -> str:
        block = self._block or _StreamedBlock("")
        code = block.feed(line)
        if not self._wanted.speaks(block.info):
            self._others.append(code)
            return ""
        self._passed = self._passed or bool(code.strip())
        return code

    def _close(self) -> str:
        block, self._block = self._block or _StreamedBlock(""), None
        code = block.close()
        if not self._wanted.speaks(block.info):
            self._others.append(code)
            return ""
        self._passed = self._passed or bool(code.strip())
        self._closed = bool(block.raw.strip()) and self._wanted.is_it(Block(block.info, block.raw, block.fenced))
        return code


class _StreamedBlock:
    """A block that comes line by line."""

    def __init__(self, info: str, *, fenced: bool = True) -> None:
        self.info = info
        self.fenced = fenced
        self._lines: list[str] = []
        self._numbers = NumberedLines()
        self._patch: NewSide | None = None
        self._blank = True

    @property
    def raw(self) -> str:
        """All of it, as it came."""
        return "".join(self._lines)

    def feed(self, line: str) -> str:
        """What to show of a line."""
        self._lines.append(line)
        if self._blank and line.strip():
            self._blank = False
            is_one = is_patch(line, language_name(self.info)) or line.startswith(("--- ", "<<<<<", "+"))
            self._patch = NewSide() if is_one else None
        return self._patch.feed(line) if self._patch is not None else self._numbers.feed(line)

    def close(self) -> str:
        """What is still to be shown."""
        return self._numbers.finish()
