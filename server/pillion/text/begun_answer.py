"""Joins the beginning of an answer, which Pillion wrote, and what a model wrote behind it.

Most models go on from the beginning. Some write a part of it again, some start over in a fence of their own, and some
end the code at once. Which of these it is shows in the first line or two, so these are held back.
"""

import re

# Code that Pillion begins is at the margin, so a fence at the margin ends it. Fences in docstrings are indented.
END_OF_CODE = "\n```"
_FENCE = re.compile(r"(?:`{3,}|~{3,})(?P<info>[^`\n]*)$")
# What ends the code, or its block, wherever it stands.
_ENDS = ("`", "~", "}")
_WORD = re.compile(r"\w")
_BEFORE_DETAILS = re.compile(r"[^(\[{<:=]*")
# How many lines at the margin are held back. They may be prose before a fence, or the code of a sloppy model.
_LINES_OF_PROSE = 6


def prefilled(beginning: str) -> str:
    """As much of `beginning` as an engine is given: without the last blank of an indentation. The tokens of most models
    begin with the blank before a word, so that a word behind that blank would be an unusual one."""
    return beginning if beginning.endswith("\n") else beginning[:-1]


class BegunAnswer:
    """Takes what the model writes, and gives the whole answer: usually `beginning` and the model's words.

    The words that repeat the beginning, or the end of it from some line on, are left out. `beginning` is an opening
    fence and whole lines of code, and perhaps the indentation of the next line; see `prefilled`.
    """

    def __init__(self, beginning: str) -> None:
        self._beginning = beginning[: beginning.rfind("\n") + 1]
        self._indentation = beginning[len(self._beginning) :]
        self._held = ""
        self._decided = False
        self.started_over = False
        """The model has begun anew: the answer is its own words alone."""
        self.empty = False
        """The model has written no code, and won't."""
        lines = self._beginning.splitlines()
        self._margin = {head for line in lines[1:] if line[:1].strip() and (head := _head(line))}
        # The end of the beginning, from each line with a word on: longest first.
        self._ends = [lines[start:] for start, line in enumerate(lines) if _WORD.search(line)]

    def feed(self, text: str) -> str:
        """What `text` adds to the answer."""
        if self._decided:
            return "" if self.empty else text
        self._held += text
        return self._released(finished=False)

    def finish(self) -> str:
        """The rest of the answer."""
        return "" if self._decided else self._released(finished=True)

    def _released(self, *, finished: bool) -> str:
        """What can be passed on now. It is empty if it isn't clear yet what the model does."""
        joined = self._joined(finished=finished)
        if joined is None:
            return ""
        self._decided, self._held = True, ""
        return joined

    def _joined(self, *, finished: bool) -> str | None:
        held = self._with_indentation()
        lines = held.splitlines(keepends=True)
        blank = next((number for number, line in enumerate(lines) if line.strip()), None)
        if blank is None:
            self.empty = finished
            return "" if finished else None
        said = lines[blank:]
        repeated = self._repeated(said, finished=finished)
        if repeated is None:
            return None
        if repeated:
            return self._beginning + "".join(said[repeated:])
        if not said[0][:1].strip() or said[0].startswith("}"):
            return self._beginning + held
        return self._after_a_line_at_the_margin(said, finished=finished)

    def _with_indentation(self) -> str:
        """What the model wrote. Its first line, if that goes on from the indentation, has all of it: however much of it
        reached the model, and however much the model wrote again."""
        code = self._held.lstrip(" \t")
        if not self._indentation or code == self._held or not code.partition("\n")[0].strip():
            return self._held
        return code if code.startswith(_ENDS) else self._indentation + code

    def _repeated(self, said: list[str], *, finished: bool) -> int | None:
        """How many lines repeat the beginning; None if that isn't clear yet."""
        for end in self._ends:
            same = all(ours.strip() == theirs.strip() for ours, theirs in zip(end, said[:-1], strict=False))
            if not same:
                continue
            if len(said) > len(end):
                return len(end)
            ours, theirs = end[len(said) - 1].strip(), said[-1].strip()
            if len(said) == len(end) and ours == theirs and (finished or said[-1].endswith("\n")):
                return len(end)
            if not finished and (ours == theirs if said[-1].endswith("\n") else ours.startswith(theirs)):
                return None
        return 0

    def _after_a_line_at_the_margin(self, said: list[str], *, finished: bool) -> str | None:
        """The answer if its first line is at the margin, where no line of a body should be."""
        whole = said if finished else [line for line in said if line.endswith("\n")]
        if not whole:
            return None
        fence = _FENCE.match(whole[0].rstrip())
        if fence is not None and not fence["info"].strip():
            # It ends the code, unless the code begins again behind it.
            behind = next((line for line in said[1:] if line.strip()), "")
            begins = any(" ".join(head).startswith(behind.strip()) for head in self._margin)
            if not finished and not behind.endswith("\n") and begins:
                return None
            self.empty = not behind or _head(behind) not in self._margin
            self.started_over = not self.empty
            return "" if self.empty else self._held
        opened = any((found := _FENCE.match(line.rstrip())) is not None and found["info"].strip() for line in whole)
        if opened or _head(whole[0]) in self._margin:
            self.started_over = True
            return self._held
        if len(whole) < _LINES_OF_PROSE and not finished:
            return None
        code = self._held.lstrip(" \t") if self._indentation else self._held
        return self._beginning + self._indentation + code


def _head(line: str) -> tuple[str, ...]:
    """The words that a definition begins with, to its name: the parameters may be written in another way."""
    found = _BEFORE_DETAILS.match(line)
    return tuple(found[0].split()) if found is not None else ()
