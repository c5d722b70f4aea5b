"""Every error that Pillion raises on purpose, as one tree.

::

    PillionError
    ├── UsageError                 the command line or a request makes no sense
    │   ├── ConfigError            the configuration can't be used
    │   ├── UnknownActionError     no such action
    │   ├── DocumentError          the document can't be worked on (kind, size, encoding, closed)
    │   └── NothingToDoError       the action doesn't apply at this place
    ├── FileError                  a file can't be read or written, or isn't what it should be (`path`, `reason`)
    │   ├── FileMissingError       there is no such file
    │   └── FileTooLargeError      it is larger than Pillion reads
    ├── ModelError                 a model file is missing, unknown or corrupt
    │   ├── ModelNotHereError      it is known, but nobody has fetched it yet
    │   ├── NoRoomError            the disk has no room for it
    │   └── DownloadStoppedError   its caller stopped the download
    ├── CannotAskError             the user can't be asked
    ├── NoChoiceError              the user was asked to choose, and chose nothing
    ├── CannotRenameError          the editor's own rename gave no new name
    ├── CannotRunError             the sandbox can't run a piece of code
    ├── EngineError                an engine failed
    │   ├── EngineUnreachableError nothing answers at the endpoint's address
    │   ├── EngineRefusedError     it refused the request (status, message)
    │   ├── ModelMissingError      it answered, but doesn't have the model
    │   ├── EngineTimeoutError     no token came within the endpoint's time limit
    │   ├── EngineProtocolError    its answer doesn't follow the configured protocol
    │   └── EngineInterruptedError the stream broke off in the middle
    ├── NotLoadedError             the configuration's engines couldn't be loaded, or were closed
    ├── NoEndpointError            every endpoint of a lane failed or is resting
    ├── ContextTooLongError        the prompt can't fit the endpoint's context
    ├── RequestNotPossibleError    the endpoint's protocol has no words for what is asked
    └── DraftRejectedError         the draft can't become an edit (`code` says which check)

Every message is one sentence that a person can read; `hint` says what to do next.
"""

from pathlib import PurePath


class PillionError(Exception):
    """The root. `str(error)` is the message, `error.hint` the next step (may be empty)."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def full_message(self) -> str:
        """The message and, where there is one, the hint, as one line."""
        end = "." if self.hint and str(self)[-1:].isalnum() else ""
        return f"{self}{end} {self.hint}".strip()


class UsageError(PillionError):
    """The command line or a request makes no sense."""


class ConfigError(UsageError):
    """The configuration can't be used."""


class UnknownActionError(UsageError):
    """No such action."""


class DocumentError(UsageError):
    """The document can't be worked on: its kind, size, encoding, or that it is closed."""


class NothingToDoError(UsageError):
    """The action doesn't apply at this place."""


class FileError(PillionError):
    """A file can't be read or written, or isn't what it should be. `reason` is the message without the path."""

    def __init__(self, path: PurePath, reason: str, *, hint: str = "") -> None:
        super().__init__(f"{path} {reason}.", hint=hint)
        self.path = path
        self.reason = reason


class FileMissingError(FileError):
    """There is no such file."""


class FileTooLargeError(FileError):
    """The file is larger than Pillion reads."""


class ModelError(PillionError):
    """A model file is missing, unknown or corrupt."""


class ModelNotHereError(ModelError):
    """A known model that nobody has fetched yet: `model` is its name."""

    def __init__(self, message: str, *, model: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.model = model


class NoRoomError(ModelError):
    """The disk has no room for a model file."""


class DownloadStoppedError(ModelError):
    """The caller stopped a model's download."""


class CannotAskError(PillionError):
    """The user can't be asked."""


class NoChoiceError(PillionError):
    """The user was asked to choose, and chose nothing."""


class CannotRenameError(PillionError):
    """The editor's own rename gave no new name."""


class CannotRunError(PillionError):
    """The sandbox can't run a piece of code. The message says why, as in “uses socket”; it says nothing of the code."""


class EngineError(PillionError):
    """An engine failed."""


class EngineUnreachableError(EngineError):
    """Nothing answers at the endpoint's address."""


class EngineRefusedError(EngineError):
    """The engine refused the request, with this `status`. `retry_after_s` is how long it asks clients to wait; 0: it
    doesn't say. `said`: the body of its refusal, as it came."""

    def __init__(
        self, message: str, *, hint: str = "", retry_after_s: float = 0.0, status: int = 0, said: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s
        self.status = status
        self.said = said

    @property
    def has_no_room(self) -> bool:
        """Whether the engine only has too much to do now. (529 is Anthropic's word for it.)"""
        return self.status in {429, 503, 529}


class ModelMissingError(EngineError):
    """The engine answered, but doesn't have the model."""


class EngineTimeoutError(EngineError):
    """No token came within the endpoint's time limit."""


class EngineProtocolError(EngineError):
    """The engine's answer doesn't follow the configured protocol."""


class EngineInterruptedError(EngineError):
    """The stream broke off in the middle."""


class NotLoadedError(PillionError):
    """The configuration's engines couldn't be loaded, or were closed."""


class NoEndpointError(PillionError):
    """Every endpoint of a lane failed or is resting."""


class ContextTooLongError(PillionError):
    """The prompt can't fit the endpoint's context."""


class RequestNotPossibleError(PillionError):
    """The endpoint's protocol has no words for what is asked; it is no failure of the endpoint's."""


class DraftRejectedError(PillionError):
    """The draft can't become an edit. `code` names the check that failed."""

    def __init__(self, message: str, *, code: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code
