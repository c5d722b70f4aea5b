"""Numbers with their nouns, for people to read."""


def counted(number: float, one: str, many: str = "") -> str:
    """“1 token”, “2 tokens”, “1,200 tokens”; `many` where the plural isn't `one` with an s. Fractions are rounded.

    A rate is one too: `counted(0.6, "token/s", "tokens/s")`.
    """
    whole = round(number)
    return f"{whole:,} {one if whole == 1 else many or one + 's'}"


def token_rate(tokens_per_s: float) -> str:
    """“1 token/s”, “45 tokens/s”."""
    return counted(tokens_per_s, "token/s", "tokens/s")
