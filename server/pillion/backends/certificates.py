"""Which certificates a secure connection to an endpoint accepts."""

import os
import ssl
from pathlib import Path

import httpx

from pillion.config.schema import EndpointConfig
from pillion.errors import ConfigError


def trust_of(name: str, config: EndpointConfig) -> ssl.SSLContext:
    """The endpoint's `ca_file` alone, if it has one; else what SSL_CERT_FILE and SSL_CERT_DIR name; else this machine's
    own and Mozilla's. Reads files: call it in a thread.

    Raises:
        ConfigError: the file can't be used.
    """
    if config.ca_file is not None:
        context = _of_file(f"The ca_file of the endpoint {name!r}", config.ca_file)
        # The server's own certificate is enough, though somebody else signed it, and many are made by hand.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", ssl.VerifyFlags(0))
        return context
    if file := os.environ.get("SSL_CERT_FILE"):
        return _of_file("SSL_CERT_FILE", file)
    context = httpx.create_ssl_context()
    if not os.environ.get("SSL_CERT_DIR"):
        context.load_default_certs()
    return context


def no_trust() -> ssl.SSLContext:
    """For connections that aren't secure. Nothing is read."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _of_file(source: str, file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(Path(file).expanduser()))
    except (OSError, ValueError, RuntimeError) as exc:
        why = "it has no certificates in PEM form" if isinstance(exc, ssl.SSLError) else getattr(exc, "strerror", exc)
        raise ConfigError(
            f"{source}, {file}, can't be used: {why}.",
            hint="Name a file with the certificate of the server, or of who signed it, in PEM form.",
        ) from exc
