"""What typing does when it runs."""

from native_collections import namedtuple as _namedtuple

from collections_abc import (
    Callable,
    Collection,
    Container,
    Generator,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    MutableSequence,
    MutableSet,
    Sequence,
    Sized,
)

TYPE_CHECKING = False
Any = None
Dict = dict
FrozenSet = frozenset
List = list
Set = set
Text = str
Tuple = tuple
Type = None
Optional = {}
Union = {}
AnyStr = None
TypeAlias = None


def cast(kind, value):
    return value


def assert_never(value):
    raise AssertionError("Expected code to be unreachable, but got: " + repr(value))


def assert_type(value, kind):
    return value


def reveal_type(value):
    return value


def NewType(name, kind):
    return lambda value: value


def TypeVar(name, *kinds, **options):
    return None


def ParamSpec(name, **options):
    return None


def TypeVarTuple(name, **options):
    return None


def NamedTuple(name, fields):
    return _namedtuple(name, [field for field, kind in fields])


def TypedDict(name, fields, total=True):
    return dict
