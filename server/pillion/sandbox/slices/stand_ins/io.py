"""Texts that are written and read as files."""

from pillion_helpers import lacks


def _position(length, at, position, whence):
    made = position + (length if whence == 2 else at if whence == 1 else 0)
    if made < 0:
        raise ValueError("negative seek position")
    return made


class StringIO:
    def __init__(self, initial_value="", newline="\n"):
        if initial_value is not None and not isinstance(initial_value, str):
            raise TypeError("initial_value must be str or None, not " + type(initial_value).__name__)
        self._text = initial_value or ""
        self._at = 0
        self.closed = False

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file")

    def getvalue(self):
        self._check()
        return self._text

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("string argument expected, got '" + type(text).__name__ + "'")
        self._check()
        missing = "\0" * (self._at - len(self._text))
        self._text = self._text[: self._at] + missing + text + self._text[self._at + len(text) :]
        self._at += len(text)
        return len(text)

    def writelines(self, lines):
        for each in lines:
            self.write(each)

    def read(self, size=-1):
        self._check()
        end = len(self._text) if size is None or size < 0 else self._at + size
        read = self._text[self._at : end]
        self._at += len(read)
        return read

    def readline(self, size=-1):
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end + 1
        return self.read(end - self._at)

    def readlines(self):
        return list(self)

    def seek(self, position, whence=0):
        self._check()
        if whence and position:
            raise ValueError("can't do nonzero relative seeks")
        self._at = _position(len(self._text), self._at, position, whence)
        return self._at

    def tell(self):
        return self._at

    def truncate(self, size=None):
        self._text = self._text[: self._at if size is None else size]
        return len(self._text)

    def close(self):
        self.closed = True

    def flush(self):
        return None

    def readable(self):
        return True

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()


class BytesIO:
    def __init__(self, initial_bytes=b""):
        if initial_bytes is not None and not isinstance(initial_bytes, bytes):
            raise TypeError("a bytes-like object is required, not '" + type(initial_bytes).__name__ + "'")
        self._data = initial_bytes or b""
        self._at = 0
        self.closed = False

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def getvalue(self):
        self._check()
        return self._data

    def write(self, data):
        if not isinstance(data, bytes):
            raise TypeError("a bytes-like object is required, not '" + type(data).__name__ + "'")
        self._check()
        missing = b"\0" * (self._at - len(self._data))
        self._data = self._data[: self._at] + missing + data + self._data[self._at + len(data) :]
        self._at += len(data)
        return len(data)

    def read(self, size=-1):
        self._check()
        end = len(self._data) if size is None or size < 0 else self._at + size
        read = self._data[self._at : end]
        self._at += len(read)
        return read

    def readline(self, size=-1):
        end = self._data.find(b"\n", self._at)
        end = len(self._data) if end < 0 else end + 1
        return self.read(end - self._at)

    def readlines(self):
        return list(self)

    def seek(self, position, whence=0):
        self._check()
        self._at = _position(len(self._data), self._at, position, whence)
        return self._at

    def tell(self):
        return self._at

    def close(self):
        self.closed = True

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()


def open(*arguments, **options):
    lacks("uses open")
