"""What a function's documentation says about inputs for which it fails."""

import re

# Whoever writes one of these has thought of inputs that aren't meant.
_PRECONDITION = re.compile(
    r"\b(?:must|assum\w+|guarantee\w*|require[sd]?|precondition|valid|invalid|undefined|only\s+(?:for|if|when)|error|exceptions?"
    r"|rais(?:es?|ed|ing)|throws?|thrown|fails?|expects?|expected|cannot|can't|should\s+be|has\s+to|have\s+to|at\s+least)\b",
    re.IGNORECASE,
)
_NOT_EMPTY = re.compile(r"\bempty\b|\bat\s+least\b|\bnon-?empty\b|\bone\s+or\s+more\b", re.IGNORECASE)
_NOT_ZERO = re.compile(
    r"\b(?:non-?)?zero\b|\bpositive\b|\bnatural\b|\bat\s+least\b|[>≥]=?\s*\d|\b[1-9]\s*(?:<=?|≤|to|\.\.)", re.IGNORECASE
)
_ONE_OF_MANY = re.compile(
    r"\b(?:max(?:imum|imal)?|min(?:imum|imal)?|mean|average|median|variance|deviation|first|last|most|least|best|worst"
    r"|(?:larg|great|bigg|small|high|low|long|short|strong|weak|clos|near|new|old|earli|lat|fast|slow|rich|cheap)est)\b",
    re.IGNORECASE,
)


def speaks_of_failing(words: str) -> bool:
    """Whether a documentation announces exceptions, in a section or in plain words, or says which inputs are meant."""
    return _PRECONDITION.search(words) is not None


def forbids_empty(words: str) -> bool:
    """Whether it says something about empty inputs."""
    return _NOT_EMPTY.search(words) is not None


def forbids_zero(words: str) -> bool:
    """Whether it says something about zero, or that numbers are larger."""
    return _NOT_ZERO.search(words) is not None


def asks_for_one_of_many(words: str) -> bool:
    """Whether it speaks of an element or a figure that only something has: of nothing there is no largest, no mean and
    no first. Who asks for one doesn't expect an answer for an empty list, and neither for a number below which there is
    none."""
    return _ONE_OF_MANY.search(words) is not None
