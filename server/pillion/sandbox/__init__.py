"""Runs code that can reach nothing: no files, no network, no environment, no processes; within limits."""
