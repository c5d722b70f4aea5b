"""The prompt of a hover: an explanation in a sentence or two, as short as the endpoint is slow."""

from pillion.backends.chat_request import Message
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.prompt import BYTES_PER_TOKEN, Prompt, fenced
from pillion.prompts.shown_code import outdented
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol

# On a slow endpoint. At 12 tokens/s they take four seconds, and reading the code takes the rest of the budget.
_FEW_TOKENS = 48
# The most code that a slow endpoint reads: at 70 tokens/s it takes three seconds.
_FEW_TOKENS_READ = 220
_QUESTION_TOKENS = 100
_ASK = "Explain in one or two short sentences what this {title} {kind} does."
_ASK_BRIEFLY = "Explain in one short sentence what this {title} {kind} does."


def hover_prompt(symbol: Symbol, document: ParsedText, max_tokens: int, limits: PromptLimits) -> Prompt:
    """The prompt for a hover. The beginning of a long symbol is enough to say what the symbol is for."""
    answer_tokens = min(max_tokens, _FEW_TOKENS) if limits.slow else max_tokens
    room_tokens = limits.num_ctx - answer_tokens - _QUESTION_TOKENS
    if limits.slow:
        room_tokens = min(room_tokens, _FEW_TOKENS_READ)
    code, language = outdented(symbol, document), document.language
    fits = BYTES_PER_TOKEN * max(1, room_tokens)
    ask = (_ASK_BRIEFLY if limits.slow else _ASK).format(title=language.title, kind=symbol.kind)
    return Prompt(
        (Message("user", f"{ask}\n{fenced(code[:fits], language.id)}"),),
        None,
        answer_tokens,
        "the end of it" if len(code) > fits else "",
    )
