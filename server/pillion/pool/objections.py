"""Which answers are good enough. An objection to an answer says what the endpoint did: “said nothing”."""

from pillion.backends.backend import Done
from pillion.plurals import counted
from pillion.text.thoughts import ThoughtFilter


def says_nothing(text: str, done: Done) -> str:
    """Objects to an answer without words; perhaps the model spent its tokens on thoughts. A tool call is as good as
    words."""
    if done.tool_calls:
        return ""
    think = ThoughtFilter()
    if (think.feed(text) + think.finish()).strip():
        return ""
    return f"said nothing in {counted(done.completion_tokens, 'token')}" if done.completion_tokens else "said nothing"


def is_no_whole(text: str, done: Done) -> str:
    """Objects to an answer without words, and to an answer that was cut off."""
    if objection := says_nothing(text, done):
        return objection
    return cut_off(done.completion_tokens) if done.cut_off else ""


def cut_off(tokens: int) -> str:
    """The words for an answer that ended too early."""
    return f"was cut off after {counted(tokens, 'token')}"
