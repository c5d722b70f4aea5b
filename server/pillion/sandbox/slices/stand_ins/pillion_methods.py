"""Methods of built-in values that the sandbox lacks. Each asks what it is called on."""

from pillion_helpers import delete, lacks
from pillion_orders import size


def str_maketrans(first, second=None, third=""):
    if second is None:
        return {(ord(key) if isinstance(key, str) else key): value for key, value in first.items()}
    if len(first) != len(second):
        raise ValueError("the first two maketrans arguments must have equal length")
    table = {ord(a): ord(b) for a, b in zip(first, second)}
    for each in third:
        table[ord(each)] = None
    return table


def bytes_maketrans(first, second):
    if len(first) != len(second):
        raise ValueError("maketrans arguments must have same length")
    table = list(range(256))
    for a, b in zip(first, second):
        table[a] = b
    return bytes_of(table)


def bytes_of(values):
    return bytes.fromhex("".join(["%02x" % each for each in values]))


def int_from_bytes(data, byteorder="big", *, signed=False):
    values = list(data) if byteorder == "big" else list(reversed(list(data)))
    number = 0
    for each in values:
        number = number * 256 + each
    if signed and values and values[0] >= 128:
        number -= 1 << (8 * len(values))
    return number


def float_fromhex(text):
    lacks("uses float.fromhex")


def method_translate(of, table, *rest):
    if isinstance(of, bytes):
        lacks("uses bytes.translate")
    if not isinstance(of, str):
        return of.translate(table, *rest)
    made = []
    for each in of:
        try:
            to = table[ord(each)]
        except LookupError:
            to = each
        if to is not None:
            made.append(chr(to) if isinstance(to, int) else to)
    return "".join(made)


def method_format_map(of, mapping):
    if isinstance(of, str):
        return of.format(**mapping)
    return of.format_map(mapping)


def method_bit_length(of):
    if isinstance(of, int):
        return len(bin(abs(of))) - 2 if of else 0
    return of.bit_length()


def method_bit_count(of):
    return bin(abs(of)).count("1") if isinstance(of, int) else of.bit_count()


def method_to_bytes(of, length=1, byteorder="big", *, signed=False):
    if not isinstance(of, int):
        return of.to_bytes(length, byteorder, signed=signed)
    if of < 0 and not signed:
        raise OverflowError("can't convert negative int to unsigned")
    limit = 1 << (8 * length - 1 if signed and length else 8 * length)
    if of >= limit or (signed and of < -limit):
        raise OverflowError("int too big to convert")
    number = of if of >= 0 else of + (1 << (8 * length))
    values = []
    for _ in range(length):
        values.append(number % 256)
        number //= 256
    return bytes_of(values if byteorder == "little" else list(reversed(values)))


def method_is_integer(of):
    if isinstance(of, float):
        return of - of == 0 and of == int(of)
    return True if isinstance(of, int) else of.is_integer()


def method_as_integer_ratio(of):
    if isinstance(of, int):
        return (int(of), 1)
    if not isinstance(of, float):
        return of.as_integer_ratio()
    if of != of:
        raise ValueError("cannot convert NaN to integer ratio")
    if of - of != 0:
        raise OverflowError("cannot convert Infinity to integer ratio")
    denominator = 1
    while of != int(of):
        of *= 2
        denominator *= 2
    return (int(of), denominator)


def method_hex(of, *rest):
    if isinstance(of, float):
        lacks("uses float.hex")
    return of.hex(*rest)


def method_conjugate(of):
    if isinstance(of, (int, float)):
        return of
    return complex(of.real, -of.imag) if isinstance(of, complex) else of.conjugate()


def method_difference_update(of, *others):
    if not isinstance(of, set):
        return of.difference_update(*others)
    for other in others:
        for each in list(other):
            of.discard(each)


def method_intersection_update(of, *others):
    if not isinstance(of, set):
        return of.intersection_update(*others)
    kept = of.intersection(*others)
    of.clear()
    of.update(kept)


def method_symmetric_difference_update(of, other):
    if not isinstance(of, set):
        return of.symmetric_difference_update(other)
    kept = of.symmetric_difference(other)
    of.clear()
    of.update(kept)


def method_index(of, *arguments):
    if not isinstance(of, range):
        return of.index(*arguments)
    for index, each in enumerate(of):
        if each == arguments[0]:
            return index
    raise ValueError(str(arguments[0]) + " is not in range")


def method_count(of, *arguments):
    if isinstance(of, range):
        return 1 if arguments[0] in of else 0
    return of.count(*arguments)


def method_expandtabs(of, tabsize=8):
    if isinstance(of, bytes):
        lacks("uses bytes.expandtabs")
    return of.expandtabs(tabsize)


def method_cache_clear(of, *rest):
    if type(of).__name__ != "function":
        return of.cache_clear(*rest)


def method_move_to_end(of, key, last=True):
    if not isinstance(of, dict):
        return of.move_to_end(key, last)
    value = of.pop(key)
    if last:
        of[key] = value
    else:
        rest = list(of.items())
        of.clear()
        of[key] = value
        of.update(rest)


def method_expand(of, template):
    if type(of).__name__ != "Match":
        return of.expand(template)
    lacks("uses expand of a match")


def method_sub(of, *arguments, **keywords):
    if type(of).__name__ != "Pattern":
        return of.sub(*arguments, **keywords)
    return pattern_subn(of, *arguments, **keywords)[0]


def method_subn(of, *arguments, **keywords):
    if type(of).__name__ != "Pattern":
        return of.subn(*arguments, **keywords)
    return pattern_subn(of, *arguments, **keywords)


def pattern_subn(of, repl, string, count=0):
    if of.match(string[:0]) is not None and of.pattern not in ("", b""):
        lacks("replaces what matches nothing")  # which of them come beside others differs
    if isinstance(repl, (str, bytes)):
        found = len(of.findall(string))
        made = of.sub(repl, string, count) if count else of.sub(repl, string)
        return (made, min(found, count) if count else found)
    made = []
    number = 0
    end = 0
    for match in of.finditer(string):
        if count and number >= count:
            break
        made.append(string[end : match.start()])
        made.append(repl(match))
        end = match.end()
        number += 1
    made.append(string[end:])
    return (string[:0].join(made), number)


def method_match(of, *arguments, **keywords):
    if type(of).__name__ == "Pattern" and (keywords or len(arguments) != 1):
        lacks("matches from the middle of a text")
    return of.match(*arguments, **keywords)


def method_search(of, *arguments, **keywords):
    if type(of).__name__ == "Pattern" and (keywords or len(arguments) != 1):
        lacks("matches from the middle of a text")
    return of.search(*arguments, **keywords)


def method_fullmatch(of, *arguments, **keywords):
    if type(of).__name__ == "Pattern" and (keywords or len(arguments) != 1):
        lacks("matches from the middle of a text")
    return of.fullmatch(*arguments, **keywords)


def method_finditer(of, *arguments, **keywords):
    if type(of).__name__ == "Pattern" and (keywords or len(arguments) != 1):
        lacks("matches from the middle of a text")
    return iter(list(of.finditer(*arguments, **keywords)))


def method_findall(of, *arguments, **keywords):
    if type(of).__name__ == "Pattern" and (keywords or len(arguments) != 1):
        lacks("matches from the middle of a text")
    return of.findall(*arguments, **keywords)


def to_bytes(value):
    if isinstance(value, (list, tuple, set, frozenset, range)) or hasattr(value, "__next__"):
        made = list(value)
        for each in made:
            if not isinstance(each, int):
                raise TypeError("'" + type(each).__name__ + "' object cannot be interpreted as an integer")
            if each < 0 or each > 255:
                raise ValueError("bytes must be in range(0, 256)")
        return bytes_of(made)
    return value.__bytes__() if hasattr(value, "__bytes__") else bytes(value)


def method___contains__(of, key):
    return of.__contains__(key) if hasattr(of, "__contains__") else key in of


def method___getitem__(of, key):
    return of.__getitem__(key) if hasattr(of, "__getitem__") else of[key]


def method___setitem__(of, key, value):
    if hasattr(of, "__setitem__"):
        of.__setitem__(key, value)
    else:
        of[key] = value


def method___delitem__(of, key):
    delete(of, key)


def method___len__(of):
    return size(of)


def method___iter__(of):
    return of.__iter__() if hasattr(of, "__iter__") else iter(of)


def method___next__(of):
    return of.__next__() if hasattr(of, "__next__") else next(of)


def method___eq__(of, other):
    return of.__eq__(other) if hasattr(of, "__eq__") else of == other


def method___ne__(of, other):
    return of.__ne__(other) if hasattr(of, "__ne__") else of != other


def method__make(of, values):
    return of._make(values) if hasattr(of, "_make") else of(*values)
