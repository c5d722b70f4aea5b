"""The marks of the encodings."""

BOM_UTF8 = b"\xef\xbb\xbf"
BOM_LE = b"\xff\xfe"
BOM_BE = b"\xfe\xff"
BOM_UTF16_LE = BOM_LE
BOM_UTF16_BE = BOM_BE
BOM_UTF32_LE = b"\xff\xfe\x00\x00"
BOM_UTF32_BE = b"\x00\x00\xfe\xff"


def encode(text, encoding="utf-8", errors="strict"):
    return text.encode(encoding, errors)


def decode(data, encoding="utf-8", errors="strict"):
    return data.decode(encoding, errors)
