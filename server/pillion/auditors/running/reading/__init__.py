"""Reads examples as people write them."""
