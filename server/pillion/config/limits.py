"""Limits that hold before the configuration is read: the first menu must not wait for pydantic."""

# How long a docstring's words may get. An engine that keeps to the schema breaks them off there.
SUMMARY_CHARACTERS, FIELD_CHARACTERS = 120, 80

DEFAULT_MAX_DOCUMENT_LINES = 40_000
