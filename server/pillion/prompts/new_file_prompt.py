"""The words for a new file, and what is there already → prompt, within what the endpoint can read."""

from dataclasses import dataclass

from pillion.actions.action_row import Action
from pillion.backends.chat_request import Message
from pillion.errors import ContextTooLongError
from pillion.plurals import counted
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.build import Retry
from pillion.prompts.prompt import Prompt, estimate_messages_tokens
from pillion.prompts.surroundings import surroundings
from pillion.syntax.document import ParsedText
from pillion.syntax.stretch import stretch

_SYSTEM = "You are a careful {title} programmer. Answer with what is asked for and nothing else."
_FORM = (
    "Answer with the whole file in one code block{path}. Write all of the code: leave nothing out, and add no examples "
    "of its use, no tests, and no words outside of the code block."
)
_PATH_FIRST = ", whose first line is a comment with the file's path in the project"
_SMALLEST_ANSWER_TOKENS = 256
# The words around the surroundings.
_FRAME_TOKENS = 40
_MOST_NAMES = 40


@dataclass(frozen=True, slots=True)
class FilesAround:
    """What is around a new file. `path`: the one that the user's words give it; empty: none. `title`: the language or
    the format that it is in. `here`: the path of the open document; `beside`: the names in its folder."""

    path: str = ""
    title: str = ""
    here: str = ""
    beside: tuple[str, ...] = ()


def new_file_prompt(
    action: Action,
    words: str,
    document: ParsedText,
    limits: PromptLimits,
    around: FilesAround,
    *,
    retry: Retry | None = None,
) -> Prompt:
    """The prompt for a new file in the project of `document`.

    Raises:
        ContextTooLongError: the words alone are longer than the endpoint can read.
    """
    title = around.title or document.language.title
    subject = f"the file `{around.path}`" if around.path else f"a new {title} file"
    form = _FORM.format(path="" if around.path else _PATH_FIRST)
    ask = f"{action.ask.format(subject=subject, words=words.strip())}\n{form}"
    if around.beside:
        ask = f"In the folder are already: {', '.join(around.beside[:_MOST_NAMES])}.\n{ask}"
    head, tail = [Message("system", _SYSTEM.format(title=title))], [Message("user", ask)]
    answer = min(action.max_tokens, max(1024, limits.num_ctx // 2))
    if retry is not None:
        again = Message("user", f"That can't be used: {retry.reason}. Answer again, complete and corrected.")
        refused = [Message("assistant", retry.draft), again]
        if estimate_messages_tokens([*head, *tail, *refused]) + answer <= limits.num_ctx:
            tail += refused
        else:  # there is room only for the reason
            tail = [Message("user", f"{ask} An earlier answer couldn't be used: {retry.reason}.")]
    used = estimate_messages_tokens([*head, *tail])
    room = limits.num_ctx - used - answer
    if room < 0:
        answer, room = answer + room, 0
    if answer < _SMALLEST_ANSWER_TOKENS:
        raise ContextTooLongError(
            f"What is wanted takes about {counted(used, 'token')}, and the endpoint reads {limits.num_ctx:,}.",
            hint="Say it in fewer words, or raise num_ctx for the endpoint.",
        )
    end = len(document.text)
    place = stretch(document, end, end, name="the new file", kind="file")
    shown, omitted = surroundings(place, document, min(limits.surroundings_tokens, room - _FRAME_TOKENS))
    if shown:
        name = f" `{around.here}`" if around.here else ""
        tail[0] = Message("user", f"From the project's file{name}:\n{shown}\n\n{tail[0].content}")
    return Prompt((*head, *tail), None, answer, omitted)
