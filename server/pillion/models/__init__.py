"""Model files: which are known, where they are kept, that they are what they claim to be."""
