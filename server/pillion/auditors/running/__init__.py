"""Checks of code by running it, in the sandbox only."""
