"""Finds keys and tokens in code. A finding never repeats the secret."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.passage_findings import Rule, finding
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage

# These first characters of a token say only which service it is for.
_SHOWN_CHARACTERS = 4
_MIN_LEAD_CHARACTERS = 3
_MAX_KEY_BLOCK_CHARACTERS = 10_000
_MIN_ENTROPY_BITS = 2.8


@dataclass(frozen=True, slots=True)
class Secret:
    """The place of a secret, in code points. `shown` characters at its start may be quoted."""

    kind: str
    start: int
    end: int
    shown: int = _SHOWN_CHARACTERS


# The name of a secret, its possible beginnings, and the pattern of the rest. Every pattern begins at the start of a
# word and has an upper bound, so that a line's cost is its length; a text without the beginnings costs nothing.
_TOKENS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("an AWS access key", ("AKIA", "ASIA"), r"[0-9A-Z]{16}(?![0-9A-Za-z])"),
    ("a GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"[A-Za-z0-9]{36,255}"),
    ("a GitHub token", ("github_pat_",), r"[A-Za-z0-9_]{40,255}"),
    ("a GitLab token", ("glpat-", "glptt-", "gldt-", "glrt-", "glcbt-"), r"[A-Za-z0-9_-]{20,100}"),
    ("a Slack token", ("xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"), r"[A-Za-z0-9-]{10,250}"),
    ("a Google API key", ("AIza",), r"[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    ("a Stripe key", ("sk_live_", "sk_test_", "rk_live_", "rk_test_"), r"[A-Za-z0-9]{16,250}"),
    ("an Anthropic key", ("sk-ant-",), r"[A-Za-z0-9_-]{20,250}"),
    ("an API key", ("sk-",), r"[A-Za-z0-9_-]{20,250}"),
    ("an npm token", ("npm_",), r"[A-Za-z0-9]{36}"),
    ("a PyPI token", ("pypi-",), r"[A-Za-z0-9_-]{50,500}"),
    ("a Hugging Face token", ("hf_",), r"[A-Za-z0-9]{30,60}"),
    ("a JSON web token", ("eyJ",), r"[A-Za-z0-9_-]{10,4000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{10,2000}"),
)
_TOKEN_PATTERNS = tuple(
    (kind, beginnings, re.compile(rf"(?<![A-Za-z0-9_-])(?:{'|'.join(beginnings)}){rest}"))
    for kind, beginnings, rest in _TOKENS
)
_SLACK_HOOK = re.compile(r"hooks\.slack\.com/services/(T[A-Z0-9]{6,20}/B[A-Z0-9]{6,20}/[A-Za-z0-9]{16,40})")
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
_URL_PASSWORD = re.compile(r"://[^\s:/@\"'`<>{}$%]{0,100}:([^\s/@\"'`<>{}$%]{3,200})@[\w.\[-]")
_NAMED = re.compile(
    r"(?:passw(?:or)?d|pwd|passphrase|secret|token(?!iz|s\b|s_|_type|_url|_count|_limit)|api_?key|access_?key|"
    r"private_?key|auth_?key|credential)\w{0,30}[\"'`]?\]?\s{0,4}(?::\s{0,4}[\w.\[\]| ]{1,40}\s{0,4})?"
    r"(?:=>|:=|[=:])\s{0,4}[rbu]?(\"[^\"\s]{8,400}\"|'[^'\s]{8,400}'|`[^`\s]{8,400}`)",
    re.IGNORECASE,
)
_WORDS_FOR_SECRETS = ("pass", "pwd", "secret", "token", "key", "credential")
_PLACEHOLDER = re.compile(
    r"your|example|xxxx|change[-_ ]?me|changeit|placeholder|dummy|fake|redacted|replace|insert|sample|todo|\.\.\.|…|"
    r"\*\*\*|<|>|\{|\$|%\(|%s|not[-_]?a[-_]?real|123456789|password|secret|passwd|0000000|abcdef",
    re.IGNORECASE,
)
# Words in a row, names of variables, paths and addresses don't look like keys.
_WORDS = re.compile(r"[A-Za-z]+(?:[-_.:/ ][A-Za-z]+\d?)*|[A-Z][A-Z0-9_]*|[a-z][\w+.-]*:.*|[./~@#].*")


def find_secrets(text: str) -> list[Secret]:
    """The secrets in a text, in order, without placeholders; no secret overlaps another."""
    found: list[Secret] = []
    end = 0
    for secret in sorted(_candidates(text), key=lambda each: (each.start, -each.end)):
        if secret.start >= end:
            found.append(secret)
            end = secret.end
    return found


class SecretsAuditor:
    """Reports keys, tokens and passwords in a draft."""

    name = "secrets"
    sees = Sees.WORDS
    _rule = Rule(name, "secret", "error")

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        found: list[Finding[InPassage]] = []
        line = 0
        for secret in find_secrets(passage.text):
            if passage.text[secret.start : secret.end] in passage.before:
                continue
            # The quote is the text before the secret, so that it shows the place and not the secret.
            start = max(line, _line_start(passage.text, secret.start))
            line = secret.end
            leads = len(passage.text[start : secret.start].strip()) >= _MIN_LEAD_CHARACTERS
            end = min(secret.end, secret.start + (secret.shown if leads else max(secret.shown, 2)))
            message = f"This is {secret.kind}: read it from the environment or a secret store, and never commit it."
            hidden = passage.text[secret.start : secret.end]
            said = finding(passage, self._rule, start, end, message, hidden=hidden)
            found.extend([said] if said is not None else [])
        return found


def _line_start(text: str, at: int) -> int:
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    return max(start, at - 100)


def _candidates(text: str) -> Iterator[Secret]:
    for block in _KEY_BLOCK.finditer(text):
        closing = text.find("-----END", block.end(), block.end() + _MAX_KEY_BLOCK_CHARACTERS)
        end = text.find("-----", closing + 8) + 5 if closing >= 0 else -1
        whole = end if end > block.end() else min(len(text), block.end() + _MAX_KEY_BLOCK_CHARACTERS)
        if len(text[block.end() : whole].strip(" \t\r\n.…<>-\"'`;)")) >= 16:
            yield Secret("a private key", block.start(), whole, block.end() - block.start())
    for kind, beginnings, pattern in _TOKEN_PATTERNS:
        for match in pattern.finditer(text) if any(beginning in text for beginning in beginnings) else ():
            if not _is_placeholder(match[0]) and _entropy_bits(match[0]) >= _MIN_ENTROPY_BITS:
                yield Secret(kind, match.start(), match.end())
    for match in _SLACK_HOOK.finditer(text):
        if not _is_placeholder(match[1]):
            yield Secret("a Slack hook", match.start(1), match.end(1), 0)
    for match in _URL_PASSWORD.finditer(text):
        if not _is_placeholder(match[1]) and match[1].lower() not in {"pass", "pwd", "postgres", "root", "guest"}:
            yield Secret("a password in a URL", match.start(1), match.end(1), 0)
    lowered = text.lower()
    for match in _NAMED.finditer(text) if any(word in lowered for word in _WORDS_FOR_SECRETS) else ():
        value = match[1][1:-1]
        if _looks_secret(value):
            yield Secret("a hard-coded credential", match.start(1) + 1, match.end(1) - 1, 0)


def _is_placeholder(value: str) -> bool:
    return _PLACEHOLDER.search(value) is not None


def _looks_secret(value: str) -> bool:
    """Whether a value looks random: letters and digits with enough entropy."""
    if _is_placeholder(value) or _WORDS.fullmatch(value) is not None:
        return False
    letters = any(each.isalpha() for each in value)
    return letters and any(each.isdigit() for each in value) and _entropy_bits(value) >= _MIN_ENTROPY_BITS


def _entropy_bits(value: str) -> float:
    """Shannon entropy per character, in bits."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
