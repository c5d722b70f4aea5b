"""Rational numbers."""

from decimal import Decimal
from math import gcd

from pillion_methods import method_as_integer_ratio


def _ratio_of_text(text):
    given = text.strip()
    sign = -1 if given.startswith("-") else 1
    plain = given[1:] if given[:1] in ("-", "+") else given
    numerator, slash, denominator = plain.partition("/")
    if slash:
        if not numerator.isdigit() or not denominator.isdigit():
            raise ValueError("Invalid literal for Fraction: " + repr(text))
        return sign * int(numerator), int(denominator)
    number, _, exponent = plain.lower().partition("e")
    whole, point, part = number.partition(".")
    if not (whole + part).isdigit() or (exponent and not exponent.lstrip("+-").isdigit()):
        raise ValueError("Invalid literal for Fraction: " + repr(text))
    power = int(exponent or "0") - len(part)
    value = sign * int(whole + part)
    return (value * 10**power, 1) if power >= 0 else (value, 10**-power)


class Fraction:
    def __init__(self, numerator=0, denominator=None):
        if denominator is None:
            if isinstance(numerator, Fraction):
                top, bottom = numerator.numerator, numerator.denominator
            elif isinstance(numerator, int):
                top, bottom = int(numerator), 1
            elif isinstance(numerator, float):
                top, bottom = method_as_integer_ratio(numerator)
            elif isinstance(numerator, Decimal):
                top, bottom = numerator.as_integer_ratio()
            elif isinstance(numerator, str):
                top, bottom = _ratio_of_text(numerator)
            else:
                raise TypeError("argument should be a string or a Rational instance")
        else:
            one = _as_fraction(numerator)
            other = _as_fraction(denominator)
            if one is None or other is None:
                raise TypeError("both arguments should be Rational instances")
            top, bottom = one[0] * other[1], one[1] * other[0]
        if bottom == 0:
            raise ZeroDivisionError("Fraction(" + str(top) + ", 0)")
        common = gcd(top, bottom)
        if bottom < 0:
            common = -common
        self.numerator = top // common
        self.denominator = bottom // common

    def as_integer_ratio(self):
        return (self.numerator, self.denominator)

    def limit_denominator(self, max_denominator=1000000):
        if max_denominator < 1:
            raise ValueError("max_denominator should be at least 1")
        if self.denominator <= max_denominator:
            return Fraction(self)
        p0, q0, p1, q1 = 0, 1, 1, 0
        n, d = self.numerator, self.denominator
        while True:
            a = n // d
            q2 = q0 + a * q1
            if q2 > max_denominator:
                break
            p0, q0, p1, q1 = p1, q1, p0 + a * p1, q2
            n, d = d, n - a * d
        k = (max_denominator - q0) // q1
        if 2 * d * (q0 + k * q1) <= self.denominator:
            return Fraction(p1, q1)
        return Fraction(p0 + k * p1, q0 + k * q1)

    def __repr__(self):
        return "Fraction(" + str(self.numerator) + ", " + str(self.denominator) + ")"

    def __str__(self):
        if self.denominator == 1:
            return str(self.numerator)
        return str(self.numerator) + "/" + str(self.denominator)

    def __hash__(self):
        return hash((self.numerator, self.denominator)) if self.denominator != 1 else hash(self.numerator)

    def __add__(self, other):
        return _operated(self, other, "+")

    def __radd__(self, other):
        return _operated(other, self, "+")

    def __sub__(self, other):
        return _operated(self, other, "-")

    def __rsub__(self, other):
        return _operated(other, self, "-")

    def __mul__(self, other):
        return _operated(self, other, "*")

    def __rmul__(self, other):
        return _operated(other, self, "*")

    def __truediv__(self, other):
        return _operated(self, other, "/")

    def __rtruediv__(self, other):
        return _operated(other, self, "/")

    def __floordiv__(self, other):
        return _operated(self, other, "//")

    def __rfloordiv__(self, other):
        return _operated(other, self, "//")

    def __mod__(self, other):
        return _operated(self, other, "%")

    def __rmod__(self, other):
        return _operated(other, self, "%")

    def __pow__(self, power):
        if isinstance(power, int):
            if power >= 0:
                return Fraction(self.numerator**power, self.denominator**power)
            return Fraction(self.denominator**-power, self.numerator**-power)
        return self.to_float() ** power

    def __neg__(self):
        return Fraction(-self.numerator, self.denominator)

    def __pos__(self):
        return Fraction(self.numerator, self.denominator)

    def __abs__(self):
        return Fraction(abs(self.numerator), self.denominator)

    def to_float(self):
        return self.numerator / self.denominator

    def __float__(self):
        return self.to_float()

    def __trunc__(self):
        return -(-self.numerator // self.denominator) if self.numerator < 0 else self.numerator // self.denominator

    def __eq__(self, other):
        if isinstance(other, float):
            return self.to_float() == other
        ratio = _as_fraction(other)
        return NotImplemented if ratio is None else (self.numerator, self.denominator) == ratio

    def __lt__(self, other):
        return _difference(self, other, lambda value: value < 0)

    def __le__(self, other):
        return _difference(self, other, lambda value: value <= 0)

    def __gt__(self, other):
        return _difference(self, other, lambda value: value > 0)

    def __ge__(self, other):
        return _difference(self, other, lambda value: value >= 0)


def _difference(one, other, decide):
    if isinstance(other, float):
        return decide(one.to_float() - other)
    ratio = _as_fraction(other)
    if ratio is None:
        return NotImplemented
    return decide(one.numerator * ratio[1] - ratio[0] * one.denominator)


def _as_fraction(value):
    if isinstance(value, Fraction):
        return (value.numerator, value.denominator)
    return (int(value), 1) if isinstance(value, int) else None


def _operated(one, other, sign):
    if isinstance(one, (float, complex)) or isinstance(other, (float, complex)):
        a = one.to_float() if isinstance(one, Fraction) else one
        b = other.to_float() if isinstance(other, Fraction) else other
        return a + b if sign == "+" else a - b if sign == "-" else a * b if sign == "*" else _divided(a, b, sign)
    first = _as_fraction(one)
    second = _as_fraction(other)
    if first is None or second is None:
        raise TypeError("unsupported operand type(s) for " + sign)
    a, b = first
    c, d = second
    if sign == "+":
        return Fraction(a * d + b * c, b * d)
    if sign == "-":
        return Fraction(a * d - b * c, b * d)
    if sign == "*":
        return Fraction(a * c, b * d)
    if c == 0:
        raise ZeroDivisionError("Fraction(" + str(a * d) + ", 0)")
    if sign == "/":
        return Fraction(a * d, b * c)
    whole = (a * d) // (b * c)
    return whole if sign == "//" else Fraction(a * d - whole * b * c, b * d)


def _divided(a, b, sign):
    return a / b if sign == "/" else a // b if sign == "//" else a % b
