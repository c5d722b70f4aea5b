"""The question of a prompt, and the code that it is about: a symbol, what is selected, or the place of a TODO."""

from pillion.actions.action_row import Action
from pillion.backends.chat_request import Message
from pillion.edits.documentation.module_docstrings import MODULE
from pillion.prompts.prompt import estimate_tokens, fenced
from pillion.prompts.shown_code import outdented, outdented_to_write
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import FILE, STATEMENTS, Symbol

_ASK_TODO = (
    "In this {title} {kind} a comment says what is still to be done: {words}. Write the code that belongs in the place "
    "of that comment, and nothing that stands around it. Answer with that code only."
)
_PLURALS = {"class": "classes"}
# Small models list all that is in a file, until there is no room left.
_ONE_SENTENCE = " Say in one short sentence what it is for."


def shown_symbol(symbol: Symbol) -> Symbol:
    """The symbol whose code the prompt shows: for a TODO and for a name, the one around it."""
    return symbol.inside if symbol.inside is not None and symbol.kind != STATEMENTS else symbol


def asked_code(action: Action, symbol: Symbol, document: ParsedText) -> str:
    """The code that the question is about. Of several symbols, each is shown without what stands between them."""
    show = outdented_to_write if action.scope.unwritten else outdented
    if symbol.parts:
        gap = "\n\n\n" if document.language.id == "python" else "\n\n"
        return gap.join(show(each, document) for each in symbol.parts)
    return show(shown_symbol(symbol), document)


def question(action: Action, symbol: Symbol, document: ParsedText, *, examples: str) -> str:
    """The action's question about the symbol."""
    title, shown = document.language.title, shown_symbol(symbol)
    if symbol.todo:
        kind = shown.kind if symbol.inside is not None else "file"
        return _ASK_TODO.format(title=title, kind=kind, words=symbol.todo)
    if symbol.is_stretch and action.ask_selected:
        return action.ask_selected.format(what=words_for(symbol, title))
    ask = action.ask.format(title=title, kind=shown.kind, examples=examples, name=symbol.name)
    return ask + _ONE_SENTENCE if symbol.kind == MODULE else ask


def words_for(selected: Symbol, title: str) -> str:
    """What is selected, in words for a model."""
    if selected.kind == FILE:
        return f"this {title} file"
    if selected.kind == STATEMENTS:
        these = "these lines" if "\n" in selected.text else "this line"
        return f"{these} of a {title} {selected.inside.kind if selected.inside is not None else 'file'}"
    kinds = {each.kind for each in selected.parts}
    kind = kinds.pop() if len(kinds) == 1 else "definition"
    return f"these {title} {_PLURALS.get(kind, f'{kind}s')}"


def with_function_around(message: Message, symbol: Symbol, document: ParsedText, room: int) -> Message:
    """The question with the function around selected lines, if there is room for it."""
    if symbol.kind != STATEMENTS or symbol.inside is None:
        return message
    around = fenced(outdented(symbol.inside, document), document.language.id)
    whole = f"This is a {document.language.title} {symbol.inside.kind}:\n{around}"
    content = f"{whole}\n\nNow only some lines of it matter, which are below. {message.content}"
    return Message(message.role, content) if estimate_tokens(content) <= room else message
