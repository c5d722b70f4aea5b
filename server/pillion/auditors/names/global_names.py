"""Names that every program of a language has: facts only."""

from collections.abc import Mapping
from types import MappingProxyType

from pillion.auditors.trees import JAVASCRIPT

_JAVASCRIPT = """
AbortController AbortSignal AggregateError Array ArrayBuffer Atomics Audio BigInt BigInt64Array BigUint64Array Blob
Boolean BroadcastChannel Buffer ByteLengthQueuingStrategy CSSStyleSheet CloseEvent CompressionStream
CountQueuingStrategy CryptoKey CustomEvent DOMException DOMMatrix DOMParser DOMPoint DOMRect DataTransfer DataView
Date DecompressionStream ErrorEvent Error EvalError Event EventSource EventTarget File FileList FileReader
FinalizationRegistry Float32Array Float64Array FontFace FormData Function Headers HTMLElement Image ImageData
Int16Array Int32Array Int8Array IntersectionObserver Intl Iterator KeyboardEvent Map MediaRecorder MediaSource
MediaStream MessageChannel MessageEvent MouseEvent MutationObserver Notification Number Object OffscreenCanvas Option
Path2D PerformanceObserver PointerEvent PopStateEvent ProgressEvent Promise PromiseRejectionEvent Proxy
RTCPeerConnection RTCSessionDescription Range RangeError ReadableStream ReferenceError RegExp Request ResizeObserver
Response SharedArrayBuffer SharedWorker SpeechSynthesisUtterance Set StorageEvent String Symbol SyntaxError Text
TextDecoder TextDecoderStream TextEncoder TextEncoderStream TouchEvent TransformStream TypeError URIError URL
URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly WebSocket
WheelEvent Worker WritableStream XMLHttpRequest XMLSerializer XPathEvaluator AudioContext SuppressedError
DisposableStack AsyncDisposableStack $ addEventListener alert atob btoa cancelAnimationFrame cancelIdleCallback
clearImmediate clearInterval clearTimeout close confirm createImageBitmap decodeURI decodeURIComponent dispatchEvent
encodeURI encodeURIComponent escape eval fetch focus getComputedStyle getSelection isFinite isNaN jQuery matchMedia
open parseFloat parseInt postMessage print prompt queueMicrotask removeEventListener reportError requestAnimationFrame
requestIdleCallback require import scroll scrollBy scrollTo setImmediate setInterval setTimeout stop structuredClone
super unescape after afterAll afterEach assert assertType before beforeAll beforeEach benchmark context cy describe
expect expectTypeOf fail fdescribe fit it jest onTestFailed onTestFinished pending spyOn suite test vi xdescribe xit
define defineEmits defineExpose defineModel defineOptions defineProps defineSlots withDefaults getCurrentInstance
registerProcessor ActiveXObject
"""
_GO = """
append cap clear close complex copy delete imag len make max min new panic print println real recover any bool byte
comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32
uint64 uintptr
"""
_RUST = "Some None Ok Err Box String Vec Option Result Self drop From Into Default super self"

GLOBAL_NAMES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(sorted(JAVASCRIPT), frozenset(_JAVASCRIPT.split())),
        "go": frozenset(_GO.split()),
        "rust": frozenset(_RUST.split()),
    }
)
