"""Asks the language's own linter about an edit."""
