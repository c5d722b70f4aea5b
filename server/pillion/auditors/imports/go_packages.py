"""Go's standard library, as of Go 1.26: facts only."""

_SINGLE = """
bufio bytes cmp context embed errors expvar flag fmt iter maps plugin reflect slices sort strconv strings structs
syscall unique unsafe weak
"""

# A root, then what is under it; “.” is the root itself.
_FAMILIES = """
archive: tar zip
compress: bzip2 flate gzip lzw zlib
container: heap list ring
crypto: . aes cipher des dsa ecdh ecdsa ed25519 elliptic fips140 hkdf hmac hpke md5 mlkem mlkem/mlkemtest pbkdf2
  rand rc4 rsa sha1 sha256 sha3 sha512 subtle tls x509 x509/pkix
database: sql sql/driver
debug: buildinfo dwarf elf gosym macho pe plan9obj
encoding: . ascii85 asn1 base32 base64 binary csv gob hex json pem xml
go: ast build build/constraint constant doc doc/comment format importer parser printer scanner token types version
hash: . adler32 crc32 crc64 fnv maphash
html: . template
image: . color color/palette draw gif jpeg png
index: suffixarray
io: . fs ioutil
log: . slog syslog
math: . big bits cmplx rand rand/v2
mime: . multipart quotedprintable
net: . http http/cgi http/cookiejar http/fcgi http/httptest http/httptrace http/httputil http/pprof mail netip rpc
  rpc/jsonrpc smtp textproto url
os: . exec signal user
path: . filepath
regexp: . syntax
runtime: . cgo coverage debug metrics pprof race trace
sync: . atomic
testing: . cryptotest fstest iotest quick slogtest synctest
text: scanner tabwriter template template/parse
time: . tzdata
unicode: . utf16 utf8
"""


def _families() -> frozenset[str]:
    found: set[str] = set()
    root = ""
    for word in _FAMILIES.split():
        if word.endswith(":"):
            root = word[:-1]
        else:
            found.add(root if word == "." else f"{root}/{word}")
    return frozenset(found)


STANDARD_PACKAGES = frozenset(_SINGLE.split()) | _families()
