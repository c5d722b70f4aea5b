"""What the sandbox's collections lacks."""

OrderedDict = dict


class ChainMap:
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __getitem__(self, key):
        for each in self.maps:
            if key in each:
                return each[key]
        raise KeyError(str(key))

    def get(self, key, default=None):
        return self[key] if key in self else default

    def __contains__(self, key):
        return any([key in each for each in self.maps])

    def __setitem__(self, key, value):
        self.maps[0][key] = value

    def __iter__(self):
        made = {}
        for each in reversed(self.maps):
            made.update(each)
        return iter(list(made))

    def keys(self):
        return list(self)

    def items(self):
        return [(key, self[key]) for key in self]

    def values(self):
        return [self[key] for key in self]
