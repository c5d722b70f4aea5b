"""Imports that a draft needs: which they are, and where they go."""
