"""`pillion model list`: the models, what they need, what they are good for, and what was measured of them here."""

import os
from typing import TYPE_CHECKING, Any

from pillion.config.schema import without_secrets
from pillion.models.room import in_mb
from pillion.plurals import token_rate

if TYPE_CHECKING:
    from rich.console import Console

    from pillion.models.known import KnownModel, Source

_VERDICTS = {
    "above": "its findings are shown",
    "below": "its findings aren't shown: it missed too much, or accused too much",
}


def rows() -> list[dict[str, Any]]:
    """The models as data. A size is 0 where nobody knows it."""
    from pillion.cli.compose import model_store, speed_store, trust_store
    from pillion.models.trust import RULE

    store, trust, speeds = model_store(), trust_store(), speed_store().all()
    found = []
    for model in store.all():
        here, partial = store.has(model), store.partial_path_of(model)
        measured, speed = trust.measured(model.name), speeds.get(model.name)
        found.append(
            {
                "name": model.name,
                "size_bytes": model.size_bytes,
                "memory_bytes": model.memory_bytes or _estimated_memory(model),
                "memory_is_measured": bool(model.memory_bytes),
                "licence": model.licence,
                "path": str(store.path_of(model)) if here else None,
                "begun_bytes": os.path.getsize(partial) if not here and partial.is_file() else 0,
                "sources": [_source_in_words(each) for each in model.sources],
                "summary": model.summary,
                "tokens_per_s": round(speed.tokens_per_s, 1) if speed else None,
                "speed_measured_at": speed.at if speed else None,
                "auditor": RULE.verdict(measured),
            }
        )
    return found


def show(found: list[dict[str, Any]], screen: "Console") -> None:
    """Prints the models for people."""
    from rich.text import Text

    for row in found:
        begun = f"{in_mb(row['begun_bytes'])} of it are here" if row["begun_bytes"] else "not here"
        here = ("here", "green") if row["path"] else (begun, "")
        memory = f"{row['memory_bytes'] / 1e9:.1f} GB of memory{'' if row['memory_is_measured'] else ', estimated'}"
        about = f"  {in_mb(row['size_bytes'])}  {memory}  {row['licence']}  "
        screen.print(Text.assemble((row["name"], "bold"), about, here))
        screen.print(f"    {row['summary']}")
        if measured := _measured_in_words(row):
            screen.print(f"    {measured}")
        for place in [row["path"]] if row["path"] else row["sources"]:
            screen.print(f"    {place}", style="dim")


def _measured_in_words(row: dict[str, Any]) -> str:
    speed, at = row["tokens_per_s"], row["speed_measured_at"]
    rate = f"{token_rate(speed)} on this machine, last on {at}" if speed else ""
    verdict = f"as an auditor, {_VERDICTS[row['auditor']]}" if row["auditor"] in _VERDICTS else ""
    words = "; ".join(filter(None, (rate, verdict)))
    return f"Measured: {words}." if words else ""


def _estimated_memory(model: "KnownModel") -> int:
    """The file, and what engines with known models need besides it."""
    return model.size_bytes + model.size_bytes // 2 + 100_000_000


def _source_in_words(source: "Source") -> str:
    if isinstance(source, str):
        return without_secrets(source)
    first, last = source[0], source[-1]
    several = f" … {last.package}" if len(source) > 1 else ""
    return f"{first.package}{several} {first.version}, from the package index"
