"""The names of enum that classes' bodies use."""

from pillion_errors import Auto as auto
