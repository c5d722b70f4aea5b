"""Lists of words, as tables have them."""


def words(listed: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(listed.split())
