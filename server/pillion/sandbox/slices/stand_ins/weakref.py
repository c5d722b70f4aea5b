"""References are strong here."""

from pillion_helpers import Family

ref = Family(())
WeakKeyDictionary = dict
WeakValueDictionary = dict
WeakSet = set
