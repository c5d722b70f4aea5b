"""pygls' protocol with documents of our own, requests to the client, and what the client said it can do."""

import asyncio
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound

from pillion.errors import PillionError
from pillion.lsp.answering import AnsweringProtocol
from pillion.lsp.documents import Document, DocumentWorkspace, EditObserver, open_document
from pillion.lsp.outgoing import made_plain


class ClientRefusedError(PillionError):
    """The client answered a request with an error."""


class ClientLacksError(ClientRefusedError):
    """The client doesn't know the request."""


class PillionProtocol(AnsweringProtocol):
    """AnsweringProtocol that keeps documents of its own and sends plain strings."""

    def use_own_documents(self, observer: EditObserver) -> None:
        """Replaces the workspace that `initialize` made; called before any document is open."""
        self._workspace = DocumentWorkspace.in_place_of(self.workspace, observer)

    def open_document(self, uri: str) -> Document | None:
        """The document if the client has it open."""
        return open_document(self.workspace, uri)

    async def ask(self, method: str, params: Any) -> Any:
        """A request to the client. Cancelling the caller doesn't cancel the request: a late answer would find a
        cancelled future and raise in pygls (#621).

        Raises:
            ClientRefusedError: the client answers with an error; many don't know every request (ClientLacksError).
        """
        try:
            return await asyncio.shield(self.send_request_async(method, params))
        except JsonRpcMethodNotFound as exc:
            raise ClientLacksError(f"the editor doesn't do {method}") from exc
        except JsonRpcException as exc:
            raise ClientRefusedError(f"the editor said: {exc}") from exc

    def _send_data(self, data: Any) -> None:
        """Everything that is sent goes through here; what isn't data yet becomes it in `_serialize_message`."""
        super()._send_data(made_plain(data))

    def _serialize_message(self, data: Any) -> Any:
        """What lsprotocol has a type for, as plain data."""
        return made_plain(super()._serialize_message(data))

    def client_shows_progress(self) -> bool:
        """Whether the client lets the server create progress."""
        window = self.client_capabilities.window
        return bool(window and window.work_done_progress)

    def client_takes_versioned_edits(self) -> bool:
        """Whether the client understands documentChanges."""
        return bool(self._client_workspace_edit().document_changes)

    def client_resource_operations(self) -> frozenset[types.ResourceOperationKind]:
        """What the client does with files when it is sent documentChanges."""
        edit = self._client_workspace_edit()
        return frozenset((edit.resource_operations or ()) if edit.document_changes else ())

    def client_asks_for_confirmation(self) -> bool:
        """Whether the client can ask the user before it applies an edit (change annotations)."""
        edit = self._client_workspace_edit()
        return bool(edit.document_changes) and edit.change_annotation_support is not None

    def _client_workspace_edit(self) -> types.WorkspaceEditClientCapabilities:
        workspace = self.client_capabilities.workspace
        edit = workspace.workspace_edit if workspace else None
        return edit or types.WorkspaceEditClientCapabilities()

    def client_code_action(self) -> types.CodeActionClientCapabilities:
        """What the client says of code actions."""
        text_document = self.client_capabilities.text_document
        said = text_document.code_action if text_document else None
        return said or types.CodeActionClientCapabilities()

    def client_prefers_fixes(self) -> bool:
        """Whether the client shows a preferred quick fix before the others."""
        return bool(self.client_code_action().is_preferred_support)

    def client_model_tags(self) -> list[types.CodeActionTag] | None:
        """The tag that says that a model does the work, for clients that show it."""
        support = self.client_code_action().tag_support
        tag = types.CodeActionTag.LlmGenerated
        return [tag] if support is not None and tag in support.value_set else None
