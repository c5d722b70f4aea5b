"""Real TOML tools, as editors run them: linters, and language servers that complete and check."""

import subprocess
import sysconfig
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from tests.editors.polling import until
from tests.support.editor import private_environment

SERVERS = {"taplo": ("olpat", "lsp", "stdio"), "tombi": ("tombi", "lsp", "--offline")}
_LINTERS = {"taplo": ("taplo", "--colors", "never", "lint"), "tombi": ("tombi", "lint", "--offline")}
_SCRIPTS = Path(sysconfig.get_path("scripts"))
_WITHIN_S = 30
_TYPES_EVERY_S = 2


def lint(linter: str, file: Path) -> tuple[bool, str]:
    """Whether the file is fine by its schema, and what is said of it."""
    name, *arguments = _LINTERS[linter]
    done = subprocess.run(
        [_SCRIPTS / name, *arguments, file.name],
        cwd=file.parent, env=_environment(file), capture_output=True, text=True, timeout=_WITHIN_S, check=False,
    )  # fmt: skip
    return done.returncode == 0, done.stdout + done.stderr


class TomlEditor:
    """A language server and one document that it was told of."""

    def __init__(self, client: LanguageClient, uri: str, text: str) -> None:
        self._client = client
        self._uri = uri
        self._text = text
        self._version = 1
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "toml", self._version, text))
        )

    async def completions(self, line: int, character: int, expected: str) -> list[str]:
        """What may be written there, once this is among it: the schema is read after the document."""

        async def read() -> list[str]:
            position = types.Position(line, character)
            where = types.CompletionParams(types.TextDocumentIdentifier(self._uri), position)
            found = await self._client.text_document_completion_async(where)
            items = found.items if isinstance(found, types.CompletionList) else found or []
            return [each.label.strip('"') for each in items]

        return await until(read, lambda labels: expected in labels, f"“{expected}” offered", _WITHIN_S)

    async def problem_with(self, words: str) -> str:
        """What is underlined, once these words are in it, while the user types at the end."""
        typed_at = time.monotonic()

        async def read() -> str:
            nonlocal typed_at
            # taplo looks at a document that it knew before the editor's settings only when it changes.
            if time.monotonic() > typed_at + _TYPES_EVERY_S:
                self._type_a_line()
                typed_at = time.monotonic()
            return "\n".join(each.message for each in self._client.diagnostics.get(self._uri, ()))

        return await until(read, lambda messages: words in messages, f"“{words}” underlined", _WITHIN_S)

    def _type_a_line(self) -> None:
        self._text, self._version = f"{self._text}\n", self._version + 1
        document = types.VersionedTextDocumentIdentifier(self._version, self._uri)
        change = types.TextDocumentContentChangeWholeDocument(self._text)
        self._client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))


@asynccontextmanager
async def opened(
    server: str, file: Path, *, settings: Mapping[str, Any] | None = None, text: str | None = None
) -> AsyncIterator[TomlEditor]:
    """A language server that has been told of a file; `settings` are the editor's."""
    client = make_test_lsp_client()
    client.set_configuration(dict(settings or {}))
    name, *arguments = SERVERS[server]
    await client.start_io(str(_SCRIPTS / name), *arguments, cwd=file.parent, env=_environment(file))
    root = types.WorkspaceFolder(file.parent.as_uri(), file.parent.name)
    able = client_capabilities("visual-studio-code")
    await client.initialize_session(types.InitializeParams(able, root_uri=root.uri, workspace_folders=[root]))
    whole = file.read_text(encoding="utf-8") if text is None else text
    try:
        yield TomlEditor(client, file.as_uri(), whole)
    finally:
        await client.shutdown_session()
        await client.stop()


def _environment(file: Path) -> dict[str, str]:
    """One in which no configuration of the user's own is found, nor anything fetched."""
    return private_environment(file.parent, None) | {"HTTPS_PROXY": "http://127.0.0.1:9"}
