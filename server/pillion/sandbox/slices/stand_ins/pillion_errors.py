"""Exceptions and enumerations of the program's own."""

from pillion_helpers import Absent, is_a


def error(kind, *arguments):
    if not arguments:
        return kind()
    if len(arguments) == 1:
        return kind(arguments[0] if isinstance(arguments[0], str) else str(arguments[0]))
    if kind is OSError and isinstance(arguments[0], int):
        return kind("[Errno " + str(arguments[0]) + "] " + str(arguments[1]))
    return kind(str(arguments))


ERRORS = {}


def error_text(of):
    if len(of.args) == 1:
        return str(of.args[0])
    return str(of.args) if of.args else ""


def error_init(self, *arguments):
    self.args = arguments


def thrown(of):
    if not hasattr(of, "_kinds"):
        return of
    if type(of).__name__ == "type":
        of = of()
    text = "\u2063" + type(of).__name__ + "\u2063" + str(of)
    ERRORS[text] = of
    return Exception(text)


def own_error(caught):
    return ERRORS.get(str(caught), caught)


def fits(caught, kind):
    if isinstance(kind, tuple):
        return any([fits(caught, each) for each in kind])
    own = own_error(caught)
    if own is caught:
        return not isinstance(kind, Absent) and not hasattr(kind, "_kinds") and isinstance(caught, kind)
    return is_a(own, kind) if hasattr(kind, "_kinds") else kind in own._kinds


class Auto:
    """enum.auto()."""


def enumerated(kind, pairs):
    members = []
    names = {}
    last = 0
    for name, value in pairs:
        if isinstance(value, Auto):
            value = last + 1
        if isinstance(value, int):
            last = value
        same = [each for each in members if each.value == value]
        if same:
            member = same[0]
        else:
            if hasattr(kind, "__init__"):
                member = kind(*value) if isinstance(value, tuple) else kind(value)
            else:
                member = kind()
            member.name = name
            member.value = value
            members.append(member)
        names[name] = member
        setattr(kind, name, member)
    kind._members = members
    kind._names = names


def enum_of(kind, value):
    for each in kind._members:
        if each is value or each.value == value:
            return each
    raise ValueError(repr(value) + " is not a valid " + kind.__name__)


def enum_named(kind, name):
    return kind._names[name]


def enum_names(kind):
    return kind._names
