"""The form of the answer that a prompt asks for: how long it may get, and the schema of its fields."""

from typing import Any

from pillion.actions.action_row import Action, Output
from pillion.config.limits import FIELD_CHARACTERS, SUMMARY_CHARACTERS
from pillion.edits.documentation.doc_gaps import gaps_of
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.prompt import estimate_tokens
from pillion.syntax.symbols import Symbol

# Small enough for a model to get to the end, and long enough for what people write.
_NAME = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "maxLength": 40}
_SMALLEST_ANSWER_TOKENS = 64
# The longest that a docstring's field can get, with its name: code has 3 to 4 characters a token, words have more.
_FIELD_TOKENS = FIELD_CHARACTERS // 3 + 20


def longest_answer(action: Action, symbol: Symbol) -> int:
    """The most tokens that an answer may have. Of what is selected, much may have to be written again."""
    if symbol.is_stretch and action.writes_code:
        return max(action.max_tokens, 2 * estimate_tokens(symbol.text))
    return action.max_tokens


def shortest_answer(action: Action, symbol: Symbol) -> int:
    """With fewer tokens than that, asking is of no use. Of a file, an answer may have only what changes."""
    least = min(_SMALLEST_ANSWER_TOKENS, action.max_tokens)
    if symbol.is_stretch and action.writes_code:
        # The estimate of a text's tokens is an upper one.
        return max(least, estimate_tokens(symbol.text) * 2 // 3)
    return least


def answer_tokens(action: Action, symbol: Symbol, limits: PromptLimits) -> int:
    """How many tokens the answer may have, if there is room for them."""
    most = longest_answer(action, symbol)
    if action.scope.unwritten:
        # A stub doesn't show how long its implementation gets.
        return min(most, max(1024, limits.num_ctx // 4))
    if action.output is Output.FIELDS:
        fields = 2 + len(symbol.parameters) + len(symbol.raises)
        return min(most, (1 + fields) * _FIELD_TOKENS)
    if action.output is Output.TESTS:
        # Each of them calls it with its own values.
        return min(most, max(1024, 4 * estimate_tokens(symbol.text)))
    if action.writes_code:
        return min(most, max(512, 2 * estimate_tokens(symbol.text)))
    return most


def schema_of(action: Action, symbol: Symbol) -> dict[str, Any] | None:
    """The schema of the answer; None: free text."""
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
