"""Words of a model or a workspace, without what a terminal would obey."""


def for_a_screen(text: str) -> str:
    """The text with every character that has no shape of its own, line ends and tabs aside, as a replacement mark."""
    return "".join(each if each in "\n\t" or each.isprintable() else "\ufffd" for each in text)
