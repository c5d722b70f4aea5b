"""Action + symbol → prompt, within what the endpoint can read."""

import re
from dataclasses import dataclass

from pillion.actions.action_row import Action, Output
from pillion.backends.chat_request import Message
from pillion.edits.strategies import Brief
from pillion.errors import ContextTooLongError
from pillion.findings.finding import Finding
from pillion.findings.place import Place
from pillion.plurals import counted
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.action_question import asked_code, question, shown_symbol, with_function_around
from pillion.prompts.answer_form import answer_tokens, schema_of, shortest_answer
from pillion.prompts.beginning import beginning_of
from pillion.prompts.prompt import Prompt, estimate_messages_tokens, estimate_tokens, fenced
from pillion.prompts.shown_code import outdented
from pillion.prompts.surroundings import surroundings
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol

NO_BRIEF = Brief()
PROGRAMMER = "You are a careful {title} programmer. Answer with what is asked for and nothing else."
# A documentation with examples.
_HAS_EXAMPLES = re.compile(r">>>|\bexamples?\b|\be\.g\.", re.IGNORECASE)
_CHECK_EXAMPLES = " Think of special cases and check the examples."
_EXAMPLE_CODE = "def add(first, second):\n    return first + second"
_EXAMPLE_FIELDS = (
    '{"summary": "Add two numbers.", "parameters": {"first": "the number to start from", '
    '"second": "the number to add"}, "returns": "the sum of both numbers"}'
)
_EXAMPLE_NAMES = '{"names": ["total", "result", "sum_of_both"]}'
_EXAMPLE_RENAMED = "def add(first, second):\n    x = first + second\n    return x"
# The words and the fence around the surroundings.
_FRAME_TOKENS = 20


@dataclass(frozen=True, slots=True)
class Retry:
    """A refused draft, and the reason."""

    draft: str
    reason: str


def build_prompt(
    action: Action,
    symbol: Symbol,
    document: ParsedText,
    limits: PromptLimits,
    *,
    instruction: str = "",
    retry: Retry | None = None,
    brief: Brief = NO_BRIEF,
) -> Prompt:
    """The prompt for `action` on `symbol`. `brief`: see Action.briefing.

    Raises:
        ContextTooLongError: the symbol alone is longer than the endpoint can read.
    """
    title, shown = document.language.title, shown_symbol(symbol)
    code = fenced(asked_code(action, symbol, document), document.language.id)
    ask = question(action, symbol, document, examples=_CHECK_EXAMPLES if _HAS_EXAMPLES.search(code) else "")
    ask = " ".join(filter(None, (ask, brief.words, instruction)))
    head = [Message("system", PROGRAMMER.format(title=title)), *_example(action, title)]
    answer = answer_tokens(action, symbol, limits)
    tail = turns(ask, f"\n{code}", retry, limits.num_ctx - answer - estimate_messages_tokens(head))
    beginning = brief.beginning
    if retry is None:  # a second try has the model write everything: the beginning may have been what misled it
        beginning = brief.beginning or beginning_of(action, symbol, document, outdented(shown, document))
    left = limits.num_ctx - answer - estimate_messages_tokens([*head, *tail[1:]])
    tail[0] = with_function_around(tail[0], symbol, document, left)
    used = estimate_messages_tokens([*head, *tail])
    if used + estimate_tokens(beginning) + answer > limits.num_ctx:
        beginning = ""
    used += estimate_tokens(beginning)
    room = limits.num_ctx - used - answer
    if room < 0:
        answer += room
        room = 0
    if answer < (least := shortest_answer(action, symbol)):
        needed = f", and the answer {least:,}" if symbol.is_stretch else ""
        raise ContextTooLongError(
            f"“{symbol.name}” takes about {counted(used, 'token')}{needed}, and the endpoint reads {limits.num_ctx:,}.",
            hint=f"Choose a smaller {'part' if symbol.is_stretch else 'function'}, or raise num_ctx for the endpoint.",
        )
    around, omitted = "", ""
    # A slow engine reads surroundings only for code, which may use what is in them.
    needs_them = action.output in {Output.CODE, Output.TESTS}
    if limits.surroundings_tokens > 0 and (needs_them or not limits.slow):
        around, omitted = surroundings(
            symbol.inside or symbol, document, min(limits.surroundings_tokens, room - _FRAME_TOKENS)
        )
    if around:
        first = tail[0]
        tail[0] = Message("user", f"From the same file:\n{around}\n\n{first.content}")
    return Prompt((*head, *tail), schema_of(action, symbol), answer, omitted, beginning=beginning)


def turns(ask: str, code: str, retry: Retry | None, most_tokens: int) -> list[Message]:
    """The question with its code; on a second try the refused draft and the reason behind it, or the reason alone if
    there isn't room for the draft."""
    question_alone = Message("user", f"{ask}{code}")
    if retry is None:
        return [question_alone]
    again = Message("user", f"That can't be used: {retry.reason}. Answer again, complete and corrected.")
    whole = [question_alone, Message("assistant", retry.draft), again]
    if estimate_messages_tokens(whole) <= most_tokens:
        return whole
    return [Message("user", f"{ask} An earlier answer couldn't be used: {retry.reason}.{code}")]


def about_finding(finding: Finding[Place], code: str, offset: int) -> str:
    """The instruction for `debug` and `ask`: the finding, and its line in `code`. `offset` is its place there."""
    line = code.count("\n", 0, offset) + 1
    quote, message = (" ".join(text.split()) for text in (finding.quote, finding.message))
    return f"In line {line}, “{quote}”: {message}"


def _example(action: Action, title: str) -> list[Message]:
    examples = {Output.FIELDS: (_EXAMPLE_CODE, _EXAMPLE_FIELDS), Output.NAMES: (_EXAMPLE_RENAMED, _EXAMPLE_NAMES)}
    if action.output not in examples:
        return []
    code, answer = examples[action.output]
    ask = action.ask.format(title=title, kind="function", examples="", name="x")
    return [Message("user", f"{ask}\n{fenced(code, 'python')}"), Message("assistant", answer)]
