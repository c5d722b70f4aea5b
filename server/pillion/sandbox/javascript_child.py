"""A process that runs JavaScript and TypeScript: QuickJS, which is compiled to WebAssembly and has nothing to reach.

It reads requests from stdin, one line of JSON each, and answers with lines of JSON: one when it is ready, then for each
request one about the program, one for each call, and one at the end; and `["wait"]` if something takes long that isn't
the program's fault. It ends when stdin ends: a pipe closes when its writer dies for any reason, so it can't outlive the
language server.
"""

import asyncio
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import wasmtime
from quickjs_rs import (
    Context,
    DeadlockError,
    Handle,
    JSError,
    MemoryLimitError,
    QuickJSError,
    Runtime,
    SourceTransform,
    transform_source,
)
from quickjs_rs import TimeoutError as DeadlineError

from pillion.sandbox.child_limits import limit_this_process

_PRELUDE = Path(__file__).with_name("javascript_prelude.js").read_text(encoding="utf-8")
_TYPED = SourceTransform.SOURCE_TS | SourceTransform.STRIP_TYPESCRIPT
_STACK_BYTES = 2 << 20
_TIME, _MEMORY, _RECURSION = ["stopped", "time"], ["stopped", "memory"], ["stopped", "recursion"]
# JavaScript reads TypeScript's `f<number>(x)` as two comparisons.
_GENERIC_CALL = re.compile(r"[\w$]<[^<>=;(){}]*>\s*\(")
# Each JavaScript function is a C function of QuickJS, so deep calls overflow WebAssembly's stack or leave its memory.
_DEEP = frozenset({wasmtime.TrapCode.STACK_OVERFLOW, wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS})

Answer = list[Any]


def main() -> int:
    """Runs until stdin ends."""
    # WebAssembly runs on its thread's own stack, which must have room for what it may take.
    threading.stack_size(2 * _STACK_BYTES + (1 << 22))
    worker = threading.Thread(target=_serve)
    worker.start()
    worker.join()
    return 1  # it only ends by an error


def _serve() -> None:
    _deepen()
    requests: SimpleQueue[bytes] = SimpleQueue()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    # Whatever a library prints must not look like an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    types = _Types(lambda: _write(answers, ["wait"]))
    with _Program("", 1.0, 1 << 24, types):  # compiles the interpreter, which takes most of the start
        limit_this_process()
    _write(answers, ["ready"])
    while True:
        request = json.loads(requests.get())
        for answer in _run(request, types):
            _write(answers, answer)
        _write(answers, ["end"])


def _deepen() -> None:
    """Lets code call functions some 2,500 deep, which is still less than elsewhere. The package has no setting for it:
    if it keeps its engine in another place one day, the depth is 650."""
    config = wasmtime.Config()
    config.max_wasm_stack = _STACK_BYTES
    with suppress(ImportError):
        from quickjs_rs import _wasmtime

        _wasmtime._SHARED_ENGINE = wasmtime.Engine(config)


def _read(requests: SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)  # also while a program runs


def _write(answers: Any, answer: Answer) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def _run(request: dict[str, Any], types: "_Types") -> Iterator[Answer]:
    calls = request["calls"]
    source = types.plain(request["program"])
    for call in calls:
        call["setup"], call["expression"] = types.plain(call["setup"]), types.plain(call["expression"])
    with _Program(source, request["call_s"], request["memory_bytes"], types) as program:
        if program.failure is not None:
            yield ["not_loaded", program.failure]
            return
        yield ["loaded"]
        ends_at = time.monotonic() + request["all_s"]
        answers = program.answers(calls, request["value_parts"]) if request["at_once"] else None
    if answers is not None:
        yield from answers
        return
    while calls and time.monotonic() < ends_at:
        with _Program(source, request["call_s"], request["memory_bytes"], types) as program:
            while calls and time.monotonic() < ends_at:
                answer = program.failure or program.answer(calls.pop(0), request["value_parts"])
                yield answer
                if answer[0] == "stopped":
                    break  # what was stopped in mid-work may be in any state


class _Types:
    """Makes JavaScript of TypeScript. The first time takes long, and `waits` is told so."""

    def __init__(self, waits: Callable[[], None]) -> None:
        self._waits = waits
        self._is_compiled = False

    def plain(self, source: str) -> str:
        """Without the types that JavaScript would read as something else."""
        return self.removed(source).rstrip(";\n") if _GENERIC_CALL.search(source) else source

    def removed(self, source: str) -> str:
        """JavaScript stays the same but for its layout; what can't be read, altogether."""
        if not self._is_compiled:
            self._waits()
            self._is_compiled = True
        try:
            return transform_source("program.ts", source, flags=_TYPED)
        except (RuntimeError, UnicodeEncodeError, wasmtime.WasmtimeError):
            return source


class _Program:
    """One loaded program, in an interpreter of its own."""

    def __init__(self, source: str, call_s: float, memory_bytes: int, types: _Types) -> None:
        self._types = types
        self._call_s = call_s
        self._runtime = Runtime(memory_limit=memory_bytes)
        self._context: Context = self._runtime.new_context(timeout=call_s)
        with _handle(self._context.eval_handle(_PRELUDE)) as made:
            self._encode, self._settled = map(made.get_index, range(2))
        self.failure: Answer | None = None
        try:
            self._read(f'"use strict";\n{source}').dispose()
        except (QuickJSError, wasmtime.Trap, UnicodeError) as exc:
            self.failure = _failure(exc)

    def __enter__(self) -> "_Program":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answers(self, calls: list[dict[str, Any]], parts: int) -> list[Answer] | None:
        """The answers to all calls at once, which is quick; None if one of them needs a closer look."""
        each = '\n+ "\\n" +\n'.join(f"_pillion_encode({_in_function(call)}, _pillion_parts)" for call in calls)
        try:
            with _handle(self._context.eval_handle(f"(_pillion_encode, _pillion_parts) => (\n{each}\n)")) as function:
                # A call by handle has no deadline of its own.
                self._runtime._deadline = time.monotonic() + self._call_s
                with _handle(function.call(self._encode, parts)) as written:
                    lines = str(written.to_python()).split("\n")
        except (QuickJSError, wasmtime.Trap, UnicodeError):
            return None
        finally:
            self._runtime._deadline = None
        if len(lines) != len(calls) or "promise" in lines or any("InternalError" in line for line in lines):
            return None
        return [["answer", line] for line in lines]

    def answer(self, call: dict[str, Any], parts: int) -> Answer:
        """What a call comes to: `["answer", TEXT]` as the prelude writes it, or why there is none."""
        began_at = time.monotonic()
        try:
            with _handle(self._read(_in_function(call))) as given:
                return ["answer", self._settled_and_encoded(given, parts)]
        except DeadlockError:
            # A promise's work that was interrupted leaves the promise as it was, too.
            is_late = time.monotonic() - began_at >= self._call_s
            return _TIME if is_late else ["not_run", "waits for what never comes"]
        except (QuickJSError, wasmtime.Trap, UnicodeError) as exc:
            return _failure(exc)

    def close(self) -> None:
        """Ends the interpreter."""
        for each in (self._encode, self._settled):
            each.dispose()
        self._runtime.close()

    def _read(self, code: str) -> Handle:
        # What takes out the types is an interpreter of its own: code that has none doesn't wait for it.
        try:
            return self._context.eval_handle(code)
        except JSError as exc:
            if exc.name != "SyntaxError" or (plain := self._types.removed(code)) == code:
                raise
            return self._context.eval_handle(plain)

    def _settled_and_encoded(self, given: Handle, parts: int) -> str:
        written = self._encoded(given, parts)
        if written != "promise":
            return written
        with (
            _handle(self._settled.call(given)) as promise,
            _handle(asyncio.run(promise.await_promise(timeout=self._call_s))) as settled,
        ):
            return self._encoded(settled, parts)

    def _encoded(self, given: Handle, parts: int) -> str:
        with _handle(self._encode.call(given, parts)) as written:
            return str(written.to_python())


@contextmanager
def _handle(made: Handle) -> Iterator[Handle]:
    # The interpreter of a handle may be gone by now, and then there is nothing to free.
    try:
        yield made
    finally:
        with suppress(wasmtime.WasmtimeError):
            made.dispose()


def _in_function(call: dict[str, Any]) -> str:
    """A call in a function of its own, so that the next one may bind the same names."""
    watched = "".join(f", {name}" for name in call["watched"])
    return (
        f'(() => {{ "use strict"; try {{\n{call["setup"]}\n'
        f"const _pillion_result = (\n{call['expression']}\n);\nreturn [true, _pillion_result{watched}];\n"
        "} catch (_pillion_error) { return [false, _pillion_error]; } })()"
    )


def _failure(error: Exception) -> Answer:
    match error:
        case DeadlineError():
            return _TIME
        case MemoryLimitError():
            return _MEMORY
        case wasmtime.Trap():
            return _RECURSION if error.trap_code in _DEEP else _MEMORY
        case JSError():
            return ["thrown", error.name[:200], error.message[:2000]]
        case UnicodeError():
            return ["not_run", "has text that is no Unicode"]
    return ["not_run", "gave back what can't leave the sandbox"]


if __name__ == "__main__":
    sys.exit(main())
