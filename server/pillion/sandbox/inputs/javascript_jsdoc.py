"""The types that JSDoc gives to parameters: `@param {number[]} prices`."""

import re
from collections.abc import Mapping

_TAG = re.compile(r"@(?:param|arg|argument)\s*\{")
_NAME = re.compile(r"\s*(\[)?\s*([\w$]+)")


def documented_types(comment: str) -> Mapping[str, str]:
    """The types by the names of the parameters, as TypeScript writes them; `?` at the end says that one is optional."""
    found: dict[str, str] = {}
    for match in _TAG.finditer(comment):
        depth, at = 1, match.end()
        while at < len(comment) and depth:
            depth += {"{": 1, "}": -1}.get(comment[at], 0)
            at += 1
        written = comment[match.end() : at - 1].strip()
        name = _NAME.match(comment, at)
        if name is None or name[2] in found or depth:
            continue
        is_optional = bool(name[1]) or written.endswith("=")
        found[name[2]] = _typescript(written.rstrip("=")) + ("?" if is_optional else "")
    return found


def _typescript(written: str) -> str:
    if written.startswith("..."):
        written = f"{written[3:]}[]"
    if written.startswith("?"):
        written = f"{written[1:]} | null"
    written = written.removeprefix("!").replace(".<", "<")
    return {"*": "any", "Array": "any[]"}.get(written, written)
