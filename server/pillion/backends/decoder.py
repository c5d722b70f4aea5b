"""Decodes compressed bodies in pieces of bounded size: a few kilobytes may decode to gigabytes.

Pillion doesn't ask for compression, since it doesn't help with tokens. A proxy on the way may compress anyway.
"""

import zlib
from collections.abc import Iterator

_PIECE_BYTES = 1 << 16
_GZIP, _ZLIB, _RAW_DEFLATE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_GZIP_BEGINS = b"\x1f"


class Decoder:
    """The decoder of a body without an encoding."""

    def decode(self, data: bytes) -> Iterator[bytes]:
        """The decoded bytes, in pieces of bounded size. The caller may stop after any piece.

        Raises:
            zlib.error: the data don't have the encoding that the server named.
        """
        yield data


class _Zlib(Decoder):
    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._object = zlib.decompressobj(wbits)
        self._may_be_raw = wbits == _ZLIB

    def decode(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._object.eof:
                if self._wbits != _GZIP or data[:1] != _GZIP_BEGINS:
                    return
                self._object = zlib.decompressobj(self._wbits)  # some servers compress each piece by itself
            try:
                piece = self._object.decompress(data, _PIECE_BYTES)
            except zlib.error:
                if not self._may_be_raw:
                    raise
                self._may_be_raw, self._object = False, zlib.decompressobj(_RAW_DEFLATE)
                continue  # some servers leave out the header of deflate
            self._may_be_raw = False
            data = self._object.unconsumed_tail or self._object.unused_data
            yield piece


def decoder_for(encoding: str) -> Decoder | None:
    """The decoder for a Content-Encoding; None if Pillion can't read it."""
    match encoding.strip().lower():
        case "" | "identity" | "none" | "utf-8" | "binary":  # the last three are mistakes of servers
            return Decoder()
        case "gzip" | "x-gzip":
            return _Zlib(_GZIP)
        case "deflate":
            return _Zlib(_ZLIB)
        case _:
            return None
