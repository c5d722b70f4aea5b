"""What another program reports about code, in words for the model: foreign words are bounded, plain, and quoted."""

from pillion.text.plain import plain_line, plain_text

_LONGEST_MESSAGE = 600
_LONGEST_NAME = 60
_LONGEST_QUOTE = 120
_LONGEST_OUTPUT = 8_000


def report_words(message: str, *, source: str, code: str, line: int, quote: str) -> str:
    """One diagnostic, at a line of the code that the prompt shows; lines count from 1."""
    who, rule = _one_line(source, _LONGEST_NAME) or "A check", _one_line(code, _LONGEST_NAME)
    place = f"in line {line}" + (f", at “{_one_line(quote, _LONGEST_QUOTE)}”" if quote.strip() else "")
    said = f"{who} reports {place}: “{_one_line(message, _LONGEST_MESSAGE)}”"
    return f"{said} ({rule})." if rule else f"{said}."


def pasted_output(output: str) -> str:
    """What a program printed as it failed. A traceback says the most at its end."""
    shown = str(plain_text(output.strip()))
    return f"…{shown[-_LONGEST_OUTPUT:]}" if len(shown) > _LONGEST_OUTPUT else shown


def _one_line(text: str, longest: int) -> str:
    line = plain_line(" ".join(text.split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
