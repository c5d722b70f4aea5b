"""The document that jobs work on: something to describe, to refactor and to implement."""

SOURCE = '''"""A shop."""


def discount(price, percent):
    return price - price * percent / 100


def total(prices):
    result = 0
    for price in prices:
        result = result + price
    return result


def rate(year: int) -> float:
    """Return the tax rate of a year."""
    raise NotImplementedError
'''
