"""Sizes, order, formats and properties of the program's own classes; calls that stop early."""


def any_of(values, make, counts, unpacks):
    for each in values:
        if unpacks:
            if counts(*each) and make(*each):
                return True
        elif counts(each) and make(each):
            return True
    return False


def all_of(values, make, counts, unpacks):
    for each in values:
        if unpacks:
            if counts(*each) and not make(*each):
                return False
        elif counts(each) and not make(each):
            return False
    return True


def next_of(values, make, counts, unpacks, *default):
    for each in values:
        if unpacks:
            if counts(*each):
                return make(*each)
        elif counts(each):
            return make(each)
    if default:
        return default[0]
    raise StopIteration


def attribute_of(of, getter, get, plain):
    return get(of) if hasattr(of, getter) else plain(of)


def set_attribute(of, name, value):
    if hasattr(of, "_set_" + name):
        getattr(of, "_set_" + name)(value)
    elif hasattr(of, "_get_" + name):
        raise AttributeError("property '" + name + "' of '" + type(of).__name__ + "' object has no setter")
    else:
        setattr(of, name, value)


def size(of):
    return of.__len__() if hasattr(of, "__len__") else len(of)


def compare(one, name, mirrored, other, plain):
    """A comparison of which one side may be of the program's own classes."""
    if hasattr(one, name):
        result = plain_method(one, name)(other)
        if result is not NotImplemented:
            return result
    if hasattr(other, mirrored):
        result = plain_method(other, mirrored)(one)
        if result is not NotImplemented:
            return result
    return plain(one, other)


def plain_method(of, name):
    return getattr(of, name)


def _less(one, other):
    return compare(one, "__lt__", "__gt__", other, lambda a, b: a < b)


def ordered(values, *, key=None, reverse=False):
    values = list(values)
    keys = values if key is None else [key(each) for each in values]
    if not any([hasattr(each, "__lt__") for each in keys]):
        return sorted(values, key=key, reverse=reverse)
    order = list(range(len(values)))
    if reverse:
        order.reverse()
    order = _merge_sorted(order, keys)
    if reverse:
        order.reverse()
    return [values[index] for index in order]


def _merge_sorted(order, keys):
    if len(order) < 2:
        return order
    middle = len(order) // 2
    left = _merge_sorted(order[:middle], keys)
    right = _merge_sorted(order[middle:], keys)
    made = []
    i = 0
    j = 0
    while i < len(left) and j < len(right):
        if _less(keys[right[j]], keys[left[i]]):
            made.append(right[j])
            j += 1
        else:
            made.append(left[i])
            i += 1
    return made + left[i:] + right[j:]


def sort_in_place(of, *, key=None, reverse=False):
    if isinstance(of, list):
        of[:] = ordered(of, key=key, reverse=reverse)
    else:
        of.sort(key=key, reverse=reverse)


def extreme(name, plain, values, options):
    if len(values) != 1:
        items = list(values)
    else:
        items = list(values[0])
    key = options.get("key")
    keys = items if key is None else [key(each) for each in items]
    if not items or not any([hasattr(each, "__lt__") for each in keys]):
        return plain(items, **options)
    best = 0
    for index in range(1, len(items)):
        if name == "min" and _less(keys[index], keys[best]):
            best = index
        elif name == "max" and _less(keys[best], keys[index]):
            best = index
    return items[best]


def formatted(value, spec):
    return value.__format__(spec) if hasattr(value, "__format__") else format(value, spec)


def as_number(kind, value):
    if kind is float and hasattr(value, "__float__"):
        return value.__float__()
    if kind is int and hasattr(value, "__int__"):
        return value.__int__()
    if kind is int and hasattr(value, "__trunc__"):
        return value.__trunc__()
    return kind(value)
