"""Finds the engines that already run on this machine, and chooses their models for the lanes."""
