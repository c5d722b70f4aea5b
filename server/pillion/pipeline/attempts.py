"""How a draft is asked for: the first one, another after a refusal, and others after one that fails when it is run."""

from collections.abc import Iterator
from dataclasses import dataclass

from pillion.backends.chat_request import AS_CONFIGURED, Sampling
from pillion.prompts.build import Retry

# Where a model's likeliest draft is wrong, others of its drafts are right: what is run tells which. A small model that
# is shown its wrong draft writes the same once more (docs/models.md has the figures), so each of these begins anew.
_TEMPERATURE = 0.8
_TOP_P = 0.95
# What went wrong helps some models and misleads small ones, so the first of these is told, and then every fifth.
_TOLD_EACH = 5
_TOLD = "An earlier answer was wrong: {wrong}."


@dataclass(frozen=True, slots=True)
class Attempt:
    """`retry`: a refused draft that the model is shown. `told`: what was wrong with a draft that it isn't shown.
    `sampling`: how varied the answer is; by default as the endpoint's configuration says."""

    retry: Retry | None = None
    told: str = ""
    sampling: Sampling = AS_CONFIGURED

    def words(self, instruction: str) -> str:
        """The user's words with what the model is told besides."""
        return "\n".join(filter(None, (instruction, _TOLD.format(wrong=self.told) if self.told else "")))


FIRST = Attempt()


def further_attempts(most: int, wrong: str) -> Iterator[Attempt]:
    """Up to `most` attempts after a draft that fails when it is run, each with words of its own: the model begins anew.
    `wrong`: the call that shows the failure, and what is wrong with it."""
    for number in range(1, most + 1):
        told = wrong if number % _TOLD_EACH == 1 else ""
        yield Attempt(told=told, sampling=Sampling(_TEMPERATURE, _TOP_P, seed=number))
