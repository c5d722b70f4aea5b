"""A fake inference engine: `python -m pillion.fake_engine.engine --settings JSON`.

Prints {"port": N} on a line of its own and serves until its standard input ends, so that it cannot
outlive the test that started it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from pillion.fake_engine import llamacpp_replies as llamacpp
from pillion.fake_engine import ollama_replies as ollama
from pillion.fake_engine import openai_replies as openai
from pillion.fake_engine.dialects import Call, Dialect, tokens_of
from pillion.fake_engine.generation import Generation
from pillion.fake_engine.http_server import BadRequestError, Connection, Request
from pillion.fake_engine.prefills import REFUSAL, counted, is_probe, refuses
from pillion.fake_engine.records import JsonObject, RequestLog, Rule, Settings
from pillion.fake_engine.request_slots import SlotPool


@dataclass
class ScriptedRule:
    """A rule and how often it has answered."""

    rule: Rule
    used: int = 0

    def answers(self, call: Call) -> bool:
        """Whether it is this rule's turn."""
        last = call.messages[-1]["content"] if call.messages else ""
        matches = self.rule.match in call.text and self.rule.match_last in last and last.endswith(self.rule.match_end)
        return (
            matches
            and bool(self.rule.choices) == (call.path == "/completion")
            and (self.rule.times is None or self.used < self.rule.times)
        )


class Engine:
    """The state of the engine, and its answers to requests."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = SlotPool(settings.slots)
        self._loaded = [settings.model] if settings.loaded is None else list(settings.loaded)
        self._rules: list[ScriptedRule] = []
        self._log: list[RequestLog] = []
        # Apart from the others, and with a slot of their own: nearly no test is about them.
        self._probes: list[RequestLog] = []
        self._pool_of_probes = SlotPool(1)
        self._last_id = 0
        self._vocabulary = llamacpp.Vocabulary()
        to_ollama, to_openai = ollama.OllamaDialect(), openai.OpenAiDialect()
        self._dialects: dict[str, Dialect] = {
            "/api/chat": to_ollama,
            "/api/generate": to_ollama,
            "/v1/chat/completions": to_openai,
            "/v1/completions": to_openai,
            "/completion": llamacpp.LlamaCppDialect(self._vocabulary),
        }
        self._pages: dict[tuple[str, str], Callable[[Request], tuple[int, JsonObject]]] = {
            ("GET", "/api/tags"): lambda _: (200, ollama.tags(self._settings)),
            ("GET", "/api/ps"): lambda _: (200, ollama.loaded_models(self._settings, self._loaded)),
            ("GET", "/api/version"): lambda _: (200, {"version": "0.99.0-fake"}),
            ("POST", "/api/show"): self._show,
            ("GET", "/v1/models"): lambda _: (200, openai.models(self._settings)),
            ("GET", "/health"): lambda _: (200, {"status": "ok"}),
            ("GET", "/props"): lambda _: (200, openai.props(self._settings)),
            ("POST", "/apply-template"): lambda request: (200, llamacpp.applied_template(request.json())),
            ("POST", "/tokenize"): lambda request: (200, llamacpp.tokenized(request.json(), self._vocabulary)),
            ("GET", "/_log"): lambda _: (200, {"requests": [entry.to_dict() for entry in self._log]}),
            ("GET", "/_probes"): lambda _: (200, {"requests": [entry.to_dict() for entry in self._probes]}),
            ("POST", "/_clear"): self._clear,
            ("POST", "/_script"): self._script,
            ("POST", "/_settings"): self._change,
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client until it leaves; then cancel all work for it."""
        connection = Connection(reader, writer)
        pump = asyncio.create_task(connection.pump())
        if (task := asyncio.current_task()) is not None:
            pump.add_done_callback(lambda _: task.cancel())
        try:
            while connection.open:
                await self._answer(connection, await connection.read_request())
        except BadRequestError as error:  # where the next request would start is not known: this one is the last
            connection.open = False
            connection.send_json(400, {"error": str(error)})
        except ConnectionError:
            return  # a write noticed before the pump did that the client left
        finally:
            pump.cancel()
            writer.close()

    async def _answer(self, connection: Connection, request: Request) -> None:
        dialect = self._dialects.get(request.path)
        page = self._pages.get((request.method, request.path))
        if self._settings.likelihoods == "none" and request.path in llamacpp.PAGES:
            connection.send_json(404, {"error": "File Not Found"})
        elif request.method == "POST" and dialect is not None:
            await self._answer_call(connection, request, dialect)
        elif page is None:
            connection.send_json(404, {"error": f"no such page: {request.method} {request.path}"})
        elif not self._may_enter(request):
            connection.send_json(401, self._refusal())
        else:
            try:
                status, body = page(request)
            except BadRequestError as error:
                status, body = 400, {"error": str(error)}
            # Escaped, unlike the answers of the model: the log repeats whatever the client has sent.
            connection.send(status, json.dumps(body).encode())

    async def _answer_call(self, connection: Connection, request: Request, dialect: Dialect) -> None:
        try:
            call = dialect.parse(request.path, request.json())
        except BadRequestError as error:
            connection.send_json(400, dialect.error_body(400, str(error)))
            return
        refused = next((name for name in self._settings.refused_fields if name in request.json()), None)
        prompt = tokens_of(call.text, self._settings.prompt_token_characters)
        log = self._enter(request, call, len(prompt))
        try:
            if not self._may_enter(request):
                connection.send_json(401, self._refusal())
                log.ended = "failed"
            elif not self._serves(request.path, call.model):
                connection.send_json(404, dialect.error_body(404, ollama.not_found(call.model)["error"]))
                log.ended = "failed"
            elif refused is not None:
                connection.send_json(400, dialect.error_body(400, self._settings.refusal.format(field=refused)))
                log.ended = "failed"
            elif refuses(call, self._settings):
                connection.send_json(400, dialect.error_body(400, REFUSAL))
                log.ended = "failed"
            else:
                await self._run(Generation(connection, dialect, call, prompt, log), call, log)
        except (asyncio.CancelledError, ConnectionError):
            log.ended = "client_closed"
            raise
        except Exception:
            log.ended = "failed"
            raise
        finally:
            log.ended_s = time.monotonic()

    async def _run(self, generation: Generation, call: Call, log: RequestLog) -> None:
        if call.model in self._settings.served() and call.model not in self._loaded:
            self._loaded.append(call.model)
        unload = call.options.get("keep_alive") in (0, "0", "0s")
        if call.preload:
            log.ended = generation.answer_preload(unload=unload)
        elif is_probe(call):
            log.ended = await generation.run(counted(call, self._settings), self._settings, self._pool_of_probes)
        else:
            rule = self._choose(call)
            log.ended = await generation.run(rule, self._settings, self._pool)
        if unload and call.model in self._loaded:
            self._loaded.remove(call.model)

    def _enter(self, request: Request, call: Call, prompt_tokens: int) -> RequestLog:
        self._last_id += 1
        log = RequestLog(
            id=self._last_id,
            path=call.path,
            model=call.model,
            messages=call.messages,
            schema=call.schema,
            options=call.options,
            prompt_tokens=prompt_tokens,
            authorization="authorization" in request.headers,
            received_s=time.monotonic(),
        )
        (self._probes if is_probe(call) else self._log).append(log)
        return log

    def _may_enter(self, request: Request) -> bool:
        key = self._settings.api_key
        open_to_all = key is None or not request.path.startswith(("/v1/", *llamacpp.PAGES))
        return open_to_all or request.headers.get("authorization") == f"Bearer {key}"

    def _refusal(self) -> JsonObject:
        return self._dialects["/v1/completions"].error_body(401, "Invalid API Key")

    def _serves(self, path: str, model: str) -> bool:
        """llama.cpp answers under any name."""
        is_lax = path.startswith("/v1/") and not self._settings.strict_models
        return is_lax or path == "/completion" or model in self._settings.served()

    def _choose(self, call: Call) -> Rule:
        for scripted in self._rules:
            if scripted.answers(call):
                scripted.used += 1
                return scripted.rule
        return Rule(reply="ok", choices=[(" ok", -0.1)])

    def _show(self, request: Request) -> tuple[int, JsonObject]:
        body = request.json()
        name = str(body.get("model") or body.get("name") or "")
        if name not in self._settings.served():
            return 404, ollama.not_found(name)
        return 200, ollama.show(self._settings, name)

    def _clear(self, _: Request) -> tuple[int, JsonObject]:
        self._log, self._probes = [], []
        return 200, {}

    def _script(self, request: Request) -> tuple[int, JsonObject]:
        try:
            self._rules = [ScriptedRule(Rule.from_dict(rule)) for rule in request.json()["rules"]]
        except (KeyError, TypeError) as error:
            raise BadRequestError(f"not a script: {error}") from error
        return 200, {}

    def _change(self, request: Request) -> tuple[int, JsonObject]:
        changes = request.json()
        # The slots exist from the start and may hold requests; the engine itself changes which models are loaded.
        changeable = {field.name for field in fields(Settings)} - {"slots", "loaded"}
        if wrong := changes.keys() - changeable:
            raise BadRequestError(f"cannot be changed: {', '.join(sorted(wrong))}")
        self._settings = replace(self._settings, **changes)
        return 200, {}


async def end_of_input() -> None:
    """Wait until the other side closes standard input."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        while await reader.read(4096):
            pass
    finally:
        transport.close()


async def run(settings: Settings) -> None:
    """Serve until standard input ends."""
    engine = Engine(settings)
    clients: set[asyncio.Task[None]] = set()

    def gone(client: asyncio.Task[None]) -> None:
        clients.discard(client)
        # At once, and not when the task is collected: a test that causes an error here has to see it.
        if not client.cancelled() and (error := client.exception()) is not None:
            traceback.print_exception(error)

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.create_task(engine.serve(reader, writer))
        clients.add(client)
        client.add_done_callback(gone)

    secure = None
    if settings.certificate:
        secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        secure.load_cert_chain(settings.certificate)
    server = await asyncio.start_server(accept, "127.0.0.1", settings.port, ssl=secure)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    try:
        await end_of_input()
    finally:
        server.close()
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="A fake inference engine for tests and benchmarks.")
    parser.add_argument("--settings", default="{}", help="the settings as a JSON object")
    asyncio.run(run(Settings(**json.loads(parser.parse_args().settings))))


if __name__ == "__main__":
    main()
