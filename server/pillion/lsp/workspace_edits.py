"""Changes to files as an edit of LSP, in the newest form that the client knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from lsprotocol import types
from pygls.workspace import PositionCodec

from pillion.edits.file_change import FileCreation, FileDeletion, FileRename
from pillion.jobs.front import FileStep
from pillion.lsp.convert import Positions
from pillion.lsp.protocol import PillionProtocol
from pillion.text.lines import LineIndex

if TYPE_CHECKING:
    from pillion.text.replacement import Replacement

_ANNOTATION: types.ChangeAnnotationIdentifier = "pillion"
_NEEDS = {
    FileCreation: types.ResourceOperationKind.Create,
    FileRename: types.ResourceOperationKind.Rename,
    FileDeletion: types.ResourceOperationKind.Delete,
}
_START = types.Range(types.Position(0, 0), types.Position(0, 0))
_DocumentChange = types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile


@dataclass(frozen=True, slots=True)
class DocumentEdit:
    """The changes in a document as it is now. It has no `version` if it isn't open."""

    uri: str
    version: int | None
    positions: Positions
    replacements: "Sequence[Replacement]"

    @classmethod
    def of_closed(cls, uri: str, text: str, protocol: PillionProtocol, replacements: "Sequence[Replacement]") -> Self:
        """The changes in a document that isn't open, and whose file has this text."""
        codec = PositionCodec(protocol.workspace.position_encoding)
        return cls(uri, None, Positions(text, LineIndex(text), codec), replacements)


def what_is_lacking(protocol: PillionProtocol, steps: Sequence[FileStep]) -> str:
    """What these steps need and the client can't do; empty if it can do them all."""
    if len(steps) > 1 and not protocol.client_takes_versioned_edits():
        return "the editor doesn't change several files in one step"
    needed = [_NEEDS[type(each)] for each in steps if type(each) in _NEEDS]
    able = protocol.client_resource_operations() if needed else frozenset()
    missing = next((each for each in needed if each not in able), None)
    return f"the editor can't {missing.value} a file for a language server" if missing is not None else ""


def workspace_edit(
    protocol: PillionProtocol,
    steps: "Sequence[DocumentEdit | FileCreation | FileRename | FileDeletion]",
    label: str,
    objection: str,
) -> types.WorkspaceEdit:
    """All steps as one edit. With an `objection`, the client asks the user before it applies the edit."""
    first = steps[0]
    if not protocol.client_takes_versioned_edits() and isinstance(first, DocumentEdit):
        return types.WorkspaceEdit(changes={first.uri: _text_edits(first)})
    annotation = _ANNOTATION if objection else None
    changes = [change for each in steps for change in _changes(each, annotation)]
    if not objection:
        return types.WorkspaceEdit(document_changes=changes)
    confirm = types.ChangeAnnotation(label, needs_confirmation=True, description=f"{objection}.")
    return types.WorkspaceEdit(document_changes=changes, change_annotations={_ANNOTATION: confirm})


def _changes(
    step: DocumentEdit | FileCreation | FileRename | FileDeletion, annotation: str | None
) -> list[_DocumentChange]:
    """A file is created empty, and then gets its text. An existing file is never overwritten."""
    match step:
        case DocumentEdit():
            identifier = types.OptionalVersionedTextDocumentIdentifier(step.uri, step.version)
            return [_document_edit(identifier, _text_edits(step), annotation)]
        case FileCreation():
            options = types.CreateFileOptions(overwrite=False, ignore_if_exists=False)
            create = types.CreateFile(step.uri, options=options, annotation_id=annotation)
            identifier = types.OptionalVersionedTextDocumentIdentifier(step.uri, None)
            text = [types.TextEdit(_START, step.text)]
            return [create, _document_edit(identifier, text, annotation)] if step.text else [create]
        case FileRename():
            kept = types.RenameFileOptions(overwrite=False, ignore_if_exists=False)
            return [types.RenameFile(step.uri, step.new_uri, options=kept, annotation_id=annotation)]
        case FileDeletion():
            only = types.DeleteFileOptions(recursive=False, ignore_if_not_exists=False)
            return [types.DeleteFile(step.uri, options=only, annotation_id=annotation)]


def _text_edits(edit: DocumentEdit) -> list[types.TextEdit]:
    positions = edit.positions
    return [types.TextEdit(positions.range(each.start, each.end), each.new_text) for each in edit.replacements]


def _document_edit(
    identifier: types.OptionalVersionedTextDocumentIdentifier, edits: list[types.TextEdit], annotation: str | None
) -> types.TextDocumentEdit:
    if annotation is None:
        return types.TextDocumentEdit(identifier, list(edits))
    annotated = [types.AnnotatedTextEdit(annotation, each.range, each.new_text) for each in edits]
    return types.TextDocumentEdit(identifier, list(annotated))
