"""Limits that hold before the configuration is read: the first menu must not wait for pydantic."""

DEFAULT_MAX_DOCUMENT_LINES = 40_000
