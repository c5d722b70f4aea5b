"""Calls to try: made from types, defaults, constants, names, examples and tests."""
