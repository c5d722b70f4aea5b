"""Takes a model's thoughts out of its reply, in the marks of every family, and the tokens of its chat template."""

import re
from dataclasses import dataclass
from functools import lru_cache

from pillion.text.fences import Fences, fence_of


@dataclass(frozen=True, slots=True)
class _Marks:
    """Thoughts stand between `opening` and the first of `closings`, in lower case."""

    opening: str
    closings: tuple[str, ...]


_TAGS = ("think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "seed:think")
_FINAL = "<|channel|>final<|message|>"
_MARKS = (
    *(_Marks(f"<{tag}>", (f"</{tag}>",)) for tag in _TAGS),
    _Marks("[think]", ("[/think]",)),
    _Marks("◁think▷", ("◁/think▷",)),
    _Marks("<|begin_of_thought|>", ("<|end_of_thought|>",)),
    _Marks("<|start_thinking|>", ("<|end_thinking|>",)),
    _Marks("<|channel|>analysis", (_FINAL, "<|end|>")),
    _Marks("<|channel|>commentary", (_FINAL, "<|end|>")),
)
# What stands before an answer and is no part of it.
_BEFORE = (
    "<|start|>assistant",
    _FINAL,
    "<|im_start|>assistant",
    "<|assistant|>",
    "<|begin_of_solution|>",
    "<|start_response|>",
    "<|begin_of_text|>",
    "<answer>",
    "<|python_tag|>",
    "[/inst]",
    "<bos>",
    "<｜begin▁of▁sentence｜>",
    "<｜assistant｜>",
    "\ufeff",
)
_AT_A_LINES_BEGINNING = tuple(sorted((*(each.opening for each in _MARKS), *_BEFORE), key=len, reverse=True))
# The last is what is left of gpt-oss' marks if a server drops the special tokens.
_CLOSINGS = tuple(dict.fromkeys(closing for each in _MARKS for closing in each.closings if closing != "<|end|>"))
_LONE = (*_CLOSINGS, "assistantfinal")
_END = r"<[|｜][^\n|｜<>]{1,40}[|｜]>|</s>|<end_of_turn>|<eos>|</answer>"
_ENDS = re.compile(rf"(?:(?:{_END})\s*)+\Z")
_QUOTES = frozenset("\"'`")
# What may become such an end, or a mark.
_MAY_END = re.compile(rf"(?:(?:{_END})\s*)*(?:<[^\n<>]{{0,42}}|(?:{_END})\s*)\Z")


class ThoughtFilter:
    """Drops thoughts from a stream, and what a chat template writes around an answer. A mark may be split between
    chunks.

    A thought begins at the beginning of a line; elsewhere its mark is text, such as a string in code. Marks in fenced
    code are text, too, unless they come before all code.
    """

    def __init__(self) -> None:
        self._held = ""
        self._closings: tuple[str, ...] = ()
        self._thought_ended = False
        self._line = ""  # what was passed on of the line so far
        self._fences = Fences()

    def feed(self, text: str) -> str:
        """The part of `text`, and of the text held back before, that is no thought."""
        self._held += text
        return self._released(finished=False)

    def finish(self) -> str:
        """The text that was held back and turned out not to be a mark."""
        return self._released(finished=True)

    def _released(self, *, finished: bool) -> str:
        kept: list[str] = []
        while self._held:
            if self._closings:
                if not self._think():
                    break
                continue
            if self._thought_ended and not self._end_line(finished=finished):
                break
            if not self._line.strip() and self._marks_count():
                mark = self._mark(finished=finished)
                if mark is None:
                    break
                if mark:
                    kept.append(self._pass(len(self._held) - len(self._held.lstrip(" \t\r"))))
                    self._held = self._held[len(mark) :]
                    self._closings = next((each.closings for each in _MARKS if each.opening == mark), ())
                    continue
            end = self._held.find("\n") + 1
            if not end:
                kept.append(self._last_line(finished=finished))
                break
            below = self._held[end:].lstrip()
            if not finished and _MAY_END.search(self._held[:end]) and (not below or _MAY_END.match(below)):
                break  # if nothing comes below, it was the end
            if finished and (cut := _ENDS.search(self._held)) is not None and cut.start() < end:
                kept.append(self._pass(cut.start()))
                self._held = ""
                break
            kept.append(self._pass(end))
        return "".join(kept)

    def _last_line(self, *, finished: bool) -> str:
        """What can be passed on of a line that has no end yet."""
        found = (_ENDS if finished else _MAY_END).search(self._held)
        passed = self._pass(found.start() if found is not None else len(self._held))
        if finished:
            self._held = ""
        return passed

    def _marks_count(self) -> bool:
        return self._fences.fence is None or self._fences.blank

    def _mark(self, *, finished: bool) -> str | None:
        """The mark at the beginning of a line, or nothing; None if what is there may still become one."""
        said = self._held.lstrip(" \t\r")
        lower = _lower(said[: len(_AT_A_LINES_BEGINNING[0])])
        mark = next((each for each in _AT_A_LINES_BEGINNING if lower.startswith(each)), "")
        may_come = not finished and any(each.startswith(lower) for each in _AT_A_LINES_BEGINNING)
        return None if not mark and may_come else mark

    def _think(self) -> bool:
        """Drops thoughts up to their end; False if the end hasn't come."""
        lower = _lower(self._held)
        found = [(at, -len(closing)) for closing in self._closings if (at := lower.find(closing)) >= 0]
        if not found:
            longest = max(map(len, self._closings))
            self._held = self._held[-longest:]
            return False
        at, length = min(found)
        self._held = self._held[at - length :]
        self._closings = ()
        self._thought_ended = True
        return True

    def _end_line(self, *, finished: bool) -> bool:
        """Drops the rest of a thought's line, if nothing else is on it; False if that isn't clear yet."""
        said = self._held.lstrip(" \t\r")
        if not said and not finished:
            return False
        if said.startswith("\n"):
            self._held = said[1:]
        self._thought_ended = False
        return bool(self._held)

    def _pass(self, length: int) -> str:
        passed, self._held = self._held[:length], self._held[length:]
        *lines, rest = passed.split("\n")
        for line in lines:
            self._fences.take((self._line + line).rstrip("\r"))
            self._line = ""
        self._line += rest
        return passed


def _lower(text: str) -> str:
    """In lower case, with as many characters as before."""
    return (
        text.lower() if text.isascii() else "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    )


def ends_thoughts(line: str) -> int | None:
    """The place behind the last mark on a line that ends thoughts, and isn't quoted; None if there is none.

    Some templates open the thoughts in the prompt, so that a reply only closes them.
    """
    lower = _lower(line)
    ends = [at + len(mark) for mark in _LONE if (at := lower.rfind(mark)) >= 0 and not _is_quoted(lower, at, len(mark))]
    return max(ends, default=None)


def _is_quoted(line: str, at: int, length: int) -> bool:
    return line[at - 1 : at] in _QUOTES or line[at + length : at + length + 1] in _QUOTES


@lru_cache(maxsize=16)
def without_thoughts(reply: str) -> str:
    """A whole reply without thoughts, also without those whose opening mark never came."""
    thoughts = ThoughtFilter()
    lines = (thoughts.feed(reply) + thoughts.finish()).split("\n")
    fences, below = Fences(), -1
    rest = ""
    for row, line in enumerate(lines):
        fences.take(line.rstrip("\r"))
        end = ends_thoughts(line)
        if end is not None and (fences.fence is None or not _is_in_code(lines[row + 1 :])):
            fences, below, rest = Fences(), row, line[end:]
            fences.take(rest)
    return "\n".join([rest, *lines[below + 1 :]]) if below >= 0 else "\n".join(lines)


def _is_in_code(below: list[str]) -> bool:
    """Whether the next fence closes a block; else the block before is a thought that was never closed."""
    fence = next((found for line in below if (found := fence_of(line)) is not None), None)
    return fence is not None and not fence.info


def extract_prose(reply: str) -> str:
    """A reply that is meant to be read, without thoughts."""
    return without_thoughts(reply).strip()
