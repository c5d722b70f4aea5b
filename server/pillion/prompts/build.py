"""Action + symbol → prompt, within what the endpoint can read."""

import re
from dataclasses import dataclass
from typing import Any

from pillion.actions.action_row import Action, Output
from pillion.backends.chat_request import Message
from pillion.config.limits import FIELD_CHARACTERS, SUMMARY_CHARACTERS
from pillion.edits.doc_gaps import gaps_of
from pillion.edits.module_docstrings import MODULE
from pillion.errors import ContextTooLongError
from pillion.findings.finding import Finding
from pillion.findings.place import Place
from pillion.plurals import counted
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.beginning import beginning_of
from pillion.prompts.prompt import Prompt, estimate_messages_tokens, estimate_tokens, fenced
from pillion.prompts.shown_code import outdented, outdented_to_write
from pillion.prompts.surroundings import surroundings
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol

_SYSTEM = "You are a careful {title} programmer. Answer with what is asked for and nothing else."
_ASK_TODO = (
    "In this {title} {kind} a comment says what is still to be done: {words}. Write the code that belongs in the place "
    "of that comment, and nothing that stands around it. Answer with that code only."
)
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
# Small enough for a model to get to the end, and long enough for what people write.
_NAME = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "maxLength": 40}
# Small models list all that is in a file, until there is no room left.
_ONE_SENTENCE = " Say in one short sentence what it is for."
_SMALLEST_ANSWER_TOKENS = 64
# The longest that a docstring's field can get, with its name: code has 3 to 4 characters a token, words have more.
_FIELD_TOKENS = FIELD_CHARACTERS // 3 + 20
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
) -> Prompt:
    """The prompt for `action` on `symbol`.

    Raises:
        ContextTooLongError: the symbol alone is longer than the endpoint can read.
    """
    title, shown = document.language.title, symbol.inside or symbol
    to_show = outdented_to_write if action.scope.unwritten else outdented
    code = fenced(to_show(shown, document), document.language.id)
    examples = _CHECK_EXAMPLES if _HAS_EXAMPLES.search(code) else ""
    ask = action.ask.format(title=title, kind=shown.kind, examples=examples, name=symbol.name)
    if symbol.kind == MODULE:
        ask += _ONE_SENTENCE
    if symbol.todo:
        kind = shown.kind if symbol.inside is not None else "file"
        ask = _ASK_TODO.format(title=title, kind=kind, words=symbol.todo)
    if instruction:
        ask = f"{ask} {instruction}"
    head = [Message("system", _SYSTEM.format(title=title)), *_example(action, title)]
    tail = [Message("user", f"{ask}\n{code}")]
    answer = _answer_tokens(action, symbol, limits)
    beginning = ""
    if retry is not None:
        again = Message("user", f"That can't be used: {retry.reason}. Answer again, complete and corrected.")
        refused = [Message("assistant", retry.draft), again]
        if estimate_messages_tokens([*head, *tail, *refused]) + answer <= limits.num_ctx:
            tail += refused
        else:  # there is room only for the reason
            tail = [Message("user", f"{ask} An earlier answer couldn't be used: {retry.reason}.\n{code}")]
    else:  # a second try has the model write everything: the beginning may have been what misled it
        beginning = beginning_of(action, symbol, document, outdented(shown, document))
    used = estimate_messages_tokens([*head, *tail])
    if used + estimate_tokens(beginning) + answer > limits.num_ctx:
        beginning = ""
    used += estimate_tokens(beginning)
    room = limits.num_ctx - used - answer
    if room < 0:
        answer += room
        room = 0
    if answer < min(_SMALLEST_ANSWER_TOKENS, action.max_tokens):
        raise ContextTooLongError(
            f"“{symbol.name}” takes about {counted(used, 'token')}, and the endpoint reads {limits.num_ctx:,}.",
            hint="Choose a smaller function, or raise num_ctx for the endpoint.",
        )
    around, omitted = "", ""
    # A slow engine reads surroundings only for code, which may use what is in them.
    if limits.surroundings_tokens > 0 and (action.output is Output.CODE or not limits.slow):
        around, omitted = surroundings(shown, document, min(limits.surroundings_tokens, room - _FRAME_TOKENS))
    if around:
        first = tail[0]
        tail[0] = Message("user", f"From the same file:\n{around}\n\n{first.content}")
    return Prompt((*head, *tail), _schema(action, symbol), answer, omitted, beginning=beginning)


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


def _answer_tokens(action: Action, symbol: Symbol, limits: PromptLimits) -> int:
    if action.scope.unwritten:
        # A stub doesn't show how long its implementation gets.
        return min(action.max_tokens, max(1024, limits.num_ctx // 4))
    if action.output is Output.FIELDS:
        fields = 2 + len(symbol.parameters) + len(symbol.raises)
        return min(action.max_tokens, (1 + fields) * _FIELD_TOKENS)
    if action.writes_code:
        return min(action.max_tokens, max(512, 2 * estimate_tokens(symbol.text)))
    return action.max_tokens


def _schema(action: Action, symbol: Symbol) -> dict[str, Any] | None:
    if action.output is Output.NAMES:
        return _object({"names": {"type": "array", "items": _NAME, "minItems": 3, "maxItems": 3}})
    if action.output is not Output.FIELDS:
        return None
    gaps = gaps_of(symbol)
    properties: dict[str, Any] = {}
    if gaps.summary:
        properties["summary"] = {"type": "string", "minLength": 8, "maxLength": SUMMARY_CHARACTERS}
    text = {"type": "string", "minLength": 3, "maxLength": FIELD_CHARACTERS}
    if gaps.parameters:
        properties["parameters"] = _of_names(gaps.parameters, text)
    if gaps.returns:
        properties["returns"] = text
    if gaps.yields:
        properties["yields"] = text
    if gaps.raises:
        properties["raises"] = _of_names(gaps.raises, text)
    return _object(properties)


def _of_names(names: tuple[str, ...], schema: dict[str, Any]) -> dict[str, Any]:
    return _object(dict.fromkeys(names, schema))


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object that has all of these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
