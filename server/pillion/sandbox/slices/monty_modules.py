"""What Monty 1.4 has of the standard library: its modules, their names, and the built-in names. A test compares it."""

from collections.abc import Mapping

# Not here: asyncio. Functions that are coroutines aren't run.
MODULES: Mapping[str, frozenset[str]] = {
    "base64": frozenset(
        (
            "MAXBINSIZE MAXLINESIZE a85decode a85encode b16decode b16encode b32decode b32encode b32hexdecode "
            "b32hexencode b64decode b64encode b85decode b85encode decodebytes encodebytes standard_b64decode "
            "standard_b64encode urlsafe_b64decode urlsafe_b64encode "
        ).split()
    ),
    "binascii": frozenset(
        (
            "Error Incomplete a2b_base64 a2b_hex a2b_qp a2b_uu b2a_base64 b2a_hex b2a_qp b2a_uu crc32 crc_hqx "
            "hexlify unhexlify "
        ).split()
    ),
    "bisect": frozenset(("bisect bisect_left bisect_right insort insort_left insort_right ").split()),
    "collections": frozenset(("Counter defaultdict deque namedtuple ").split()),
    "copy": frozenset(("copy deepcopy ").split()),
    "csv": frozenset(
        (
            "Dialect DictReader DictWriter Error QUOTE_ALL QUOTE_MINIMAL QUOTE_NONE QUOTE_NONNUMERIC excel "
            "excel_tab field_size_limit get_dialect list_dialects reader unix_dialect writer "
        ).split()
    ),
    "dataclasses": frozenset(("FrozenInstanceError MISSING dataclass field is_dataclass ").split()),
    "datetime": frozenset(("date datetime time timedelta timezone ").split()),
    "decimal": frozenset(
        (
            "BasicContext Clamped Context ConversionSyntax Decimal DecimalException DecimalTuple DefaultContext "
            "DivisionByZero DivisionImpossible DivisionUndefined ExtendedContext FloatOperation HAVE_CONTEXTVAR "
            "HAVE_THREADS Inexact InvalidContext InvalidOperation MAX_EMAX MAX_PREC MIN_EMIN MIN_ETINY Overflow "
            "ROUND_05UP ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP "
            "ROUND_UP Rounded Subnormal Underflow getcontext localcontext setcontext "
        ).split()
    ),
    "functools": frozenset(("cache lru_cache partial reduce ").split()),
    "hashlib": frozenset(
        (
            "algorithms_available algorithms_guaranteed blake2b blake2s md5 new pbkdf2_hmac sha1 sha224 sha256 "
            "sha384 sha3_224 sha3_256 sha3_384 sha3_512 sha512 shake_128 shake_256 "
        ).split()
    ),
    "itertools": frozenset(
        (
            "accumulate chain combinations combinations_with_replacement compress count cycle dropwhile "
            "filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest "
        ).split()
    ),
    "json": frozenset(("JSONDecodeError dump dumps load loads ").split()),
    "math": frozenset(
        (
            "acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp "
            "exp2 expm1 fabs factorial floor fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan "
            "isqrt lcm ldexp lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder "
            "sin sinh sqrt tan tanh tau trunc ulp "
        ).split()
    ),
    "os": frozenset(
        (
            "altsep chdir curdir defpath devnull extsep fspath getcwd getcwdb getenv linesep listdir makedirs "
            "mkdir name pardir path pathsep remove rename replace rmdir scandir sep stat unlink urandom walk "
        ).split()
    ),
    "os.path": frozenset(
        (
            "abspath altsep basename commonpath commonprefix curdir defpath devnull dirname exists expanduser "
            "expandvars extsep getatime getctime getmtime getsize isabs isdir isfile islink ismount join lexists "
            "normcase normpath pardir pathsep realpath relpath samefile samestat sep split splitdrive splitext "
            "supports_unicode_filenames "
        ).split()
    ),
    "pathlib": frozenset(("Path ").split()),
    "posixpath": frozenset(
        (
            "abspath altsep basename commonpath commonprefix curdir defpath devnull dirname exists expanduser "
            "expandvars extsep getatime getctime getmtime getsize isabs isdir isfile islink ismount join lexists "
            "normcase normpath pardir pathsep realpath relpath samefile samestat sep split splitdrive splitext "
            "supports_unicode_filenames "
        ).split()
    ),
    "random": frozenset(
        (
            "Random betavariate choice choices expovariate gammavariate gauss getrandbits getstate lognormvariate "
            "normalvariate paretovariate randbytes randint random randrange sample seed setstate shuffle "
            "triangular uniform vonmisesvariate weibullvariate "
        ).split()
    ),
    "re": frozenset(
        (
            "A ASCII DOTALL I IGNORECASE M MULTILINE Match NOFLAG Pattern S compile error escape findall finditer "
            "fullmatch match search split sub "
        ).split()
    ),
    "sys": frozenset(
        (
            "abiflags api_version argv base_exec_prefix base_prefix builtin_module_names byteorder copyright "
            "dont_write_bytecode exec_prefix executable flags float_info float_repr_style hexversion maxsize "
            "maxunicode platform platlibdir prefix pycache_prefix stderr stdout version version_info "
        ).split()
    ),
    "time": frozenset(
        (
            "altzone asctime ctime daylight gmtime localtime mktime monotonic monotonic_ns perf_counter "
            "perf_counter_ns process_time process_time_ns sleep strftime strptime thread_time thread_time_ns time "
            "time_ns timezone tzname "
        ).split()
    ),
    "tomllib": frozenset(("TOMLDecodeError load loads ").split()),
    "typing": frozenset(
        (
            "Annotated Any Callable ClassVar Dict Final FrozenSet Generator Generic Iterable Iterator List "
            "Literal Mapping Never NoReturn Optional Protocol Self Sequence Set TYPE_CHECKING Tuple Type TypeVar "
            "Union "
        ).split()
    ),
    "unicodedata": frozenset(("category combining is_normalized lookup name normalize unidata_version ").split()),
}
BUILTINS = frozenset(
    (
        "ArithmeticError AssertionError AttributeError BaseException Ellipsis Exception False FileExistsError "
        "FileNotFoundError ImportError IndexError IsADirectoryError KeyError KeyboardInterrupt LookupError "
        "MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError "
        "OSError OverflowError PermissionError RecursionError RuntimeError StopIteration SyntaxError "
        "SystemExit TimeoutError True TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError "
        "ValueError ZeroDivisionError __debug__ __doc__ __name__ __package__ __spec__ abs all any bin bool "
        "bytes chr complex dict divmod enumerate eval exec filter float format frozenset getattr hasattr hash "
        "hex id int isinstance iter len list locals map max min next object oct open ord pow print property "
        "range repr reversed round set setattr slice sorted str sum tuple type zip "
    ).split()
)
