"""The line and the message of a finding, without any secret, so that they may be written to a file."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pillion.findings.finding import Finding
    from pillion.findings.place import Place

HIDDEN = "[secret]"
# How far around the line secrets are looked for. A key's block is shorter.
_AROUND = 12_000
_LONGEST_LINE = 1_000
_ABOUT_SECRETS = re.compile(r"secret|passw|pwd|credential|token|api.?key|private.?key|access.?key", re.IGNORECASE)
# A name that means a secret, the characters after it, and the value, even a weak one.
_NAMED = re.compile(
    r"((?:passw|pwd|passphrase|secret|token|api_?key|access_?key|private_?key|auth_?key|credential)\w{0,30}"
    r"[\"'`]?\]?\s{0,4}(?:=>|:=|[=:,(])\s{0,4})(\"[^\"\n]*\"?|'[^'\n]*'?|`[^`\n]*`?|[^\s,;)]+)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"[^=:(\"'`]*[=:(\"'`]")
_WORD = re.compile(r"[^\s\"'`=:,;()\[\]{}<>]{4,}")


def line_and_message(text: str, start: int, finding: "Finding[Place]") -> tuple[str, str]:
    """The line of `text` that `start` is on, and the finding's message, both without secrets."""
    from pillion.auditors.secrets import find_secrets

    begin = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    end = min((at for at in (text.find("\n", start), text.find("\r", start)) if at >= 0), default=len(text))
    first = max(0, begin - _AROUND)
    spans = [
        (max(each.start + first, begin) - begin, min(each.end + first, end) - begin)
        for each in find_secrets(text[first : end + _AROUND])
        if each.start + first < end and each.end + first > begin
    ]
    line = text[begin:end]
    kept = line
    for from_, to in reversed(spans):
        kept = kept[:from_] + HIDDEN + kept[to:]
    kept = _NAMED.sub(lambda match: match[1] + HIDDEN, kept[:_LONGEST_LINE])
    message = " ".join(finding.message.split())
    for secret in reversed(find_secrets(message)):
        message = message[: secret.start] + HIDDEN + message[secret.end :]
    if finding.source == "secrets" or _ABOUT_SECRETS.search(f"{finding.category} {message}"):
        # The finding may be about a secret that nothing here would recognise.
        lead = _LEAD.match(kept)
        shown = lead[0] if lead is not None else ""
        for word in set(_WORD.findall(line[len(shown) if line.startswith(shown) else 0 :])):
            if finding.source != "secrets":
                message = message.replace(word, HIDDEN)
        kept = f"{shown} {HIDDEN}" if shown else HIDDEN
    return kept.strip(), message
