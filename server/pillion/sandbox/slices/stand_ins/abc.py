"""Abstract classes are classes."""


def abstractmethod(function):
    return function
