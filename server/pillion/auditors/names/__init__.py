"""Names that a draft uses and nobody defines."""
