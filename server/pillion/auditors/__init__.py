"""Deterministic auditors: what can be said of a draft without a model. They may say `error`."""
