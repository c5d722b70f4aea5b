"""Names of packages, to compare imports with: facts only."""

from collections.abc import Mapping
from types import MappingProxyType

# The modules of distributions whose names have little in common with their modules' names.
IMPORTED_AS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "attrs": ("attr", "attrs"),
        "beautifulsoup4": ("bs4",),
        "biopython": ("Bio",),
        "djangorestframework": ("rest_framework",),
        "faiss-cpu": ("faiss",),
        "faiss-gpu": ("faiss",),
        "gitpython": ("git",),
        "grpcio": ("grpc",),
        "jupyter-client": ("jupyter_client",),
        "msgpack-python": ("msgpack",),
        "mysqlclient": ("MySQLdb",),
        "opencv-contrib-python": ("cv2",),
        "opencv-python": ("cv2",),
        "opencv-python-headless": ("cv2",),
        "pillow": ("PIL",),
        "protobuf": ("google",),
        "psycopg2-binary": ("psycopg2",),
        "pycryptodome": ("Crypto",),
        "pycryptodomex": ("Cryptodome",),
        "pygobject": ("gi",),
        "pyjwt": ("jwt",),
        "pymupdf": ("fitz", "pymupdf"),
        "pynacl": ("nacl",),
        "pyopenssl": ("OpenSSL",),
        "pyserial": ("serial",),
        "pysocks": ("socks",),
        "pytest": ("pytest", "_pytest"),
        "python-dateutil": ("dateutil",),
        "python-docx": ("docx",),
        "python-dotenv": ("dotenv",),
        "python-jose": ("jose",),
        "python-magic": ("magic",),
        "python-multipart": ("multipart", "python_multipart"),
        "python-pptx": ("pptx",),
        "pywin32": ("win32api", "win32con", "win32gui", "win32file", "pythoncom", "pywintypes", "win32com"),
        "pyyaml": ("yaml",),
        "pyzmq": ("zmq",),
        "scikit-image": ("skimage",),
        "scikit-learn": ("sklearn",),
        "setuptools": ("setuptools", "pkg_resources"),
        "torch": ("torch",),
        "twisted": ("twisted",),
        "typing-extensions": ("typing_extensions",),
        "websocket-client": ("websocket",),
        "zope-interface": ("zope",),
    }
)

# These are imported so often that, if there is no manifest to compare with, a finding would be noise.
_PYTHON_PACKAGES = """
PIL aiohttp anthropic attr attrs boto3 botocore bs4 celery certifi click cryptography cv2 dateutil django docker
dotenv fastapi flask grpc httpx hypothesis jinja2 joblib jsonschema jwt keras kubernetes lxml markdown matplotlib
mypy networkx nltk numba numpy ollama openai openpyxl packaging pandas paramiko pip pkg_resources platformdirs
plotly polars psutil psycopg psycopg2 pyarrow pydantic pygls pygments pymongo pytest pytz redis regex requests rich
scipy seaborn selenium setuptools six sklearn skimage spacy sqlalchemy starlette statsmodels streamlit sympy
tensorflow tiktoken tomli toml torch torchvision tornado tqdm transformers trio typer typing_extensions tzdata
urllib3 uvicorn uvloop websockets werkzeug wheel xgboost yaml zmq
"""
PYTHON_PACKAGES = frozenset(_PYTHON_PACKAGES.split())

_JAVASCRIPT_PACKAGES = """
@testing-library/react @types/node angular axios body-parser chai chalk classnames commander cors cypress d3
date-fns dayjs debug dotenv electron esbuild eslint express fastify framer-motion fs-extra glob graphql immer jest
jquery jsonwebtoken koa lodash lodash-es luxon mocha moment mongodb mongoose mysql2 nanoid next node-fetch openai
passport pg playwright prettier prop-types puppeteer ramda react react-dom react-redux react-router react-router-dom
redis redux rollup rxjs semver sequelize sharp sinon socket.io socket.io-client svelte tailwindcss three ts-node
typescript undici uuid vite vitest vue vuex webpack winston ws yargs zod zustand
"""
JAVASCRIPT_PACKAGES = frozenset(_JAVASCRIPT_PACKAGES.split())

_NODE_MODULES = """
assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events
fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl sea sqlite
stream string_decoder sys test timers tls trace_events tty url util v8 vm wasi worker_threads zlib
"""
NODE_MODULES = frozenset(_NODE_MODULES.split())
