"""Checks of documents for people, in Markdown."""
