"""The paths in `file:` URIs."""

from urllib.parse import urlsplit


def path_in(uri: str) -> str | None:
    """The path that a `file:` URI names, on a host where it names one; None for another URI."""
    from urllib.request import url2pathname  # brings HTTP and e-mail along, which not every caller needs

    parts = urlsplit(uri)
    host = f"//{parts.netloc}" if parts.netloc else ""
    return url2pathname(f"{host}{parts.path}") if parts.scheme == "file" else None
