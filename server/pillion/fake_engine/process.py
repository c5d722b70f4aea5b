"""The handle on a fake engine that runs in a process of its own."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import urllib.request
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from pillion.fake_engine.records import JsonObject, RequestLog, Rule, Settings

ANSWER_WITHIN_S = 5.0


class FakeEngine:
    """One running engine. Close it, or use it in a `with`; it ends anyway when this process does."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, *, secure: bool = False) -> None:
        self._process = process
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        # No proxies: the environment's proxies must not get the calls to this machine.
        handlers = urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)
        self._opener = urllib.request.build_opener(*handlers)
        self.url = f"{'https' if secure else 'http'}://127.0.0.1:{port}"

    @classmethod
    def start(cls, **settings: Any) -> Self:
        """Start an engine with these fields of Settings, and wait until it serves."""
        argument = json.dumps(asdict(Settings(**settings)))
        process = subprocess.Popen(
            [sys.executable, "-m", "pillion.fake_engine.engine", "--settings", argument],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the process that started it, which then ends it
        )
        line = process.stdout.readline() if process.stdout is not None else b""
        if not line:
            _stop(process)
            raise RuntimeError(f"the fake engine did not start: exit code {process.returncode}")
        return cls(process, json.loads(line)["port"], secure=bool(settings.get("certificate")))

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative if a signal ended it."""
        return self._process.poll()

    def script(self, *rules: Rule) -> None:
        """Replace the rules; their counts start at zero."""
        self._control("/_script", {"rules": [rule.to_dict() for rule in rules]})

    def change(self, **settings: Any) -> None:
        """Change settings for all later requests; `slots` and `loaded` stay as they are."""
        self._control("/_settings", settings)

    def log(self) -> list[RequestLog]:
        """The model requests so far, in the order in which they came."""
        return [RequestLog.from_dict(entry) for entry in self._control("/_log")["requests"]]

    def probes(self) -> list[RequestLog]:
        """The requests that only wanted to know whether the engine goes on from the beginning of an answer."""
        return [RequestLog.from_dict(entry) for entry in self._control("/_probes")["requests"]]

    def clear_log(self) -> None:
        """Forget the requests so far."""
        self._control("/_clear", {})

    def close(self) -> None:
        """End the engine in good order; harmless if it has ended."""
        _stop(self._process)

    def kill(self) -> None:
        """End the engine at once, in the middle of its work, and cut every connection."""
        self._process.kill()
        _stop(self._process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _control(self, path: str, body: JsonObject | None = None) -> JsonObject:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers)  # noqa: S310 - our own http: address
        with self._opener.open(request, timeout=ANSWER_WITHIN_S) as response:
            answer: JsonObject = json.load(response)
        return answer


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()  # the sign for it to exit
    try:
        process.wait(ANSWER_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
