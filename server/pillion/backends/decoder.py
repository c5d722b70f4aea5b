"""Compressed bodies, decoded a bounded piece at a time: a few kilobytes may stand for gigabytes.

Pillion asks for none, since tokens gain nothing by it; a proxy on the way may compress all the same.
"""

import zlib
from collections.abc import Iterator

_PIECE_BYTES = 1 << 16
_GZIP, _ZLIB, _RAW_DEFLATE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Decoder:
    """Decodes a body that has no encoding."""

    def decode(self, data: bytes) -> Iterator[bytes]:
        """The decoded bytes, in pieces of bounded size. Who has had enough stops asking.

        Raises:
            zlib.error: it isn't what it says.
        """
        yield data


class _Zlib(Decoder):
    def __init__(self, wbits: int) -> None:
        self._object = zlib.decompressobj(wbits)
        self._may_be_raw = wbits == _ZLIB

    def decode(self, data: bytes) -> Iterator[bytes]:
        while data and not self._object.eof:
            try:
                piece = self._object.decompress(data, _PIECE_BYTES)
            except zlib.error:
                if not self._may_be_raw:
                    raise
                self._may_be_raw, self._object = False, zlib.decompressobj(_RAW_DEFLATE)
                continue  # some servers leave out deflate's head
            self._may_be_raw = False
            data = self._object.unconsumed_tail
            yield piece


def decoder_for(encoding: str) -> Decoder | None:
    """The decoder for a Content-Encoding; None if Pillion can't read it."""
    match encoding.strip().lower():
        case "" | "identity":
            return Decoder()
        case "gzip" | "x-gzip":
            return _Zlib(_GZIP)
        case "deflate":
            return _Zlib(_ZLIB)
        case _:
            return None
