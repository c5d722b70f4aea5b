"""Deterministic auditors: they check a draft without a model, and may report an `error`."""
