"""The names that JavaScript code finds without binding them: those of the language, and those of its hosts."""

import re

from pillion.sandbox.word_lists import words

# What is in the sandbox.
LANGUAGE_NAMES = words(
    """
    AggregateError Array ArrayBuffer AsyncDisposableStack BigInt BigInt64Array BigUint64Array Boolean DOMException
    DataView Date DisposableStack Error EvalError Float16Array Float32Array Float64Array Function Infinity Int16Array
    Int32Array Int8Array InternalError Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError
    Reflect RegExp Set String SuppressedError Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array
    Uint8ClampedArray WeakMap WeakRef WeakSet arguments atob btoa console decodeURI decodeURIComponent encodeURI
    encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt performance queueMicrotask undefined
    unescape
    """
)
# What browsers, Node, Deno, Bun and test runners have, and the sandbox has not.
HOST_NAMES = words(
    """
    AbortController AbortSignal Atomics Audio Blob BroadcastChannel Buffer Bun CSS CustomEvent DOMParser Deno Document
    Element Event EventSource EventTarget File FileReader FinalizationRegistry FormData HTMLElement Headers History
    Image IntersectionObserver Intl KeyboardEvent Location MessageChannel MouseEvent MutationObserver Node NodeFilter
    Notification ReadableStream Request ResizeObserver Response SharedArrayBuffer SharedWorker Temporal TextDecoder
    TextEncoder TransformStream URL URLSearchParams WebAssembly WebSocket Window Worker WritableStream XMLHttpRequest
    addEventListener afterAll afterEach alert beforeAll beforeEach caches cancelAnimationFrame clearImmediate
    clearInterval clearTimeout confirm crypto customElements describe dispatchEvent document exports expect fetch
    getComputedStyle global history indexedDB it jest localStorage location matchMedia module navigator postMessage
    process prompt removeEventListener require requestAnimationFrame requestIdleCallback screen self sessionStorage
    setImmediate setInterval setTimeout structuredClone test vi window __dirname __filename
    """
)
_NOT_DEFINED = re.compile(r"'?([\w$]+)'? is not defined")


def lacking_host(kind: str, message: str) -> str:
    """The host's name for the lack of which an error was thrown; empty if it has another reason."""
    found = _NOT_DEFINED.fullmatch(message) if kind == "ReferenceError" else None
    return found[1] if found is not None and found[1] in HOST_NAMES else ""
