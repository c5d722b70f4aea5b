"""The endpoints and lanes that stand in for what a configuration leaves out."""

from collections.abc import Iterable

from pillion.config.model_sets import SEE_NO_SURROUNDINGS, model_set
from pillion.tiers import LANES

DEFAULT_ENDPOINTS = ("driver", "passenger")


def default_endpoints(chosen: str | None) -> dict[str, object]:
    """The endpoints of a user who names none: two engines of Pillion's own, with the chosen models."""
    models = model_set(chosen)
    return {
        name: {"protocol": "embedded", "num_ctx": 4096, "model": model}
        | ({"surroundings_tokens": 0} if model in SEE_NO_SURROUNDINGS else {})
        for name, model in zip(DEFAULT_ENDPOINTS, (models.driver, models.passenger), strict=True)
    }


DEFAULT_LANES: dict[str, list[str]] = {
    lane.value: (["passenger", "driver"] if row.model == "small" else ["driver", "passenger"])[
        : 1 + row.has_second_default
    ]
    for lane, row in LANES.items()
}


# Older names of the default engines, which lanes in older files may have.
_CALLED_NOW = {"drafting": "driver", "auditing": "passenger"}


def unknown_endpoint(name: str, known: Iterable[str]) -> str:
    """The message about a lane that names an unknown endpoint."""
    known = list(known)
    if (now := _CALLED_NOW.get(name)) in known:
        return f"names the endpoint {name!r}, which is called {now!r}: write that"
    return f"names the endpoint {name!r}, which isn't configured (there are: {', '.join(known)})"


def lanes_in_file_order(endpoints: dict[str, object]) -> dict[str, list[str]]:
    """The lanes that a file leaves out: the first local endpoint is taken for the large model, the last for the small.

    Cloud endpoints aren't in these lanes: they are used only if the user lists them.
    """
    local = [
        name for name, value in endpoints.items() if not (isinstance(value, dict) and value.get("location") == "cloud")
    ]
    return {lane.value: local[::-1] if row.model == "small" else local for lane, row in LANES.items()}
