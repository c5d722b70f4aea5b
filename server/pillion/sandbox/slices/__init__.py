"""The smallest program around a symbol that runs."""
