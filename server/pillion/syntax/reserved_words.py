"""Words that are no good names for something of one's own: keywords, and the names that all code of a language has."""

import builtins
import keyword
from collections.abc import Mapping
from types import MappingProxyType

_C = (
    "auto break case char const continue default do double else enum extern float for goto if inline int long "
    "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while "
    "bool true false NULL nullptr alignas alignof asm static_assert thread_local typeof errno stdin stdout stderr"
)
_CPP = (
    "and bitand bitor catch class compl concept const_cast consteval constexpr constinit co_await co_return co_yield "
    "decltype delete dynamic_cast explicit export friend mutable namespace new noexcept not operator or private "
    "protected public reinterpret_cast requires static_cast template this throw try typeid typename using virtual "
    "wchar_t xor std string vector size_t final override"
)
_JAVASCRIPT = (
    "await break case catch class const continue debugger default delete do else enum export extends false finally "
    "for function if implements import in instanceof interface let new null package private protected public return "
    "static super switch this throw true try typeof var void while with yield async of get set undefined NaN Infinity "
    "arguments eval Object Array String Number Boolean Symbol Map Set Promise Error Date Math JSON console window "
    "document globalThis"
)
_TYPESCRIPT = "any unknown never string number boolean object symbol bigint type declare namespace readonly"
_GO = (
    "break case chan const continue default defer else fallthrough for func go goto if import interface map package "
    "range return select struct switch type var append cap clear close complex copy delete imag len make max min new "
    "panic print println real recover any bool byte comparable complex64 complex128 error float32 float64 int int8 "
    "int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr true false iota nil init main"
)
_RUST = (
    "as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod "
    "move mut pub ref return self Self static struct super trait true try type unsafe use where while abstract become "
    "box do final macro override priv typeof union unsized virtual yield bool char f32 f64 i8 i16 i32 i64 i128 isize "
    "str u8 u16 u32 u64 u128 usize String Vec Option Some None Result Ok Err"
)
_JAVA = (
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends "
    "final finally float for goto if implements import instanceof int interface long native new package private "
    "protected public return short static strictfp super switch synchronized this throw throws transient try void "
    "volatile while true false null var record yield sealed permits String Object"
)

RESERVED_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "python": frozenset({*keyword.kwlist, *dir(builtins), "self", "cls"}),
        "javascript": frozenset(_JAVASCRIPT.split()),
        **dict.fromkeys(("typescript", "typescriptreact"), frozenset(f"{_JAVASCRIPT} {_TYPESCRIPT}".split())),
        "go": frozenset(_GO.split()),
        "rust": frozenset(_RUST.split()),
        "java": frozenset(_JAVA.split()),
        "c": frozenset(_C.split()),
        "cpp": frozenset(f"{_C} {_CPP}".split()),
    }
)
