"""The meaning of a client's URIs. They may be any text, and neither pygls nor the system accepts every text."""

import os

from pygls.uris import to_fs_path, uri_scheme


def scheme_of(uri: str) -> str:
    """The scheme; empty if the text is no URI."""
    try:
        return uri_scheme(uri) or ""
    except ValueError:
        return ""


def path_of(uri: str | None) -> str | None:
    """The path of a file on this machine; None if the URI names none, or a path that can't exist."""
    try:
        path = to_fs_path(uri) if uri else None
        encoded = os.fsencode(path) if path else b""
    except ValueError:
        return None
    return path if encoded and b"\0" not in encoded else None
