"""The models that Pillion knows by name, each with its sources and its pinned SHA-256."""

import difflib
from dataclasses import dataclass

from pillion.config.schema import DEFAULT_MODEL
from pillion.errors import ModelError
from pillion.models.wheel_parts import QWEN25_CODER_05B, QWEN25_CODER_15B, SMOLLM2_135M, WheelPart

# An address that has the whole file, or wheels of the package index that have the pieces of it, in order.
Source = str | tuple[WheelPart, ...]


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that can be pulled by name. Its sources are tried in order; the hash is what makes a file trusted.

    `memory_bytes`: what an engine with this model and a context of 4,096 tokens needs, measured. `context_bytes`: how
    much of it is that context; another endpoint that shares the engine adds as much.
    """

    name: str
    file_name: str
    size_bytes: int
    sha256: str
    licence: str
    sources: tuple[Source, ...]
    summary: str
    memory_bytes: int
    context_bytes: int = 0

    @property
    def parts(self) -> tuple[WheelPart, ...]:
        """The pieces of the file that wheels have; empty if no wheel has it."""
        return next((each for each in self.sources if isinstance(each, tuple)), ())


KNOWN_MODELS: tuple[KnownModel, ...] = (
    KnownModel(
        name=DEFAULT_MODEL,
        file_name="SmolLM2-135M-Instruct.Q4_1.gguf",
        size_bytes=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        licence="Apache-2.0",
        sources=(SMOLLM2_135M,),
        summary="135M parameters: shows that everything works, on any CPU. Too small for real work.",
        memory_bytes=270_000_000,
        context_bytes=95_000_000,
    ),
    KnownModel(
        name="qwen2.5-coder-0.5b",
        file_name="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        size_bytes=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        licence="Apache-2.0",
        sources=(
            "https://huggingface.co/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/main/"
            "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            QWEN25_CODER_05B,
        ),
        summary="0.5B parameters, made for code: docstrings, explanations and audits; simple functions.",
        memory_bytes=700_000_000,
        context_bytes=50_000_000,
    ),
    KnownModel(
        name="qwen2.5-coder-1.5b",
        file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size_bytes=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        licence="Apache-2.0",
        sources=(
            "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/"
            "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            QWEN25_CODER_15B,
        ),
        summary="1.5B parameters, made for code: drafts functions, refactors, writes tests.",
        memory_bytes=2_000_000_000,
        context_bytes=120_000_000,
    ),
    KnownModel(
        name="qwen2.5-1.5b",
        file_name="qwen2.5-1.5b-instruct-q4_k_m.gguf",
        size_bytes=1_117_320_736,
        sha256="6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e",
        licence="Apache-2.0",
        sources=(
            "https://huggingface.co/Qwen/Qwen2.5-1.5B-Instruct-GGUF/resolve/"
            "91cad51170dc346986eccefdc2dd33a9da36ead9/qwen2.5-1.5b-instruct-q4_k_m.gguf",
        ),
        summary="1.5B parameters, for talk rather than code: explanations and questions.",
        memory_bytes=2_000_000_000,
        context_bytes=120_000_000,
    ),
)


def known_model(name: str) -> KnownModel:
    """The known model with this name.

    Raises:
        ModelError: there is none; the message names the nearest, and lists the known models.
    """
    for model in KNOWN_MODELS:
        if model.name == name:
            return model
    names = [model.name for model in KNOWN_MODELS]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    raise ModelError(
        f"No model is called {name!r}{f'; did you mean {near[0]!r}' if near else ''}.",
        hint=f"Known models: {', '.join(names)}; or give the path of a .gguf file.",
    )
