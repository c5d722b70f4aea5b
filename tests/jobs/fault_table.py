"""What happens when an endpoint fails: each way to fail, and how a job ends that meets it.

docs/endpoints.md shows this table; test_fault_table.py tries each cell of it in both dialects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pillion.fake_engine.records import Fault, Rule

CODE = "```python\ndef total(prices):\n    return sum(prices)\n```"
NOBODY = "http://127.0.0.1:9"  # the discard port, which nobody serves
NO_MODEL = '{"error": "model \'fake-model\' not found"}'
# Long enough for an endpoint that works, and short enough for one that never will.
SOON_S = 0.5
WAIT_S = 0.1
QUICK: Mapping[str, Any] = MappingProxyType({"first_token_timeout_s": SOON_S, "stall_timeout_s": SOON_S})


@dataclass(frozen=True)
class Row:
    """A way to fail: `fault` or `url` make it, `says` and `do` are in the message. An endpoint alone in its lane then
    `ends` the job, and gives a hover or not. With `waits`, it is asked again, and answers."""

    name: str
    says: str
    do: str
    fault: Fault | None = None
    url: str = ""
    rule: Rule | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    ends: str = "failed"
    waits: bool = False
    hovers: bool = False

    @property
    def rules(self) -> list[Rule]:
        """What the endpoint answers."""
        if self.rule is not None:
            return [self.rule]
        rule = Rule(CODE, fault=self.fault, times=1 if self.waits else None)
        return [rule, Rule(CODE)] if self.waits else [rule]


def _after(kind: Any, tokens: int = 3, **more: Any) -> Fault:
    return Fault(kind, after_tokens=tokens, **more)


ROWS = (
    Row("nobody answers at its address", "Nobody answers at http://127.0.0.1:9", "Is the engine running", url=NOBODY),
    Row("its machine's name is unknown", "no machine with the name nowhere.invalid", "Is the url right", url="http://nowhere.invalid:1"),
    Row("its certificate isn't trusted", "certificate was refused", "ca_file", url="secure"),
    Row("it refuses the key (401)", "answered 401", "api_key_env", Fault("status", status=401)),
    Row("it lacks the model (404)", "doesn't have the model 'fake-model'", "", Fault("status", status=404, body=NO_MODEL)),
    Row("it asks to wait (429)", "answered 429", "", Fault("status", status=429, retry_after_s=WAIT_S), ends="applied", waits=True, hovers=True),
    Row("it asks to wait an hour (429)", "answered 429", "try again later", Fault("status", status=429, retry_after_s=3600)),
    Row("it fails (500)", "answered 500: scripted error", "log", Fault("status", status=500)),
    Row("its queue is full (503)", "answered 503", "", Fault("status", status=503, retry_after_s=WAIT_S), ends="applied", waits=True, hovers=True),
    Row("it cuts the connection at once", "the connection broke off before an answer came", "log", Fault("reset")),
    Row("it cuts the connection later", "the stream broke off", "log", _after("drop")),
    Row("it never begins", "sent nothing for 0.5 s", "first_token_timeout_s", Fault("hang"), settings=QUICK),
    Row("it stops in the middle", "sent nothing for 0.5 s", "stall_timeout_s", _after("stall"), settings=QUICK),
    Row("it reports an error in the stream", "scripted error", "log", _after("error_line")),
    Row("its last line is cut", "broke off in the middle of a line", "log", _after("cut_line")),
    Row("its text is no UTF-8", "sent text that isn't UTF-8", "log", _after("bad_utf8")),
    Row("it never ends", "was cut off after", "ask for less at once", rule=Rule("x = 1\n", fault=Fault("endless")), ends="refused", hovers=True),
    Row("its line has 10 MB", "sent a line without an end", "url and protocol", _after("long_line")),
    Row("it sends a byte now and then", "pieces of one for 0.5 s", "first_token_timeout_s", Fault("drip"), settings=QUICK),
    Row("it redirects", "answers with a redirect to http://other.example/", "Put that address", Fault("status", status=307, headers={"Location": "http://other.example/"})),
    Row("it sends a web page", "sent a web page", "url and protocol", Fault("html")),
    Row("its answer is empty", "the stream ended without its last", "log", Fault("body")),
    Row("it only thinks", "said nothing in 5 tokens", "think less", rule=Rule("", thinking="What may they have meant?"), ends="refused"),
    Row("its answer is cut by a limit", "was cut off after 3 tokens", "ask for less at once", _after("length"), ends="refused", hovers=True),
)  # fmt: skip


_ALONE = {
    "failed": "the job fails",
    "refused": "the answer is refused, after a second try",
    "applied": "it is waited for, then applied",
}


def documented() -> str:
    """The table as docs/endpoints.md shows it."""
    lines = ["| The endpoint … | alone in its lane | in a hover | the message has |", "|---|---|---|---|"]
    for row in ROWS:
        hover = "waited for" if row.waits else "the words so far" if row.hovers else "no popup; the log says why"
        said = " … ".join(f"“{each}”" for each in (row.says, row.do) if each)
        lines.append(f"| {row.name} | {_ALONE[row.ends]} | {hover} | {said} |")
    return "\n".join(lines)
