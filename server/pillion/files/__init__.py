"""Reads and writes files. A path may lead to something that isn't a file, is huge, or changes meanwhile."""
