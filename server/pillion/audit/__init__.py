"""The audit of a draft while it streams: by the deterministic auditors, and by a model that follows a pure script."""
