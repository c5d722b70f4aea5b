"""The names of copy's errors."""


class Error(Exception):
    pass


error = Error
