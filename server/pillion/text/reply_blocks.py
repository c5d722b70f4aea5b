"""The blocks of a whole reply: what its fences hold, or the code that stands there without a fence."""

import re
from dataclasses import dataclass

from pillion.text.fences import Fences, Place, before_fence, begins_code, code_behind, fence_of, has_block
from pillion.text.line_numbers import without_line_numbers
from pillion.text.thoughts import without_thoughts

LONE_CR = re.compile(r"\r(?!\n)")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a reply. `info`: the words behind its fence. `raw`: its text as it came, without thoughts. `above`:
    the line of words above its fence."""

    info: str
    raw: str
    fenced: bool
    above: str = ""

    @property
    def text(self) -> str:
        """The text without a number before each line, and without a byte order mark."""
        return without_line_numbers(self.raw.removeprefix("\ufeff"))


def blocks_of(reply: str) -> list[Block]:
    """The blocks that aren't empty. A reply that has neither a fence nor code is one block of prose."""
    lines = _LINES.findall(without_thoughts(LONE_CR.sub("\n", reply)))
    blocks = _fenced(lines) if has_block([line.rstrip("\r\n") for line in lines]) else [_unfenced(lines)]
    return [each for each in blocks if each.raw.strip()]


def extract_blocks(reply: str) -> list[str]:
    """The code in a whole reply: the content of each of its fences, or the whole reply."""
    return [each.text for each in blocks_of(reply)]


def has_code(reply: str) -> bool:
    """Whether a reply has anything besides prose: a fence, or a line that begins like code."""
    lines = without_thoughts(reply).splitlines()
    return has_block(lines) or any(begins_code(line.strip()) for line in lines)


def breaks_off(reply: str) -> bool:
    """Whether the last block of a reply has no closing fence: something ended the answer, or the model forgot it."""
    lines = without_thoughts(LONE_CR.sub("\n", reply)).split("\n")
    fences = Fences()
    for line in lines if has_block(lines) else ():
        fences.take(line.rstrip("\r"))
    return fences.fence is not None


def _fenced(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    fences, code = Fences(), ""
    info = above = ""
    for line in lines:
        place = fences.take(line.rstrip("\r\n"))
        if place is Place.OPENS and fences.fence is not None:
            info = fences.fence.info
            code = code_behind(info)
        elif place is Place.INSIDE:
            code += fences.code(line)
        elif place is Place.CLOSES:
            blocks.append(Block(info, code + _glued(line), fenced=True, above=above))
            code = above = ""
        elif line.strip():
            above = line.strip()
    if fences.fence is not None:
        blocks.append(Block(info, code, fenced=True, above=above))
    return blocks


def _glued(line: str) -> str:
    bare = line.rstrip("\r\n")
    return "" if fence_of(bare) is not None else before_fence(bare) + "\n"


def _unfenced(lines: list[str]) -> Block:
    """The code from the first line that begins like code on; without such a line, the whole reply."""
    start = next((row for row, line in enumerate(lines) if begins_code(line)), None)
    if start is None:
        return Block("", "".join(lines), fenced=False)
    code = ""
    for line in lines[start:]:
        fence = fence_of(line)
        if fence is not None and not fence.indent and not fence.info:
            break
        code += line
    return Block("", code, fenced=False)
