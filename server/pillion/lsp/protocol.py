"""The protocol with Pillion's own documents, and the client's capabilities."""

from lsprotocol import types

from pillion.lsp.documents import Document, DocumentWorkspace, EditObserver, open_document
from pillion.rpc.plain_protocol import PlainProtocol


class PillionProtocol(PlainProtocol):
    """A PlainProtocol with Pillion's own documents."""

    def use_own_documents(self, observer: EditObserver) -> None:
        """Replaces the workspace that `initialize` made; called before any document is open."""
        self._workspace = DocumentWorkspace.in_place_of(self.workspace, observer)

    def open_document(self, uri: str) -> Document | None:
        """The document if the client has it open."""
        return open_document(self.workspace, uri)

    def client_shows_progress(self) -> bool:
        """Whether the client lets the server create progress."""
        window = self.client_capabilities.window
        return bool(window and window.work_done_progress)

    def client_shows_documents(self) -> bool:
        """Whether the server can have the client show a document."""
        window = self.client_capabilities.window
        return bool(window and window.show_document and window.show_document.support)

    def client_takes_versioned_edits(self) -> bool:
        """Whether the client understands documentChanges."""
        return bool(self._client_workspace_edit().document_changes)

    def client_resource_operations(self) -> frozenset[types.ResourceOperationKind]:
        """The operations on files that the client supports in documentChanges."""
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
        """The client's capabilities for code actions."""
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
