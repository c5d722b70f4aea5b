"""Model files: which are known, where they are kept, and whether they have the pinned hash."""
