"""The configuration: its shape, reading it, and whether a file has changed since. The only reader of settings."""
