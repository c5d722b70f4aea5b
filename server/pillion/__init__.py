"""Pillion: one engine drafts, the other rides along and audits."""

__version__ = "0.1.0"
