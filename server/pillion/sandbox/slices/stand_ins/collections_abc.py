"""The abstract collections, for isinstance."""

from pillion_helpers import Family

_DICTS = ("dict", "defaultdict", "Counter", "OrderedDict")
_SETS = ("set", "frozenset", "dict_keys", "dict_items")
_LISTS = ("list", "deque")
_TEXTS = ("str", "bytes", "tuple", "range")
_READ_ONCE = ("list_iterator", "Generated", "chain", "islice", "count", "cycle", "tuple_iterator", "str_iterator")
_VIEWS = ("dict_values",)

Mapping = Family(_DICTS)
MutableMapping = Family(_DICTS)
Sequence = Family((*_LISTS, *_TEXTS))
MutableSequence = Family(_LISTS)
Set = Family(_SETS)
MutableSet = Family(("set",))
Sized = Family((*_DICTS, *_SETS, *_LISTS, *_TEXTS, *_VIEWS), ("__len__",))
Iterable = Family((*_DICTS, *_SETS, *_LISTS, *_TEXTS, *_VIEWS, *_READ_ONCE), ("__iter__",))
Container = Family((*_DICTS, *_SETS, *_LISTS, *_TEXTS), ("__contains__",))
Collection = Family((*_DICTS, *_SETS, *_LISTS, *_TEXTS, *_VIEWS), ("__len__", "__iter__", "__contains__"))
Iterator = Family(_READ_ONCE, ("__iter__", "__next__"))
Generator = Family(("Generated",))
Hashable = Family((*_READ_ONCE, "function", "builtin_function_or_method", "type", "int", "bool", "float", "complex", "str", "bytes", "tuple", "frozenset", "range", "NoneType"), ("__hash__",))
Callable = Family(("function", "builtin_function_or_method", "type", "partial"), ("__call__",))
ByteString = Family(("bytes",))
