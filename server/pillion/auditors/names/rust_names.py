"""The names that every Rust file has, and those of the standard library's modules and macros: facts only."""

_PRELUDE = """
Some None Ok Err Box String Vec Option Result ToString ToOwned Drop From Into TryFrom TryInto AsRef AsMut Default
FromIterator IntoIterator Iterator Extend ExactSizeIterator DoubleEndedIterator Clone Copy Send Sync Sized Unpin Fn
FnMut FnOnce AsyncFn AsyncFnMut AsyncFnOnce PartialEq Eq PartialOrd Ord Debug Hash drop size_of size_of_val align_of
align_of_val Self self super crate std core alloc proc_macro test i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize
f16 f32 f64 f128 bool char str _ Future IntoFuture static union auto default macro_rules dyn async await try raw
metadata else if match loop while for return break continue unsafe move ref mut let const fn in where as use pub yield
"""
_MACROS = """
assert assert_eq assert_ne cfg column compile_error concat dbg debug_assert debug_assert_eq debug_assert_ne env eprint
eprintln file format format_args include include_bytes include_str line macro_rules matches module_path option_env
panic print println stringify thread_local todo try unimplemented unreachable vec write writeln addr_of addr_of_mut
ready pin global_asm asm is_x86_feature_detected concat_idents concat_bytes join offset_of
"""
_MODULES = """
any arch array ascii backtrace borrow boxed cell char clone cmp collections convert default env error f32 f64 ffi fmt
fs future hash hint io iter marker mem net num ops option os panic path pin prelude primitive process ptr rc result
slice str string sync task thread time vec
"""

PRELUDE = frozenset(_PRELUDE.split())
MACROS = frozenset(_MACROS.split())
STANDARD_MODULES = frozenset(_MODULES.split())
