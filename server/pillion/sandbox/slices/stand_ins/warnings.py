"""Warnings are said to nobody."""


def warn(message, category=None, stacklevel=1, source=None, **options):
    return None


def warn_explicit(message, category, filename, lineno, *rest, **options):
    return None


def _deprecated(name, message="", **options):
    return None


def filterwarnings(action, *rest, **options):
    return None


def simplefilter(action, *rest, **options):
    return None


class catch_warnings:
    def __init__(self, **options):
        self.record = options.get("record", False)

    def __enter__(self):
        return [] if self.record else None

    def __exit__(self, *failure):
        return None
