"""The names that JavaScript's hosts have, and the language itself has not."""

import re

from pillion.sandbox.word_lists import words

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
