"""Byte offsets (tree-sitter's) ↔ code point offsets (Python's)."""


class Offsets:
    """Converts offsets in one text; `data` is the text as UTF-8.

    Lone surrogates can come over JSON and have no UTF-8; "surrogatepass" keeps the two views in step.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode("utf-8", "surrogatepass")
        self._ascii = len(self.data) == len(text)

    def to_byte(self, offset: int) -> int:
        """The byte offset of a code point offset."""
        return offset if self._ascii else len(self.text[:offset].encode("utf-8", "surrogatepass"))

    def to_char(self, byte: int) -> int:
        """The code point offset of a byte offset that starts a character."""
        return byte if self._ascii else len(self.data[:byte].decode("utf-8", "surrogatepass"))
