"""Runs examples in a sandbox, each with the value that it wants."""

from collections.abc import Sequence
from dataclasses import replace

from pillion.auditors.running.example_answers import Tried, Verdict, tried
from pillion.auditors.running.lacking import may_hide_a_lack
from pillion.auditors.running.reading.written_example import WrittenExample
from pillion.sandbox.sandbox import Answer, Bound, Call, Limits, NotRun, Returned, Sandbox, Stopped
from pillion.sandbox.values import Value
from pillion.syntax.python_trees import parse_literal

_LIMITS = Limits(call_s=0.5, all_s=2.0)
# A busy machine is slow: who is too late once has another chance, alone.
_PATIENT = Limits(call_s=2.0, all_s=3.0)
_OUT = "_pillion_out"
# Python prints into this list. What goes to another file isn't shown by a doctest.
_PRINTER = f"""
{_OUT} = []

def print(*values, sep=" ", end="\\n", file=None, flush=False):
    if file is None:
        text = (" " if sep is None else sep).join([str(each) for each in values])
        {_OUT}.append(text + ("\\n" if end is None else end))
"""
_MOST_PATIENCE = 1


def run_examples(
    sandbox: Sandbox, source: str, document: str, examples: Sequence[WrittenExample], language: str
) -> list[Tried]:
    """What became of each example, in their order. `source` is the program, `document` the text that it was cut from.

    Raises:
        CannotRunError: the program can't be loaded.
    """
    prints = language == "python" and any(each.output is not None for each in examples)
    program = f"{source}\n{_PRINTER}" if prints else source
    calls = [_call(each, prints) for each in examples]
    wanted = list(dict.fromkeys(each.wanted for each in examples if each.wanted))
    # The wanted values come first: no example can change what they are made of.
    answers = list(sandbox.run(program, [*(Call(each) for each in wanted), *calls], _LIMITS))
    values = dict(zip(wanted, answers, strict=False))
    found = answers[len(wanted) :]
    _try_again(sandbox, program, calls, found)
    judged = [
        tried(each, answer, values.get(each.wanted), _printed(answer, prints), document)
        for each, answer in zip(examples, found, strict=True)
    ]
    return [
        replace(each, verdict=Verdict.UNKNOWN)
        if each.verdict is Verdict.UNMET and may_hide_a_lack(source, answer)
        else each
        for each, answer in zip(judged, found, strict=True)
    ]


def _call(example: WrittenExample, prints: bool) -> Call:
    if not prints:
        return Call(example.call, example.setup, shown=example.call)
    # It's bound anew and not cleared, so that it can be watched.
    return Call(example.call, f"{_OUT} = []\n{example.setup}".strip(), (_OUT,), example.call)


def _try_again(sandbox: Sandbox, program: str, calls: Sequence[Call], answers: list[Answer]) -> None:
    late = [number for number, each in enumerate(answers) if each == Stopped(Bound.TIME)]
    for number in late[:_MOST_PATIENCE]:
        answers[number] = sandbox.run(program, [calls[number]], _PATIENT)[0]
    for number in late[_MOST_PATIENCE:]:
        answers[number] = NotRun("there was no time left")


def _printed(answer: Answer, prints: bool) -> str:
    if not prints or not isinstance(answer, Returned) or not answer.argument_values:
        return ""
    return "".join(_text(each) for each in answer.argument_values[0].parts)


def _text(value: Value) -> str:
    """A string's own characters: its text is how Python writes it."""
    try:
        read = parse_literal(value.text)
    except (SyntaxError, ValueError):
        return ""
    return read if isinstance(read, str) else ""
