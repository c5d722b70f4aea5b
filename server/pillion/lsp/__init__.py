"""The language server. The only place that imports pygls or lsprotocol."""
