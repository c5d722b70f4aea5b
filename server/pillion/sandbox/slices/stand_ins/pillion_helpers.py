"""What the rewriting calls. Runs in the sandbox only, and uses only what it has."""

from native_collections import namedtuple as _namedtuple


class Sentinel:
    """object()."""


def lacks(reason):
    raise KeyboardInterrupt("\u2063" + reason)


_MOST_GENERATED = 5000


class _Made:
    def __init__(self):
        self.values = []
        self.is_full = False

    def add(self, value):
        if len(self.values) >= _MOST_GENERATED:
            self.is_full = True
            raise SystemExit("\u2063full")
        self.values.append(value)

    def add_all(self, values):
        for each in values:
            self.add(each)


class Generated:
    def __init__(self, make):
        self._make = make
        self._made = None
        self._error = None
        self._next = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self._made is None:
            self._made = _Made()
            try:
                self._make(self._made)
            except SystemExit as exc:
                if not self._made.is_full:
                    self._error = exc
            except StopIteration:
                self._error = RuntimeError("generator raised StopIteration")
            except Exception as exc:
                self._error = exc
        if self._next < len(self._made.values):
            self._next += 1
            return self._made.values[self._next - 1]
        if self._made.is_full:
            lacks("reads a generator for ever")
        if self._error is not None:
            failure = self._error
            self._error = None
            raise failure
        raise StopIteration

    def close(self):
        self._made = _Made()
        self._next = 0
        self._error = None


def generated(make):
    return Generated(make)


def added(to, value):
    if isinstance(to, list):
        return value if isinstance(value, list) else list(value)
    return list(value) if to is None and type(value).__name__ in ("Generated", "list_iterator") else value


def delete(of, key):
    kind = type(of).__name__
    if isinstance(of, dict):
        if kind == "Counter":
            of.pop(key, None)
        else:
            of.pop(key)
    elif isinstance(of, list):
        if isinstance(key, slice):
            gone = set(range(*key.indices(len(of))))
            of[:] = [each for index, each in enumerate(of) if index not in gone]
        elif key >= len(of) or key < -len(of):
            raise IndexError("list assignment index out of range")
        else:
            of.pop(key)
    elif kind == "deque":
        of.rotate(-key)
        of.popleft()
        of.rotate(key)
    elif hasattr(of, "__delitem__"):
        of.__delitem__(key)
    else:
        raise TypeError("'" + kind + "' object doesn't support item deletion")


def has(of, name, kinds):
    return type(of).__name__ in kinds or hasattr(of, name)


def bound(of, kinds, method, plain):
    return method(of) if type(of).__name__ in kinds else plain(of)


def attribute__name(of):
    kind = type(of).__name__
    if kind in ("function", "builtin_function_or_method", "partial", "module"):
        lacks("reads the name of a function")
    return of.__name__


def attribute__qualname(of):
    return attribute__name(of)


def attribute__doc(of):
    lacks("reads documentation")


class Family:
    """What stands for several types in isinstance: an abstract class, `type`."""

    def __init__(self, kinds, methods=()):
        self.kinds = kinds
        self.methods = methods

    def holds(self, value):
        if type(value).__name__ in self.kinds:
            return True
        return bool(self.methods) and all(hasattr(value, each) for each in self.methods)


class Absent:
    """A class that can't be had: it has no values."""

    def __init__(self, reason):
        self.reason = reason

    def __call__(self, *arguments, **keywords):
        lacks(self.reason)


CHILDREN = []


def is_a(value, kind):
    if isinstance(kind, tuple):
        return any([is_a(value, each) for each in kind])
    if isinstance(kind, Family):
        return kind.holds(value)
    if isinstance(kind, Absent):
        return False
    if kind is object:
        return True
    if kind is type:
        return type(value).__name__ == "type"
    if hasattr(value, "_kinds") and kind in value._kinds:
        return True
    if isinstance(value, kind):
        return True
    for parent, child in CHILDREN:
        if parent is kind and isinstance(value, child):
            return True
    return False


class OnClass:
    """A static method, or a class method with its class."""

    def __init__(self, function, *first):
        self.function = function
        self.first = first

    def __call__(self, *arguments, **keywords):
        return self.function(*self.first, *arguments, **keywords)


def namedtuple(name, names, defaults=()):
    return _namedtuple(name, names, defaults=defaults)


def value_lacking(reason):
    return Absent(reason)
