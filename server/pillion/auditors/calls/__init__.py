"""Finds calls in a draft that delete, execute or send."""
