"""The tower of numbers, for isinstance."""

from pillion_helpers import Family

Number = Family(("int", "bool", "float", "complex", "Decimal", "Fraction"))
Complex = Family(("int", "bool", "float", "complex", "Fraction"))
Real = Family(("int", "bool", "float", "Fraction"))
Rational = Family(("int", "bool", "Fraction"))
Integral = Family(("int", "bool"))
