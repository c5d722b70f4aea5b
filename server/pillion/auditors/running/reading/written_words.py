"""What people have written about a symbol: its docstring, the comments above and in it, the docs of what is around."""

import re
from collections.abc import Iterator

from pillion.syntax.document import ParsedText
from pillion.syntax.python_trees import parse_literal
from pillion.syntax.symbols import Symbol

_SLASHES = re.compile(r"^[ \t]*//[/!]?[ \t]?(.*)$")
_HASH = re.compile(r"^[ \t]*#[ \t]?(.*)$")
_BLOCK = re.compile(r"/\*\*?(.*?)\*/", re.DOTALL)
_STAR = re.compile(r"^[ \t]*\*(?!/)[ \t]?", re.MULTILINE)
_LONGEST = 40_000
_MOST_MEMBERS = 40


def symbol_at(parsed: ParsedText, path: tuple[str, ...]) -> Symbol | None:
    """The symbol with this path; of several (overloads, setters), the last, which has the body."""
    found = parsed.symbols.occurrences(path) if path else []
    return parsed.symbols.read(found[-1]) if found else None


def words_about(parsed: ParsedText, path: tuple[str, ...]) -> list[str]:
    """The texts that speak of a symbol. A class's members speak of the class; a method's class, of the method."""
    symbol = symbol_at(parsed, path)
    if symbol is None or len(symbol.text) > _LONGEST:
        return []
    texts = [*_own_words(parsed, symbol)]
    if len(path) > 1 and (owner := symbol_at(parsed, path[:-1])) is not None and not owner.callable:
        texts += [docstring_text(owner.docstring), *_above(parsed, owner)]
    if not symbol.callable:
        members = [each for each in parsed.symbols.walk() if parsed.symbols.path_of(each)[:-1] == path]
        for each in members[:_MOST_MEMBERS]:
            texts += _own_words(parsed, parsed.symbols.read(each))
    return [each for each in texts if each.strip()]


def _own_words(parsed: ParsedText, symbol: Symbol) -> Iterator[str]:
    yield docstring_text(symbol.docstring)
    yield from _above(parsed, symbol)
    if symbol.callable:
        yield _inside(parsed, symbol)


def _above(parsed: ParsedText, symbol: Symbol) -> Iterator[str]:
    """The comments right above a symbol."""
    pattern = _line_comment(parsed)
    before = parsed.text[: symbol.start]
    lines = before.split("\n")[:-1]
    found: list[str] = []
    while lines and (match := pattern.match(lines[-1])) is not None:
        found.insert(0, match[1])
        lines.pop()
    yield "\n".join(found)
    if pattern is _SLASHES:
        head = "\n".join(lines).rstrip()
        opened = head.rfind("/*") if head.endswith("*/") else -1
        if opened >= 0 and (block := _BLOCK.fullmatch(head, opened)) is not None:
            yield _STAR.sub("", block[1])


def _inside(parsed: ParsedText, symbol: Symbol) -> str:
    """The comments between a symbol's lines. What looks like one in a docstring was read there."""
    pattern = _line_comment(parsed)
    text = symbol.text
    if symbol.docstring is not None:
        text = text.replace(symbol.docstring, "", 1)
    return "\n".join(match[1] if (match := pattern.match(line)) is not None else "" for line in text.split("\n"))


def _line_comment(parsed: ParsedText) -> re.Pattern[str]:
    return _HASH if parsed.language.id == "python" else _SLASHES


def docstring_text(statement: str | None) -> str:
    """The words of a docstring, whose quotes are part of the statement.

    People write `f("a\\nb")` in a docstring that isn't raw, and mean what is written there.
    """
    if statement is None or len(statement) > _LONGEST:
        return ""
    try:
        value = parse_literal(statement.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    if not isinstance(value, str):
        return ""
    if "\\" in statement and "\\\\" not in statement and "\\'" not in statement and '\\"' not in statement:
        quotes = re.match(r"[uU]?(\"\"\"|'''|\"|')", statement.strip())
        if quotes is not None and statement.lstrip()[:1] not in "rR":
            value = statement.strip()[quotes.end() : -len(quotes[1])]
    return "\n".join(line.rstrip() for line in _dedented(value).split("\n"))


def _dedented(text: str) -> str:
    first, *rest = text.expandtabs().split("\n")
    margins = [len(line) - len(line.lstrip()) for line in rest if line.strip()]
    margin = min(margins, default=0)
    return "\n".join([first.lstrip(), *(line[margin:] for line in rest)])
