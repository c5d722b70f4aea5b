"""What a document's URI says: the path of its file, and a name for messages."""

import os
from urllib.parse import unquote, urlsplit


def path_in(uri: str) -> str | None:
    """The path of the file that a URI names; None if it names none. The path of a file on another host begins with two
    slashes and the host's name."""
    from urllib.request import url2pathname  # brings HTTP and e-mail along, which the server's start needn't load

    try:
        parts = urlsplit(uri)
        host = "" if parts.netloc in {"", "localhost"} else f"//{parts.netloc}"
        path = url2pathname(f"{host}{parts.path}")
    except (ValueError, OSError):
        return None
    named = parts.scheme == "file" and not parts.query and not parts.fragment
    return path if named and os.path.isabs(path) and "\0" not in path else None


def document_name(uri: str) -> str:
    """The last part of a URI, as people write it."""
    return unquote(uri.rstrip("/").rsplit("/", 1)[-1]) or uri
