"""Chooses among the models that engines have: a large one that drafts, and a small one that audits and answers."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pillion.backends.model_listing import ListedModel
from pillion.pool.discovery.usual_places import UsualPlace

# Billions of parameters. Models above the first answer too slowly on most machines, even if they can be loaded.
_LARGEST_B, _SMALL_UP_TO_B, _SMALL_FROM_B = 36.0, 4.5, 0.4
_UNKNOWN_B = 7.0
# “7b”, “8x7b”, “630m”, gemma's “e4b”; the “a3b” of a mixture says how much of it works at once.
_PARAMETERS = re.compile(r"(?<![a-z0-9.])(?:(\d{1,2})x|e)?(\d{1,4}(?:\.\d{1,3})?)([bm])(?![a-z0-9])")
_CODES = re.compile(r"code|coder|codestral|devstral|coding|swe|kwaicoder|granite.*code")
# What their makers call models that don't chat: vectors, order of results, speech, pictures, guards, only completion.
_DOES_NOT_CHAT = re.compile(
    r"embed|\bbge|\bgte-|\be5-|minilm|nomic|mxbai|arctic|rerank|\bbert|colbert|whisper|\btts|parler|kokoro|"
    r"stable-?diffusion|sdxl|flux|\bclip\b|siglip|guard|shield|reward|\bocr|moderation|[-:_.]base\b|starcoder|"
    r"fim\b|[-_]draft\b|mmproj|\bt5\b"
)
# They think before each answer: too slow where an answer is waited for.
_THINKS = re.compile(r"\br1\b|qwq|thinking|reason|magistral|\bo1\b|marco|deepscaler|phi4-mini-reason")
_IN_THE_CLOUD = re.compile(r"[:-]cloud$")
_NONE_B = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that can be chosen, at its place."""

    place: UsualPlace
    model: ListedModel

    @property
    def parameters_b(self) -> float:
        """Billions of parameters: as the engine says, or else the name; 0 if neither does."""
        return self.model.parameters_b or named_parameters_b(self.model.name)

    @property
    def writes_code(self) -> bool:
        """Whether it was made for code."""
        return _CODES.search(self.model.name.lower()) is not None

    @property
    def thinks(self) -> bool:
        """Whether it thinks at length before it answers."""
        return _THINKS.search(self.model.name.lower()) is not None


@dataclass(frozen=True, slots=True)
class Choice:
    """`large` drafts; `small` audits, answers and explains. They may be the same."""

    large: Candidate
    small: Candidate


def can_be_used(model: ListedModel) -> bool:
    """Whether it chats, and does so on this machine."""
    name = model.name.lower()
    if model.remote or _IN_THE_CLOUD.search(name):
        return False
    return model.chats is not False and _DOES_NOT_CHAT.search(name) is None


def chosen(candidates: Sequence[Candidate], memory_bytes: int | None) -> Choice | None:
    """The models for the lanes; None if there is none. What doesn't fit into `memory_bytes` is taken only if nothing
    does."""
    usable = [each for each in candidates if can_be_used(each.model)]
    fitting = [each for each in usable if _fits(each, memory_bytes)] or usable
    if not fitting:
        return None
    large = max(fitting, key=_as_large)
    return Choice(large, _small_beside(large, fitting))


def named_parameters_b(name: str) -> float:
    """“qwen2.5-coder:7b” → 7.0; 0 if the name doesn't say it."""
    found = [
        float(number) * (int(times) if times else 1) * (1.0 if unit == "b" else 1e-3)
        for times, number, unit in _PARAMETERS.findall(name.lower().replace("_", "-"))
    ]
    return max(found, default=_NONE_B)


def _fits(candidate: Candidate, memory_bytes: int | None) -> bool:
    size_bytes = candidate.model.size_bytes
    in_memory = memory_bytes is None or size_bytes is None or size_bytes <= memory_bytes
    return in_memory and candidate.parameters_b <= _LARGEST_B


def _as_large(candidate: Candidate) -> tuple[bool, bool, float]:
    """More is better. A model for code that is far smaller than a common one isn't preferred to it."""
    size_b = candidate.parameters_b or _UNKNOWN_B
    is_small = size_b <= _SMALL_UP_TO_B
    return (not is_small or candidate.writes_code, candidate.writes_code and not is_small, size_b)


def _small_beside(large: Candidate, fitting: Iterable[Candidate]) -> Candidate:
    """The small model: on another engine if that has one, since it then probably has a GPU of its own."""

    def is_small(each: Candidate) -> bool:
        return _SMALL_FROM_B <= each.parameters_b <= min(_SMALL_UP_TO_B, large.parameters_b or _UNKNOWN_B)

    others = [each for each in fitting if each != large]
    smaller = [each for each in others if is_small(each)] or [
        each for each in others if _NONE_B < each.parameters_b < (large.parameters_b or _UNKNOWN_B)
    ]
    if not smaller:
        return next((each for each in others if each.model.name == large.model.name), large)
    quick = [each for each in smaller if not each.thinks] or smaller
    return max(quick, key=_as_small(large))


def _as_small(large: Candidate) -> Callable[[Candidate], tuple[bool, bool, bool, float]]:
    def worth(each: Candidate) -> tuple[bool, bool, bool, float]:
        fits = each.parameters_b <= _SMALL_UP_TO_B
        return fits, each.writes_code, each.place != large.place, -abs(each.parameters_b - 1.5)

    return worth
