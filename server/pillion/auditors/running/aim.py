"""What a draft does to the behaviour of the code. Menus read it in the actions' rows, so it needs no syntax tree."""

from enum import StrEnum


class Aim(StrEnum):
    """What a draft does to the behaviour of the code."""

    NEW = "new"  # there was none: implement, create
    SAME = "same"  # it must stay: refactor, docstring, comments, lint, rename
    OTHER = "other"  # it is told to change, and nobody knows in what: debug, change
