"""Limits that are needed before the configuration is read: the first menu must not wait for pydantic."""

# The length limit of a docstring's words. An engine that follows the schema cuts them off there.
SUMMARY_CHARACTERS, FIELD_CHARACTERS = 120, 80

DEFAULT_MAX_DOCUMENT_LINES = 40_000
