"""What stands in for Python's modules does what they do: each expression gives the same here and in the sandbox."""

from collections.abc import Iterator

import pytest

from pillion.sandbox.monty_sandbox import MontySandbox
from pillion.sandbox.sandbox import Answer, Call, Limits, NotRun, Raised, Returned
from pillion.sandbox.slices.python_slice import python_slice

LIMITS = Limits(call_s=1.0, all_s=5.0)
# By the statement that imports: expressions, or statements with `return`.
TABLE: dict[str, tuple[str, ...]] = {
    "from fractions import Fraction": (
        "str(Fraction(3, 6))", "str(Fraction('0.125'))", "str(Fraction(' -3/4 '))", "str(Fraction(0.5))", "Fraction(1, 0)",
        "Fraction('a')", "Fraction(1.5, 2)", "str(Fraction(1, 3) + Fraction(1, 6))", "str(Fraction(1, 3) - 1)",
        "str(2 * Fraction(3, 4))", "str(Fraction(3, 4) / Fraction(-3, 8))", "Fraction(3, 4) / 0", "str(Fraction(-7, 2) // 2)",
        "str(Fraction(-7, 2) % 2)", "str(Fraction(2, 3) ** 2)", "str(Fraction(2, 3) ** -2)", "Fraction(1, 3) < Fraction(1, 2)",
        "Fraction(2, 4) == Fraction(1, 2)", "Fraction(1, 2) == 0.5", "Fraction(5, 2).numerator", "Fraction(5, -2).denominator",
        "Fraction(5, 2).as_integer_ratio()", "str(Fraction(3.14159).limit_denominator(10))", "float(Fraction(1, 4))",
        "int(Fraction(-7, 2))", "str(abs(Fraction(-1, 2)))", "str(-Fraction(1, 2))", "bool(Fraction(0))",
        "str(sum([Fraction(1, 2), Fraction(1, 3)]))", "str(max(Fraction(1, 2), Fraction(2, 3)))", "hash(Fraction(4, 2)) == hash(2)",
    ),
    "from collections import ChainMap, OrderedDict": (
        "ChainMap({'a': 1}, {'a': 2, 'b': 3})['b']", "ChainMap({'a': 1}, {'a': 2})['a']", "ChainMap({'a': 1})['z']",
        "ChainMap({'a': 1}).get('z', 5)", "sorted(ChainMap({'a': 1}, {'b': 2}))", "len(ChainMap({'a': 1}, {'a': 2, 'b': 3}))",
        "'b' in ChainMap({'a': 1}, {'b': 2})", "sorted(ChainMap({'a': 1}, {'b': 2}).items())", "dict(OrderedDict(b=1, a=2))",
        "list(OrderedDict([('b', 1), ('a', 2)]))",
        "d = OrderedDict(a=1, b=2); d.move_to_end('a'); return list(d)",
        "d = OrderedDict(a=1, b=2); d.move_to_end('b', last=False); return list(d)",
        "d = OrderedDict(a=1); d.move_to_end('z'); return d",
    ),
    "import collections.abc": (
        *(
            f"[isinstance(x, collections.abc.{name}) for x in ([], (), 'a', b'a', {{}}, {{1}}, frozenset(), range(2), 1, 1.5, None, iter([1]), len)]"
            for name in ("Mapping", "MutableMapping", "Sequence", "MutableSequence", "Set", "MutableSet", "Sized", "Iterable",
                         "Container", "Collection", "Iterator", "Hashable", "Callable")
        ),
    ),
    "import numbers": tuple(
        f"[isinstance(x, numbers.{name}) for x in (1, True, 1.5, 2j, '1', None)]"
        for name in ("Number", "Complex", "Real", "Rational", "Integral")
    ),
    "import contextlib": (
        "with contextlib.suppress(KeyError):\n        {}['a']\n    return 1",
        "with contextlib.suppress(KeyError, ValueError):\n        int('a')\n    return 1",
        "with contextlib.suppress(KeyError):\n        int('a')\n    return 1",
        "with contextlib.suppress(LookupError):\n        {}['a']\n    return 1",
        "with contextlib.suppress():\n        {}['a']\n    return 1",
        "with contextlib.nullcontext(5) as x:\n        return x",
        "with contextlib.nullcontext() as x:\n        return x",
    ),
    "import functools": (
        "sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a))",
        "sorted(['b', 'a'], key=functools.cmp_to_key(lambda a, b: (a > b) - (a < b)))",
        "functools.wraps(len)(lambda x: x + 1)(1)",
        "functools.cmp_to_key(lambda a, b: a - b)(1) < functools.cmp_to_key(lambda a, b: a - b)(2)",
        "max([1, 5, 3], key=functools.cmp_to_key(lambda a, b: a - b))",
    ),
    "import io": (
        "io.StringIO('a\\nb').read()", "io.StringIO('a\\nb').readline()", "list(io.StringIO('a\\nb\\n'))",
        "io.StringIO('a\\nb').readlines()", "io.StringIO('abc').read(2)", "io.StringIO('abc').read(-1)",
        "s = io.StringIO(); s.write('ab'); return s.getvalue()", "s = io.StringIO('abc'); s.write('x'); return s.getvalue()",
        "s = io.StringIO(); return s.write('abc')", "s = io.StringIO(); s.writelines(['a', 'b']); return s.getvalue()",
        "s = io.StringIO('abcd'); s.seek(2); return s.read()", "s = io.StringIO('abcd'); s.read(2); return s.tell()",
        "s = io.StringIO('abcd'); s.truncate(2); return s.getvalue()", "s = io.StringIO('a'); s.close(); return s.read()",
        "s = io.StringIO(); return s.write(b'a')", "s = io.StringIO(); print('a', 1, file=s); return s.getvalue()",
        "with io.StringIO('a') as s:\n        return s.read()", "s = io.StringIO('ab'); s.seek(0, 2); return s.tell()",
        "s = io.StringIO('ab'); s.seek(5); s.write('x'); return s.getvalue()", "s = io.StringIO('abc'); return next(s)",
        "io.BytesIO(b'abc').read(2)", "list(io.BytesIO(b'a\\nb'))", "b = io.BytesIO(); b.write(b'ab'); return b.getvalue()",
        "b = io.BytesIO(b'abcd'); b.seek(-1, 2); return b.read()", "b = io.BytesIO(); return b.write('a')",
        "io.BytesIO(b'a\\nb').readline()", "io.BytesIO().read()", "io.StringIO('').readline()", "io.StringIO(5)",
        "io.StringIO('abc').seek(-1)", "io.StringIO(None).read()",
    ),
    "import re": (
        "re.sub(r'\\d+', lambda m: str(int(m[0]) * 2), 'a1b22')", "re.sub('a', 'b', 'aaa', count=2)", "re.subn('a', 'b', 'aba')",
        "re.sub(r'(\\w)(\\d)', r'\\2\\1', 'a1 b2')", "re.sub('A', 'x', 'aA', flags=re.I)", "re.match(r'(?P<n>\\d+)', '12a')['n']",
        "re.search(r'''(\\d+)  # digits\n        -''', '12-', re.VERBOSE)[1]", "re.fullmatch('a+', 'aab')",
        "re.findall(r'(a)(b)?', 'aab')", "[m.start() for m in re.finditer('a', 'banana')]", "re.compile('a').sub('b', 'ca')",
        "re.compile('(').sub('b', 'ca')", "re.compile('a', re.X).findall('b a')", "re.split(r'[,;]', 'a,b;c')",
        "re.compile(r' a b ', re.VERBOSE).search('xab').span()", "re.compile(r'[ ]a', re.X).search('x a').group()",
        "re.compile(r'\\#a # b', re.X).search('x#a').group()", "re.match('a', 'b')", "re.escape('a.b')",
        "re.compile(r'(a)(b)').match('ab').expand(r'\\2-\\1')", "re.sub('', '-', 'ab')", "re.sub('x*', '-', 'abxd')",
        "re.subn(r'b*', '-', 'abc')", "re.compile('b').search('abab', 2).start()", "re.compile('a').match('ba', 1).span()",
        "re.compile('a').findall('banana', 2, 4)", "re.sub(r'(a)|b', r'[\\1]', 'ab')", "re.sub('a', r'\\g<0>!', 'a')",
        "re.sub('a', r'\\3', 'a')",
    ),
    "import codecs": (
        "codecs.encode('a\\u00e9')", "codecs.decode(b'a\\xc3\\xa9')", "codecs.decode(b'\\xff')", "codecs.encode('\\u00e9', 'ascii')",
        "codecs.BOM_UTF8", "codecs.encode('\\u00e9', 'ascii', 'ignore')", "codecs.decode(b'\\xff', 'utf-8', 'replace')",
    ),
    "import datetime": (
        "datetime.MINYEAR", "datetime.MAXYEAR", "datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC).isoformat()",
        "datetime.date(2024, 2, 29).weekday()", "datetime.date(2024, 2, 30)",
        "(datetime.date(2024, 3, 1) - datetime.date(2024, 2, 1)).days", "datetime.date(2024, 2, 29).isoformat()",
    ),
    "import os": ("os.SEEK_END", "os.fsdecode('a')", "os.fsdecode(b'a')", "os.fsencode('a')", "os.path.join('a', 'b')", "os.fsdecode(1)"),
    "import sys": (
        "sys.intern('a')", "sys.getdefaultencoding()", "sys.exit(2)", "sys.intern(1)", "sys.maxsize > 2 ** 40",
    ),
    "import types": (
        "types.SimpleNamespace(a=1).a", "types.SimpleNamespace(a=1) == types.SimpleNamespace(a=1)", "types.SimpleNamespace().b",
        "types.MappingProxyType({'a': 1})['a']", "isinstance(lambda: 1, types.FunctionType)", "isinstance(len, types.BuiltinFunctionType)",
        "isinstance(None, types.NoneType)", "isinstance(1, types.FunctionType)", "repr(types.SimpleNamespace(a=1, b='x'))",
        "s = types.SimpleNamespace(a=1); s.b = 2; return s.b",
    ),
    "import typing": (
        "typing.cast(int, '1')", "typing.TYPE_CHECKING", "typing.NewType('Id', int)(5)",
        "P = typing.NamedTuple('P', [('x', int), ('y', int)]); return P(1, 2).y",
        "P = typing.NamedTuple('P', [('x', int)]); return P(1) == (1,)", "typing.TypedDict('D', {'a': int})(a=1)",
        "typing.assert_never(1)", "typing.assert_type('a', str)",
    ),
    "import warnings": ("warnings.filterwarnings('ignore')", "warnings.simplefilter('ignore')"),
    "import copy": (
        "copy.copy([1, [2]])", "a = [[1]]; b = copy.copy(a); b[0].append(2); return a", "a = [[1]]; b = copy.deepcopy(a); b[0].append(2); return a",
        "copy.deepcopy({'a': (1, [2])})", "copy.copy((1, 2))", "copy.copy({1, 2})", "copy.deepcopy(None)",
    ),
    "import weakref": ("len(weakref.WeakKeyDictionary())", "len(weakref.WeakSet())"),
    "": (
        "callable(len)", "callable(lambda: 1)", "callable(1)", "callable(int)", "callable('a')", "ascii('a\\u00e9\\n')", "ascii([1, '\\u4e2d'])",
        "ascii('\\U0001f600')", "issubclass(bool, int)", "issubclass(int, str)", "issubclass(KeyError, LookupError)",
        "issubclass(int, (str, object))", "issubclass(1, int)", "raise EOFError('x')", "raise BrokenPipeError()",
        "try:\n        raise ConnectionResetError\n    except ConnectionError:\n        return 1",
        "try:\n        raise ConnectionResetError\n    except OSError:\n        return 1",
        "try:\n        raise IOError('a')\n    except OSError as e:\n        return str(e)", "raise FloatingPointError",
        "any(x > 1 for x in [1, 2])", "all(x > 1 for x in [1, 2])", "any([])", "next(iter([]), 5)", "next(iter([]))",
        "sorted([3, 1, 2], reverse=True)", "sorted(['b', 'A'], key=str.lower)", "sorted([1, 'a'])", "max([], default=3)", "max([])",
        "max('a', 'bb', key=len)", "min([3, 1])", "min(1, 'a')", "format(3.14159, '.2f')", "format(5, '>4')", "f'{12345:,}'", "f'{0.25:%}'",
        "f'{255:#x}'", "format('a', 'd')", "'abc'.translate(str.maketrans('ab', 'xy'))", "'abc'.translate(str.maketrans('', '', 'b'))",
        "'abc'.translate(str.maketrans({'a': '1', 'b': None}))", "str.maketrans('ab', 'x')", "b'abc'.translate(bytes.maketrans(b'a', b'x'))",
        "'{a} {b}'.format_map({'a': 1, 'b': 2})", "'{z}'.format_map({'a': 1})", "(255).bit_length()", "(-8).bit_length()", "(7).bit_count()",
        "(1024).to_bytes(2, 'big')", "(1024).to_bytes(1, 'big')", "(-2).to_bytes(2, 'little', signed=True)", "(-2).to_bytes(2, 'little')",
        "int.from_bytes(b'\\x04\\x00', 'big')", "int.from_bytes(b'\\xff\\xfe', 'little', signed=True)", "(2.0).is_integer()", "(2.5).is_integer()",
        "(0.75).as_integer_ratio()", "float('inf').as_integer_ratio()", "(3.5).hex()", "(0.1).hex()", "float.fromhex('0x1.8p+1')", "(5).conjugate()",
        "s = {1, 2, 3}; s.difference_update([1], [2]); return s", "s = {1, 2}; s.intersection_update([2, 3]); return s",
        "s = {1, 2}; s.symmetric_difference_update([2, 3]); return sorted(s)", "(1, 2, 3).index(2)", "(1, 2).index(5)", "[1, 2, 1].index(1, 1)",
        "[1].index(5)", "(1, 2, 1).count(1)", "range(5).index(3)", "range(5).count(9)", "'abcb'.index('b', 2)", "'a'.index('z')",
        "'a\\tb'.expandtabs(4)", "'abc\\td'.expandtabs()", "d = {'a': 1}; d.__setitem__('b', 2); return d", "[1, 2].__len__()",
        "[1, 2].__contains__(2)", "(1).__eq__(1)", "{'a': 1}.__getitem__('z')", "del_ = [1, 2]; del_.__delitem__(0); return del_",
    ),
}  # fmt: skip
# What the sandbox says that it lacks.
LACKING = frozenset(
    {
        "Fraction(1, 0)", "Fraction('a')", "Fraction(1.5, 2)", "Fraction(3, 4) / 0",
        "len(ChainMap({'a': 1}, {'a': 2, 'b': 3}))",
        "sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a))",
        "sorted(['b', 'a'], key=functools.cmp_to_key(lambda a, b: (a > b) - (a < b)))",
        "functools.cmp_to_key(lambda a, b: a - b)(1) < functools.cmp_to_key(lambda a, b: a - b)(2)",
        "max([1, 5, 3], key=functools.cmp_to_key(lambda a, b: a - b))",
        "s = io.StringIO(); print('a', 1, file=s); return s.getvalue()",
        "re.compile('(').sub('b', 'ca')", "re.compile(r'(a)(b)').match('ab').expand(r'\\2-\\1')",
        "re.sub('x*', '-', 'abxd')", "re.subn(r'b*', '-', 'abc')", "re.compile('b').search('abab', 2).start()",
        "re.compile('a').match('ba', 1).span()", "re.compile('a').findall('banana', 2, 4)",
        "types.SimpleNamespace(a=1) == types.SimpleNamespace(a=1)", "repr(types.SimpleNamespace(a=1, b='x'))",
        "issubclass(KeyError, LookupError)", "b'abc'.translate(bytes.maketrans(b'a', b'x'))", "(3.5).hex()", "(0.1).hex()",
        "float.fromhex('0x1.8p+1')",
    }
)  # fmt: skip
# What it does otherwise than Python, and nobody has mended yet.
WRONG = frozenset({"bool(Fraction(0))", r"re.sub('a', r'\3', 'a')"})
CASES = [(imports, body) for imports, bodies in TABLE.items() for body in bodies]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[MontySandbox]:
    made = MontySandbox()
    yield made
    made.close()


def program(imports: str, body: str) -> str:
    is_statement = "return " in body or body.startswith(("raise ", "with ", "try:"))
    return f"{imports}\n\n\ndef f():\n    {body if is_statement else f'return {body}'}\n"


def here(text: str) -> str:
    names: dict[str, object] = {}
    exec(compile(text, "case", "exec"), names)  # noqa: S102 (the table's own text)
    function = names["f"]
    assert callable(function)
    try:
        return repr(function())
    except SystemExit:
        return "raises SystemExit"
    except Exception as error:  # whatever it is, it must be the same there
        return f"raises {type(error).__name__}"


def there(answer: Answer) -> str:
    match answer:
        case Returned(value):
            return value.text
        case Raised(kind):
            return f"raises {kind}"
    return repr(answer)


def answer(imports: str, body: str, sandbox: MontySandbox) -> Answer:
    cut = python_slice(program(imports, body), ("f",))
    return sandbox.run(cut.source, [Call(f"{cut.entry}()")], LIMITS)[0]


@pytest.mark.parametrize(("imports", "body"), CASES, ids=[f"{imports}: {body}"[:80] for imports, body in CASES])
def test_it_does_what_python_does(imports: str, body: str, sandbox: MontySandbox) -> None:
    given = answer(imports, body, sandbox)
    if isinstance(given, NotRun):
        assert body in LACKING  # it says itself that it can't
    else:
        assert (there(given) == here(program(imports, body))) is (body not in WRONG)
