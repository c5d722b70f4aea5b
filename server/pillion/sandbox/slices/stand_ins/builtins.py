"""Built-in names that the sandbox lacks."""

from pillion_helpers import CHILDREN, Absent, Family, lacks

IOError = OSError
EnvironmentError = OSError


class Warning(Exception):
    pass


class UserWarning(Warning):
    pass


class DeprecationWarning(Warning):
    pass


class PendingDeprecationWarning(Warning):
    pass


class RuntimeWarning(Warning):
    pass


class FutureWarning(Warning):
    pass


class SyntaxWarning(Warning):
    pass


class ResourceWarning(Warning):
    pass


class UnicodeWarning(Warning):
    pass


class ImportWarning(Warning):
    pass


class BytesWarning(Warning):
    pass


class EOFError(Exception):
    pass


class BufferError(Exception):
    pass


class ReferenceError(Exception):
    pass


class SystemError(Exception):
    pass


class FloatingPointError(ArithmeticError):
    pass


class ConnectionError(OSError):
    pass


class BlockingIOError(OSError):
    pass


class ChildProcessError(OSError):
    pass


class InterruptedError(OSError):
    pass


class ProcessLookupError(OSError):
    pass


class BrokenPipeError(ConnectionError):
    pass


class ConnectionResetError(ConnectionError):
    pass


class ConnectionRefusedError(ConnectionError):
    pass


class ConnectionAbortedError(ConnectionError):
    pass


bytearray = Absent("uses bytearray")
memoryview = Absent("uses memoryview")
_CALLABLE = ("function", "builtin_function_or_method", "type", "partial", "OnClass", "Absent")


_NEVER_CALLED = ("int", "bool", "float", "complex", "str", "bytes", "list", "tuple", "dict", "set", "NoneType")


def callable(of):
    if type(of).__name__ in _NEVER_CALLED:
        return False
    return type(of).__name__ in _CALLABLE or hasattr(of, "__call__")


def ascii(of):
    made = []
    for each in repr(of):
        code = ord(each)
        if code < 128:
            made.append(each)
        elif code < 256:
            made.append("\\x%02x" % code)
        else:
            made.append("\\u%04x" % code if code < 65536 else "\\U%08x" % code)
    return "".join(made)


def issubclass(kind, base):
    if type(kind).__name__ != "type":
        raise TypeError("issubclass() arg 1 must be a class")
    if isinstance(base, tuple):
        return any([issubclass(kind, each) for each in base])
    if isinstance(base, Family):
        return kind.__name__ in base.kinds
    if kind is base or base is object or (kind is bool and base is int):
        return True
    for parent, child in CHILDREN:
        if parent is base and child is kind:
            return True
    if hasattr(kind, "_kinds") and base in kind._kinds:
        return True
    if kind.__name__.endswith("Error") or base.__name__.endswith(("Error", "Exception")):
        lacks("asks for the bases of an exception")
    return False


def delattr(of, name):
    lacks("uses delattr")


def vars(of):
    lacks("uses vars")


def dir(of):
    lacks("uses dir")
