"""The words for a new file or document, and what is there already → prompt, within what the endpoint can read."""

from collections.abc import Callable
from dataclasses import dataclass

from pillion.actions.action_row import Action, Output
from pillion.backends.chat_request import Message
from pillion.context.outline import outline, outline_of
from pillion.context.tag_index import TagIndex
from pillion.errors import ContextTooLongError
from pillion.plurals import counted
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.build import PROGRAMMER, Retry, turns
from pillion.prompts.prompt import Prompt, estimate_messages_tokens, estimate_tokens, fenced
from pillion.syntax.document import ParsedText

_ARCHITECT = "You are a careful software architect. Answer with what is asked for and nothing else."
_FORM = (
    "Answer with the whole file in one code block{path}. Write all of the code: leave nothing out, and add no examples "
    "of its use, no tests, and no words outside of the code block."
)
_PATH_FIRST = ", whose first line is a comment with the file's path in the project"
_DOCUMENT_FORM = (
    "Write it in Markdown, and begin with a heading of level 1. Name files and code that are there exactly as the "
    "project has them, in backticks, and say of everything that isn't there yet that it is new. Answer with the "
    "document only."
)
_SMALLEST_ANSWER_TOKENS = 256
# The words around what is shown.
_FRAME_TOKENS = 40
_MOST_NAMES = 40

Shown = Callable[[int], tuple[str, str]]
"""What is shown before the question, within so many tokens, and in words what was left out of it."""


@dataclass(frozen=True, slots=True)
class FilesAround:
    """What is around a new file. `path`: the one that the user's words give it; empty: none. `title`: the language or
    the format that it is in. `here`: the path of the open document; `beside`: the names in its folder. `index`: what
    the workspace defines, for a document about it."""

    path: str = ""
    title: str = ""
    here: str = ""
    beside: tuple[str, ...] = ()
    index: TagIndex | None = None


def new_file_prompt(
    action: Action,
    words: str,
    document: ParsedText,
    limits: PromptLimits,
    around: FilesAround,
    *,
    subject: str = "",
    retry: Retry | None = None,
) -> Prompt:
    """The prompt for a new file in the project of `document`. `subject`: the code that a document is about, if any.

    Raises:
        ContextTooLongError: the words alone are longer than the endpoint can read.
    """
    if action.output is Output.DOCUMENT:
        about = f"It is about this code:\n{fenced(subject, document.language.id)}\n" if subject else ""
        ask = f"{action.ask.format(words=words.strip())}\n{about}{_DOCUMENT_FORM}"
        return _fitted(action, _ARCHITECT, ask, lambda tokens: _outline(around, tokens), limits, retry)
    title = around.title or document.language.title
    file = f"the file `{around.path}`" if around.path else f"a new {title} file"
    form = _FORM.format(path="" if around.path else _PATH_FIRST)
    ask = f"{action.ask.format(subject=file, words=words.strip())}\n{form}"
    if around.beside:
        ask = f"In the folder are already: {', '.join(around.beside[:_MOST_NAMES])}.\n{ask}"

    def shown(tokens: int) -> tuple[str, str]:
        return _document(document, around.here, min(tokens, limits.surroundings_tokens))

    return _fitted(action, PROGRAMMER.format(title=title), ask, shown, limits, retry)


def _fitted(action: Action, system: str, ask: str, shown: Shown, limits: PromptLimits, retry: Retry | None) -> Prompt:
    head = [Message("system", system)]
    answer = min(action.max_tokens, max(1024, limits.num_ctx // 2))
    tail = turns(ask, "", retry, limits.num_ctx - answer - estimate_messages_tokens(head))
    used = estimate_messages_tokens([*head, *tail])
    room = limits.num_ctx - used - answer
    if room < 0:
        answer, room = answer + room, 0
    if answer < _SMALLEST_ANSWER_TOKENS:
        raise ContextTooLongError(
            f"What is wanted takes about {counted(used, 'token')}, and the endpoint reads {limits.num_ctx:,}.",
            hint="Say it in fewer words, or raise num_ctx for the endpoint.",
        )
    text, omitted = shown(room - _FRAME_TOKENS)
    if text:
        tail[0] = Message("user", f"{text}\n\n{tail[0].content}")
    return Prompt((*head, *tail), None, answer, omitted)


def _document(document: ParsedText, here: str, tokens: int) -> tuple[str, str]:
    """What the open document defines. Small models write code that they see again, so they see only the headers."""
    text, omitted = outline_of(document, here or "the open file", tokens, estimate_tokens)
    return (f"The project has this file, from which the new one can import:\n{text}" if text else ""), omitted


def _outline(around: FilesAround, tokens: int) -> tuple[str, str]:
    if around.index is None:
        return "", ""
    text, omitted = outline(around.index, tokens, estimate_tokens)
    return (f"The files of the project, and what they define:\n{fenced(text, '')}" if text else ""), omitted
