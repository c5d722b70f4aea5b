"""The engine's own process: llama.cpp's server on a loopback port, for as long as its parent lives.

It reads one line of JSON from stdin, so that neither the key nor the path shows in the process list. It answers with
one line of JSON on stdout, `{"port": …}` or `{"error": …}`. It ends when stdin ends: a pipe closes when its writer
dies for any reason, so an engine can't outlive the editor.
"""

import ctypes
import json
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_PR_SET_PDEATHSIG = 1
_LOG_WRITTEN_AFTER_S = 0.2


def main() -> int:
    """Runs until stdin closes."""
    if sys.platform == "linux":
        # llama.cpp doesn't let Python run while it loads a model, so the end of stdin would be noticed late.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    settings = json.loads(sys.stdin.buffer.readline())
    if sys.platform == "linux" and os.getppid() != settings["parent_id"]:
        return 1  # the parent died before Linux was asked to watch it
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # llama.cpp logs to both streams; only the handshake may go to stdout.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        with _ended_by_the_system():
            server = _serve(settings)
        port = int(server.listening_address.rpartition(":")[2])
    except Exception as exc:  # the parent must hear of every error here
        # llama.cpp logs the reason in a thread of its own, which a process that ends at once sometimes cuts off.
        time.sleep(_LOG_WRITTEN_AFTER_S)
        # Not on stderr: that thread may still be writing there, and the two texts would be mixed up.
        answer.write(json.dumps({"error": f"{type(exc).__name__}: {exc}"}) + "\n")
        answer.flush()
        return 1
    answer.write(json.dumps({"port": port}) + "\n")
    answer.flush()
    while sys.stdin.buffer.read(1):
        continue
    del server
    # The system frees a loaded model faster than the process can free it itself.
    os._exit(0)


@contextmanager
def _ended_by_the_system() -> Iterator[None]:
    """Makes Linux end this process when stdin ends: llama.cpp doesn't let Python run while it loads a model."""
    if sys.platform != "linux":
        yield
        return
    import fcntl

    stdin = sys.stdin.fileno()
    flags = fcntl.fcntl(stdin, fcntl.F_GETFL)
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(stdin, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(stdin, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([stdin], [], [], 0)[0]:
        os._exit(1)  # stdin had ended before Linux was asked to watch it
    yield
    fcntl.fcntl(stdin, fcntl.F_SETFL, flags)


def _serve(settings: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.hostnames = ["127.0.0.1"]
    params.model.path = settings["model_path"]
    params.n_ctx = settings["num_ctx"]
    params.n_parallel = settings["slots"]
    params.port = 0  # the system picks a free one
    params.api_keys = [settings["api_key"]]
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    params.n_gpu_layers = 0  # the embedded engine is the one for machines without a GPU
    return xllamacpp.Server(params)


if __name__ == "__main__":
    sys.exit(main())
