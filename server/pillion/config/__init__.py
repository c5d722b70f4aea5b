"""The configuration: its shape, its loading, and whether its files have changed. Only this package reads settings."""
