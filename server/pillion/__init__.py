"""Pillion: one engine drafts, the other rides along and audits."""

__version__ = "0.2.0"
