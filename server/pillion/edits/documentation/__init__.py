"""Documentation of symbols and files: made from fields, in the project's style, and completed."""
