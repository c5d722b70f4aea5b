"""Lane → live endpoint: which endpoint is healthy, which one is tried first, and what happens when it fails."""
