"""What code asks of sys."""

platform = "linux"


def intern(text):
    if not isinstance(text, str):
        raise TypeError("intern() argument must be str, not " + type(text).__name__)
    return text


def getrecursionlimit():
    return 1000


def setrecursionlimit(limit):
    return None


def getdefaultencoding():
    return "utf-8"


def exit(code=None):
    raise SystemExit(str(code))


class _HashInfo:
    def __init__(self):
        self.width = 64
        self.modulus = 2305843009213693951
        self.inf = 314159
        self.nan = 0
        self.imag = 1000003


hash_info = _HashInfo()
