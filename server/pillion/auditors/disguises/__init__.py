"""Functions that look written and do nothing."""
