"""Limits that are needed before the configuration is read: the first menu must not wait for pydantic."""

# The length limit of a docstring's words. An engine that follows the schema cuts them off there, so there is room for
# more than a sentence. (llama.cpp's grammar takes as long for 400 characters as for 80, measured.)
SUMMARY_CHARACTERS, FIELD_CHARACTERS = 200, 160

DEFAULT_MAX_DOCUMENT_LINES = 40_000
