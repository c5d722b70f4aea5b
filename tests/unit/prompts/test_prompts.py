"""Action + symbol → prompt, within what the endpoint can read; what is left out is said."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.actions.action_registry import ACTIONS, action_by_id
from pillion.actions.action_row import Action, Output
from pillion.backends.chat_request import Message
from pillion.config.schema import EndpointConfig
from pillion.errors import ContextTooLongError
from pillion.findings.finding import Finding
from pillion.findings.place import InDocument
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.audit_conversation import CODE, DOCUMENT, AuditConversation, AuditSubject
from pillion.prompts.build import Retry, about_finding, build_prompt
from pillion.prompts.hover_prompt import hover_prompt
from pillion.prompts.prompt import Prompt, estimate_tokens, fenced
from pillion.syntax.selection import selected
from tests.support.texts import SOURCES, parsed

ABOUT_CODE = [action for action in ACTIONS if not action.makes_file]
ROOMY = PromptLimits(num_ctx=8192, surroundings_tokens=1500)
ALONE = PromptLimits(num_ctx=8192, surroundings_tokens=0)
LONG = "".join(f"value_{n} = {n}\n" for n in range(200))
FILE = f'"""Module."""\nimport os\n{LONG}\ndef f(a, b=1):\n    return a + b\n\n{LONG}'


def prompt_for(
    action: str, text: str, name: str, limits: PromptLimits = ROOMY, language: str = "python", **more: Any
) -> Prompt:
    document = parsed(language, text)
    symbol = document.symbols.named(name)
    assert symbol is not None
    return build_prompt(action_by_id(action), symbol, document, limits, **more)


def tokens(prompt: Prompt) -> int:
    return sum(estimate_tokens(message.content) for message in prompt.messages)


@pytest.mark.parametrize("action", ABOUT_CODE, ids=lambda action: action.id)
def test_the_question_holds_the_code(action: Action) -> None:
    prompt = prompt_for(action.id, FILE, "f", ALONE)
    example = ["user", "assistant"] if action.output in {Output.FIELDS, Output.NAMES} else []
    assert [message.role for message in prompt.messages] == ["system", *example, "user"]
    assert "```python\ndef f(a, b=1):\n    return a + b\n```" in prompt.messages[-1].content
    assert "Python function" in prompt.messages[-1].content
    assert prompt.omitted == ""


@pytest.mark.parametrize(
    ("language", "text", "name", "code"),
    [
        ("python", "class A:\n    @d\n    def f(self):\n        x\n", "f", "@d\ndef f(self):\n    x"),
        ("python", "class A:\n\tdef f(self):\n\t\tx\n", "f", "def f(self):\n\tx"),
        ("javascript", "class A {\n  f() {\n    x;\n  }\n}\n", "f", "f() {\n  x;\n}"),
        ("javascript", "if (a) { function f() {\n  x;\n} }\n", "f", "function f() {\n  x;\n}"),
    ],
)
def test_the_code_stands_at_the_margin(language: str, text: str, name: str, code: str) -> None:
    assert f"\n{code}\n```" in prompt_for("refactor", text, name, ALONE, language).messages[-1].content


def test_the_users_own_words_come_along() -> None:
    assert "Use a dict." in prompt_for("refactor", FILE, "f", ALONE, instruction="Use a dict.").messages[-1].content


@pytest.mark.parametrize(
    ("code", "quote", "told"),
    [
        ("def f(a):\n    return a", "def f(a):", "In line 1, “def f(a):”: It is wrong."),
        ("def f(a):\n    return a", "return a", "In line 2, “return a”: It is wrong."),
        ("@d\r\ndef f(\r\n  a,\r\n): ...", "f(\r\n  a,\r\n)", "In line 2, “f( a, )”: It is wrong."),
    ],
)
def test_a_finding_is_told_with_its_line_in_the_code_shown(code: str, quote: str, told: str) -> None:
    at = code.index(quote)
    finding = Finding(quote, "warning", "bug", "It is wrong.", InDocument(0, 0))
    assert about_finding(finding, code, at) == told


@pytest.mark.parametrize(
    ("action", "asks"), [("debug", "the whole corrected code only"), ("ask", "three short sentences")]
)
def test_what_is_asked_about_a_finding(action: str, asks: str) -> None:
    told = about_finding(
        Finding("return a", "warning", "bug", "It is wrong.", InDocument(0, 0)), "def f(a):\n    return a", 14
    )
    question = prompt_for(action, FILE, "f", ALONE, instruction=told).messages[-1].content
    assert asks in question.partition("```")[0]
    assert told in question.partition("```")[0]


@pytest.mark.parametrize(
    ("text", "name", "properties"),
    [
        ("def f(a, b=1): return a\n", "f", {"summary": None, "parameters": ["a", "b"], "returns": None}),
        ("def f(a) -> None: ...\n", "f", {"summary": None, "parameters": ["a"]}),
        ("def f(): return 1\n", "f", {"summary": None, "returns": None}),
        ("class A: ...\n", "A", {"summary": None}),
    ],
)
def test_the_schema_follows_the_signature(text: str, name: str, properties: dict[str, Any]) -> None:
    schema = prompt_for("docstring", text, name).schema
    assert schema is not None
    assert list(schema["properties"]) == schema["required"] == list(properties)
    assert schema["additionalProperties"] is False
    if "parameters" in properties:
        parameters = schema["properties"]["parameters"]
        assert list(parameters["properties"]) == parameters["required"] == properties["parameters"]
        assert parameters["additionalProperties"] is False
    json.dumps(schema)


@pytest.mark.parametrize(
    "action", [each for each in ABOUT_CODE if each.output not in {Output.FIELDS, Output.NAMES}], ids=lambda a: a.id
)
def test_only_fields_and_names_have_a_schema(action: Action) -> None:
    assert prompt_for(action.id, FILE, "f").schema is None


def test_the_example_shows_the_answers_form() -> None:
    example = prompt_for("docstring", FILE, "f").messages[2]
    assert example.role == "assistant"
    assert set(json.loads(example.content)) == {"summary", "parameters", "returns"}


def test_a_retry_shows_the_draft_and_the_reason() -> None:
    prompt = prompt_for("refactor", FILE, "f", ALONE, retry=Retry("def f(: ...", "line 1: no"))
    first = prompt_for("refactor", FILE, "f", ALONE)
    assert prompt.messages[: len(first.messages)] == first.messages
    assert prompt.messages[-2] == Message("assistant", "def f(: ...")
    assert "line 1: no" in prompt.messages[-1].content


def test_a_retry_without_room_for_the_draft_says_the_reason() -> None:
    limits = PromptLimits(num_ctx=1024, surroundings_tokens=0)
    prompt = prompt_for("refactor", FILE, "f", limits, retry=Retry("x = 1\n" * 1000, "line 1: no"))
    assert [message.role for message in prompt.messages] == ["system", "user"]
    assert "line 1: no" in prompt.messages[1].content
    assert "def f(a, b=1):" in prompt.messages[1].content


def test_a_symbol_that_doesnt_fit_is_refused() -> None:
    text = "def f():\n" + "    x = 1\n" * 500
    with pytest.raises(ContextTooLongError, match=r"“f” takes about 1,\d\d\d tokens, and the endpoint reads 1,024"):
        prompt_for("refactor", text, "f", PromptLimits(1024, 0))
    assert prompt_for("refactor", text, "f", PromptLimits(2048, 0)).max_tokens >= 64


def test_the_answer_shrinks_to_the_room_there_is() -> None:
    wide, narrow = prompt_for("docstring", FILE, "f", ALONE), prompt_for("docstring", FILE, "f", PromptLimits(512, 0))
    assert narrow.max_tokens < wide.max_tokens
    assert tokens(narrow) + narrow.max_tokens <= 512


def test_a_small_file_comes_whole() -> None:
    text = "import os\n\n\ndef f():\n    pass\n\n\nx = os\n"
    prompt = prompt_for("implement", text, "f")
    assert prompt.messages[-1].content.startswith("From the same file:\n```python\nimport os\nx = os\n```\n\n")
    assert prompt.omitted == ""


def test_a_long_file_comes_with_its_head_and_the_lines_around() -> None:
    prompt = prompt_for("implement", FILE, "f", PromptLimits(8192, 300))
    surroundings = prompt.messages[-1].content.partition("\n\nImplement")[0]
    lines = surroundings.splitlines()
    assert lines[2:4] == ['"""Module."""', "import os"]
    gaps = [number for number, line in enumerate(lines) if line == "…"]
    assert len(gaps) == 2
    assert lines[gaps[1] - 1] == "value_199 = 199"
    assert next(line for line in lines[gaps[1] + 1 :] if line) == "value_0 = 0"
    kept = len(lines) - 5  # the words, two fences and two gaps
    total = len(FILE.partition("\ndef f")[0].splitlines()) + len(LONG.splitlines())
    assert prompt.omitted == f"{total - kept} of the {total} lines around “f”"
    assert estimate_tokens(surroundings) <= 320


@pytest.mark.parametrize(
    ("limits", "omitted"),
    [
        pytest.param(PromptLimits(8192, 0), "", id="not-wanted"),
        pytest.param(PromptLimits(512, 1500), "402 of the 402 lines around “f”", id="no-room"),
        pytest.param(PromptLimits(8192, 1), "402 of the 402 lines around “f”", id="not-even-a-line"),
    ],
)
def test_without_room_nothing_of_the_file_comes_and_that_is_said(limits: PromptLimits, omitted: str) -> None:
    prompt = prompt_for("docstring", FILE, "f", limits)
    assert "From the same file" not in prompt.messages[-1].content
    assert prompt.omitted == omitted


@pytest.mark.parametrize(("parameters", "least"), [(0, 150), (3, 350), (10, 850), (40, 1000)])
def test_a_docstring_has_room_for_every_field_at_its_longest(parameters: int, least: int) -> None:
    text = f"def f({', '.join(f'p{n}' for n in range(parameters))}):\n    return 1\n"
    assert least <= prompt_for("docstring", text, "f", ALONE).max_tokens <= 1000


@pytest.mark.parametrize(
    ("action", "tokens_per_s", "come"),
    [
        ("implement", 12.0, True),
        ("refactor", 12.0, True),
        ("docstring", 12.0, False),
        ("explain", 12.0, False),
        ("docstring", 80.0, True),
        ("explain", 0.0, True),
    ],
)
def test_a_slow_engine_reads_surroundings_only_for_code(action: str, tokens_per_s: float, come: bool) -> None:
    prompt = prompt_for(action, FILE, "f", PromptLimits(8192, 300, tokens_per_s))
    assert ("From the same file" in prompt.messages[-1].content) is come


@settings(max_examples=60, deadline=None)
@given(
    action=st.sampled_from([action.id for action in ABOUT_CODE]),
    language=st.sampled_from(sorted(SOURCES)),
    around=st.integers(0, 60),
    width=st.sampled_from([1, 30, 300]),
    num_ctx=st.integers(512, 3000),
    surroundings=st.integers(0, 1500),
    refused=st.integers(0, 3000),
)
def test_a_prompt_and_its_answer_never_exceed_the_context(
    action: str, language: str, around: int, width: int, num_ctx: int, surroundings: int, refused: int
) -> None:
    comment = ("# " if language == "python" else "// ") + "é" * width + "\n"
    document = parsed(language, comment * around + SOURCES[language] + comment * around)
    symbol = next(document.symbols.read(node) for node in document.symbols.walk())
    limits = PromptLimits(num_ctx, surroundings)
    retry = Retry("x" * refused, "no") if refused else None
    try:
        prompt = build_prompt(action_by_id(action), symbol, document, limits, retry=retry)
    except ContextTooLongError:
        assert num_ctx < 1000
        return
    assert tokens(prompt) + prompt.max_tokens <= num_ctx


@pytest.mark.parametrize(
    ("code", "fence"),
    [("x", "```"), ("`x`", "```"), ("```\nx\n```", "````"), ("a ````` b", "``````"), ("~~~", "```")],
)
def test_nothing_inside_closes_the_fence(code: str, fence: str) -> None:
    assert fenced(f"{code}\n\n", "go") == f"{fence}go\n{code}\n{fence}"


@pytest.mark.parametrize(
    ("text", "least"), [("", 0), ("word " * 30, 40), ("漢字" * 30, 60), ("🥞" * 30, 30), ("\ud800", 1)]
)
def test_token_estimates_are_upper_ones(text: str, least: int) -> None:
    assert estimate_tokens(text) >= least


def test_a_hover_is_told_the_head_of_a_long_symbol() -> None:
    document = parsed("python", "def f():\n" + "    x = 1\n" * 2000)
    symbol = document.symbols.named("f")
    assert symbol is not None
    prompt = hover_prompt(symbol, document, 120, PromptLimits(2048, 0))
    assert (prompt.omitted, prompt.max_tokens, prompt.schema) == ("the end of it", 120, None)
    assert tokens(prompt) + 120 <= 2048
    assert "def f():\n    x = 1\n" in prompt.messages[0].content
    assert hover_prompt(symbol, document, 120, PromptLimits(32768, 0)).omitted == ""


@pytest.mark.parametrize(
    ("tokens_per_s", "answer", "read", "ask"),
    [
        pytest.param(0.0, 120, 4000, "in one or two short sentences", id="nobody knows"),
        pytest.param(80.0, 120, 4000, "in one or two short sentences", id="fast"),
        pytest.param(12.0, 48, 340, "in one short sentence", id="slow"),
    ],
)
def test_a_hover_of_a_slow_endpoint_is_short(tokens_per_s: float, answer: int, read: int, ask: str) -> None:
    document = parsed("python", "def f():\n" + "    x = 1\n" * 600)
    symbol = document.symbols.named("f")
    assert symbol is not None
    prompt = hover_prompt(symbol, document, 120, PromptLimits(8192, 0, tokens_per_s))
    assert (prompt.max_tokens, tokens(prompt) <= read, ask in prompt.messages[0].content) == (answer, True, True)
    assert hover_prompt(symbol, document, 30, PromptLimits(8192, 0, tokens_per_s)).max_tokens == 30


@pytest.mark.parametrize(
    ("protocol", "measured", "slow"),
    [("embedded", 0.0, True), ("embedded", 64.0, False), ("ollama", 0.0, False), ("ollama", 12.0, True)],
)
def test_an_endpoint_is_slow_by_its_last_answer_and_a_cpu_until_then(
    protocol: str, measured: float, slow: bool
) -> None:
    url = {} if protocol == "embedded" else {"url": "http://127.0.0.1:1"}
    config = EndpointConfig.model_validate({"protocol": protocol, "model": "m", **url})
    assert PromptLimits.of(config, measured).slow is slow


NOTHING = '{"findings": []}'
CRITERIA = '{"criteria": ["Returns one.", "Takes no time."]}'


def audited() -> list[Prompt]:
    """The questions of an audit in the order they are asked: criteria, two parts, the verdict."""
    conversation = AuditConversation("Implement f.", "python")
    prompts = [conversation.ask_criteria()]
    conversation = conversation.answered(prompts[-1], CRITERIA).with_criteria(["Returns one.", "Takes no time."])
    for part in ("a = 1\n", "b = 2\n"):
        prompts.append(conversation.ask_part(part))
        conversation = conversation.answered(prompts[-1], NOTHING)
    return [*prompts, conversation.ask_verdict("c = 3\n")]


def test_the_audits_conversation_only_grows_at_its_end() -> None:
    prompts = audited()
    for earlier, later, answer in zip(prompts, prompts[1:], (CRITERIA, NOTHING, NOTHING), strict=False):
        assert later.messages[: len(earlier.messages)] == earlier.messages
        assert later.messages[len(earlier.messages)] == Message("assistant", answer)
        assert len(later.messages) == len(earlier.messages) + 2
    assert prompts[0].messages[-1].content.startswith("Task: Implement f.\nWhat must this code do?")
    assert prompts[2].messages[-1] == Message("user", "```python\nb = 2\n```")
    assert prompts[3].messages[-1].content.startswith("```python\nc = 3\n```\nThat was the last part.")
    roles = [message.role for message in prompts[3].messages[1:]]
    assert roles == [*["user", "assistant"] * (len(roles) // 2), "user"]


def test_every_audit_begins_the_same() -> None:
    """So that an engine which has audited before has read the beginning."""
    one, other = (AuditConversation(task, language).ask_criteria() for task, language in (("f", "go"), ("g", "c")))
    assert one.messages[:-1] == other.messages[:-1]
    judge = AuditConversation("f", "go", finds=False).ask_criteria()
    assert 3 < len(judge.messages) < len(one.messages), "who only judges has less to read"
    assert judge.messages[0] != one.messages[0]
    assert judge.messages[-1] == one.messages[-1]


@pytest.mark.parametrize(
    ("code", "later"),
    [("a = 1\n", "a = 1\nb = 2\n"), ("    x\n", "    x\n    y\n"), ("é\n", "é\nü\n"), ("", "a = 1\n")],
)
def test_what_was_read_ahead_is_the_beginning_of_what_is_asked(code: str, later: str) -> None:
    conversation = AuditConversation("Implement f.", "python")
    read, asked = conversation.reading(code), conversation.ask_part(later)
    assert read.messages[:-1] == asked.messages[:-1]
    assert (read.max_tokens, read.schema) == (1, None)
    beginning = read.messages[-1].content.removesuffix("```").rstrip("\n")
    assert asked.messages[-1].content.startswith(beginning)


@pytest.mark.parametrize(
    ("criteria", "findings", "asked_for"),
    [
        (["a", "b"], True, ["findings", "unmet"]),
        (["a"], False, ["unmet"]),
        ([], True, ["findings"]),
    ],
)
def test_a_verdict_asks_for_what_is_wanted(criteria: list[str], findings: bool, asked_for: list[str]) -> None:
    prompt = AuditConversation("f", "python", findings).with_criteria(criteria).ask_verdict("x = 1\n")
    assert prompt.schema is not None
    assert list(prompt.schema["properties"]) == prompt.schema["required"] == asked_for
    if criteria:
        assert prompt.schema["properties"]["unmet"]["items"]["enum"] == [*range(1, len(criteria) + 1)]


def test_a_new_beginning_keeps_the_criteria() -> None:
    prompts = audited()
    conversation = AuditConversation("Implement f.", "python")
    asked = conversation.answered(prompts[0], CRITERIA).with_criteria(["Returns one."])
    talked = asked.answered(asked.ask_part("a = 1\n"), NOTHING)
    assert talked.anew() == asked
    assert conversation.answered(conversation.ask_part("a"), NOTHING).anew() == conversation


OWN = "Returns the mean of the values."
SETTLED = {
    "its own": ([OWN, "Fails for no values."], [OWN, "Fails for no values."]),
    "an example, word for word": (["Returns None for an empty list."], []),
    "an example with another number": (["Returns the item with index 1."], []),
    "an example in other signs": (["returns None, for an empty list!", OWN], [OWN]),
    "something like an example": (["Returns None if nothing was found."], ["Returns None if nothing was found."]),
    "nothing": ([], []),
}


@pytest.mark.parametrize("finds", [False, True])
@pytest.mark.parametrize(("said", "kept"), SETTLED.values(), ids=SETTLED)
def test_a_criterion_that_repeats_the_prompts_example_is_none(said: list[str], kept: list[str], finds: bool) -> None:
    conversation = AuditConversation("Implement mean.", "python", finds)
    asked, reply = conversation.ask_criteria(), json.dumps({"criteria": said}, indent=1)
    settled = conversation.settled(asked, reply, said)
    assert list(settled.criteria) == kept
    if said == kept:
        assert settled.turns[-1].content == reply, "the engine has it in its cache"
    elif kept:
        assert json.loads(settled.turns[-1].content) == {"criteria": kept}, "the numbers of the verdict are right"
    else:
        assert settled == conversation, "it judges nothing by another task's list"


@pytest.mark.parametrize("subject", [CODE, DOCUMENT])
def test_all_examples_of_criteria_are_known(subject: AuditSubject) -> None:
    answers = [json.loads(message.content) for message in subject.prefix if message.role == "assistant"]
    assert {each for answer in answers for each in answer.get("criteria", ())} == set(subject.examples)


@pytest.mark.parametrize("subject", [CODE, DOCUMENT])
def test_who_only_judges_is_shown_no_answer_with_criteria(subject: AuditSubject) -> None:
    answers = [message.content for message in subject.prefix_of_judges if message.role == "assistant"]
    assert [list(json.loads(each)) for each in answers] == [["unmet"]]


def test_most_of_the_audits_examples_have_no_findings() -> None:
    messages = AuditConversation("x", "go").ask_criteria().messages
    answers = [json.loads(message.content) for message in messages if message.role == "assistant"]
    found = [answer["findings"] for answer in answers if "findings" in answer]
    assert len([each for each in found if not each]) > len(found) / 2


SELECTED = "import os\n\n\ndef f(a):\n    b = 0\n    for x in a:\n        b += x\n    return b\n\n\n# why\ndef g():\n    return os\n"
FENCED_LOOP = "```python\nb = 0\nfor x in a:\n    b += x\n```"


@pytest.mark.parametrize(
    ("first", "last", "asks", "shown", "around"),
    [
        (
            "b = 0",
            "+= x",
            "these lines of a Python function",
            FENCED_LOOP,
            "This is a Python function:\n```python\ndef f(a):",
        ),
        ("import", "os", "this line of a Python file", "```python\nimport os\n```", "def f(a):"),
        ("def f", "return os", "these Python functions", "    return b\n\n\ndef g():", "import os"),
        ("import", "return os", "this Python file", f"```python\n{SELECTED}```", ""),
    ],
)
def test_the_question_about_what_is_selected(first: str, last: str, asks: str, shown: str, around: str) -> None:
    document = parsed("python", SELECTED)
    start = SELECTED.index(first)
    found = selected(document, start, SELECTED.index(last, start) + len(last))
    assert found is not None
    for action in (each for each in ACTIONS if each.ask_selected):
        content = build_prompt(action, found, document, ROOMY).messages[-1].content
        assert asks in content
        assert shown in content
        assert around in content
        assert content.endswith("```")


def test_a_retry_about_selected_lines_fits_with_the_function_around() -> None:
    document = parsed("python", SELECTED)
    found = selected(document, SELECTED.index("b = 0"), SELECTED.index("    return b"))
    assert found is not None
    refactor = action_by_id("refactor")
    for num_ctx in range(600, 900, 10):
        limits = PromptLimits(num_ctx=num_ctx, surroundings_tokens=500)
        prompt = build_prompt(refactor, found, document, limits, retry=Retry("b = 1\n" * 40, "it is wrong"))
        assert tokens(prompt) + prompt.max_tokens <= num_ctx
