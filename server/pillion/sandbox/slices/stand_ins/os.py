"""An environment with nothing in it."""

from pillion_helpers import Family

environ = {}
SEEK_SET = 0
SEEK_CUR = 1
SEEK_END = 2


def _checked(path):
    if not isinstance(path, (str, bytes)):
        raise TypeError("expected str, bytes or os.PathLike object, not " + type(path).__name__)
    return path


def fsdecode(path):
    path = _checked(path)
    return path.decode("utf-8") if isinstance(path, bytes) else path


def fsencode(path):
    path = _checked(path)
    return path.encode("utf-8") if isinstance(path, str) else path


PathLike = Family(("PosixPath",), ("__fspath__",))
