"""What the sandbox's functools lacks."""

from pillion_helpers import lacks


def wraps(wrapped, *rest, **options):
    return lambda function: function


def update_wrapper(wrapper, wrapped, *rest, **options):
    return wrapper


def total_ordering(kind):
    return kind


def singledispatch(function):
    lacks("uses functools.singledispatch")


class cmp_to_key:
    def __init__(self, compare):
        lacks("uses functools.cmp_to_key")


def cached_property(function):
    return function
