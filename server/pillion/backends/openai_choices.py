"""What a choice in an event of OpenAI's dialect says: servers put words and thoughts in different places and forms."""

from typing import Any

# vLLM has renamed the thoughts; the last one is Ollama's name.
_THOUGHTS = ("reasoning_content", "reasoning", "thinking")
_WORDS = ("content", "refusal")
# The kinds of parts whose text is a thought (Mistral, Anthropic).
_THOUGHT_PARTS = frozenset({"thinking", "reasoning", "reasoning_text", "redacted_thinking"})
_DEEPEST = 4


class NotAChoiceError(ValueError):
    """The choice, or something in it, hasn't any known form."""


def first_choices(event: dict[str, Any]) -> list[dict[str, Any]]:
    """The choices of the one answer that was asked for: others are other answers.

    Raises:
        NotAChoiceError: they are no choices.
    """
    choices = event.get("choices")
    if choices is None:
        return []
    if not isinstance(choices, list) or not all(isinstance(each, dict) for each in choices):
        raise NotAChoiceError
    return [each for each in choices if each.get("index") in (None, 0) or len(choices) == 1]


def delta_of(choice: dict[str, Any], *, begun: bool) -> dict[str, Any]:
    """What a choice adds. Outside of a chat it is one text; a server that doesn't stream sends a whole `message`. If an
    answer has `begun`, such a message only repeats it.

    Raises:
        NotAChoiceError: it is no object.
    """
    whole = None if begun else choice.get("message")
    said = choice.get("delta") or whole or ({"content": choice["text"]} if "text" in choice else {})
    if not isinstance(said, dict):
        raise NotAChoiceError
    return said


def words_of(delta: dict[str, Any]) -> tuple[str, str]:
    """(the thoughts, the words) in a delta.

    Raises:
        NotAChoiceError: they are no text, and no list of parts.
    """
    thoughts, words = "", ""
    for key in (*_THOUGHTS, *_WORDS):
        if not (value := delta.get(key)):
            continue
        for is_thought, text in _parts(value, thought=key in _THOUGHTS):
            if not is_thought:
                words += text
            elif key not in _THOUGHTS or not thoughts:  # some servers send the same thought under two names
                thoughts += text
    return thoughts or _details(delta.get("reasoning_details")), words


def _parts(value: object, *, thought: bool, depth: int = _DEEPEST) -> list[tuple[bool, str]]:
    """A text, or a list of parts such as `{"type": "text", "text": "…"}`: for each (is it a thought?, its text)."""
    if isinstance(value, str):
        return [(thought, value)]
    if depth == 0 or not isinstance(value, list | dict):
        raise NotAChoiceError
    found: list[tuple[bool, str]] = []
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, str):
            found.append((thought, part))
            continue
        if not isinstance(part, dict):
            raise NotAChoiceError
        is_thought = thought or part.get("type") in _THOUGHT_PARTS
        said = next((part[key] for key in ("text", "thinking", "content", "refusal") if part.get(key)), "")
        found += _parts(said, thought=is_thought, depth=depth - 1)
    return found


def _details(listed: object) -> str:
    """OpenRouter's thoughts, where nothing else has them."""
    texts = [each.get("text") or each.get("summary") for each in _objects(listed)]
    return "".join(each for each in texts if isinstance(each, str))


def _objects(listed: object) -> list[dict[str, Any]]:
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
