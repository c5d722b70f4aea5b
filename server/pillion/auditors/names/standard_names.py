"""Names of Python's standard library that many files use: facts only."""

from collections.abc import Mapping
from types import MappingProxyType

# A module, then names that hardly mean anything else.
_CERTAIN = """
abc: ABC ABCMeta abstractmethod
argparse: ArgumentParser
collections: ChainMap Counter OrderedDict defaultdict deque namedtuple
collections.abc: AsyncGenerator AsyncIterable AsyncIterator Awaitable Callable Collection Coroutine Generator Hashable
  Iterable Iterator Mapping MutableMapping MutableSequence MutableSet Sequence Sized
concurrent.futures: ProcessPoolExecutor ThreadPoolExecutor as_completed
configparser: ConfigParser
contextlib: AsyncExitStack ExitStack asynccontextmanager contextmanager nullcontext
copy: deepcopy
dataclasses: asdict astuple dataclass field
datetime: datetime timedelta
decimal: Decimal ROUND_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP
enum: Enum IntEnum IntFlag StrEnum
fractions: Fraction
functools: cached_property lru_cache partial partialmethod reduce singledispatch singledispatchmethod total_ordering
  wraps
heapq: heapify heappop heappush heappushpop nlargest nsmallest
bisect: bisect_left bisect_right insort
inspect: isawaitable iscoroutinefunction
io: BytesIO StringIO TextIOWrapper
itertools: accumulate combinations groupby islice permutations takewhile dropwhile zip_longest
json: JSONDecodeError
numbers: Number
operator: attrgetter itemgetter methodcaller
pathlib: Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath
tempfile: NamedTemporaryFile TemporaryDirectory mkdtemp mkstemp
textwrap: dedent
threading: Thread
types: FunctionType MappingProxyType ModuleType SimpleNamespace TracebackType
typing: Annotated Any AnyStr BinaryIO ClassVar Concatenate Dict Final FrozenSet Generic IO List Literal NamedTuple
  NoReturn Optional ParamSpec Protocol Self TextIO Tuple Type TypeAlias TypeGuard TypeVar TypedDict Union TYPE_CHECKING
  cast overload runtime_checkable
unittest: TestCase
unittest.mock: AsyncMock MagicMock
urllib.parse: parse_qs urlencode urljoin urlparse urlsplit
uuid: UUID uuid4
weakref: WeakKeyDictionary WeakSet WeakValueDictionary
"""
# Names that several modules have, or that may be somebody's own.
_POSSIBLE = """
asyncio: Event Future Lock Queue Semaphore Task gather sleep
base64: b64decode b64encode
collections: UserDict
concurrent.futures: Future
contextlib: closing suppress
copy: copy
datetime: date time timezone
enum: Flag auto
functools: cache
glob: glob
hashlib: md5 sha1 sha256
html: escape
http.client: HTTPException
itertools: chain count cycle product repeat starmap
json: dumps loads
math: ceil cos exp floor gcd hypot isclose isnan log log10 log2 sin sqrt tan
multiprocessing: Pool Process Queue
pickle: dumps loads
pprint: pprint
queue: Empty Full PriorityQueue Queue
random: choice choices randint randrange sample shuffle uniform
re: Match Pattern escape
shutil: copyfile copytree rmtree which
statistics: mean median stdev
string: Template
subprocess: CalledProcessError CompletedProcess Popen
threading: Event Lock RLock Semaphore
time: monotonic perf_counter sleep time
typing: Match Pattern
unittest.mock: Mock patch
urllib.error: HTTPError URLError
urllib.parse: quote unquote
urllib.request: Request urlopen
zoneinfo: ZoneInfo
"""
# Modules whose names are common names of variables: the import is offered, but not added without a question.
ALSO_NOUNS = frozenset(
    {
        *("calendar", "code", "cmd", "copy", "email", "html", "locale", "mailbox", "parser", "platform", "profile"),
        *("queue", "resource", "select", "signal", "site", "string", "symbol", "token", "trace", "types", "array"),
    }
)
# Functions whose names are common names of variables.
ALSO_WORDS = frozenset({"accumulate", "cast", "combinations", "field", "overload", "partial", "permutations", "reduce"})
# Modules that do something when they are loaded, and modules that nobody means.
NOT_LOOKED_INTO = frozenset(
    {
        *("antigravity", "this", "idlelib", "turtle", "turtledemo", "tkinter", "lib2to3", "test", "readline"),
        *("ensurepip", "venv", "curses", "rlcompleter", "site", "sitecustomize", "usercustomize", "pty", "tty"),
    }
)


def _by_name(table: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    module = ""
    for word in table.split():
        if word.endswith(":"):
            module = word[:-1]
        else:
            found.setdefault(word, []).append(module)
    return MappingProxyType({name: tuple(modules) for name, modules in found.items()})


CERTAIN_NAMES, POSSIBLE_NAMES = _by_name(_CERTAIN), _by_name(_POSSIBLE)
