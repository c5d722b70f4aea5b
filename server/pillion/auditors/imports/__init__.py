"""Finds imports in a draft that exist nowhere."""
