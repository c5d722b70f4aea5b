"""The checkers that Pillion can ask, as data.

A checker is a row here if it executes nothing: neither the workspace's code nor plug-ins of its configuration. The
build tools run scripts of the project and of its dependencies, so only the user can turn them on.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pillion.auditors.checkers.checker_output import (
    Reader,
    Severities,
    cargo_rows,
    mypy_rows,
    pyright_rows,
    tsc_rows,
    ty_rows,
    vet_rows,
)
from pillion.auditors.checkers.stand_in import StandIn

_JAVASCRIPT, _TYPESCRIPT = frozenset({"javascript"}), frozenset({"typescript", "typescriptreact"})


@dataclass(frozen=True, slots=True)
class Checker:
    """One checker. In `arguments`, `{file}` is the document, `{root}` what stands for its workspace, `{folder}` the
    document's folder, `{config}` a file with the text of `config`, `{cache}` a folder that is gone after the audit,
    `{kept}` one that is kept, `{needed}` the project's file that it needs.

    `needs`: names of files; one must be in the document's folder or above. `configured`: files, and tables of
    pyproject.toml, of a project that uses it. `beside`: its configuration must lie beside the file that it needs.
    `build_tool`: its name in the setting that turns it on.
    """

    languages: frozenset[str]
    executable: str
    arguments: tuple[str, ...]
    read: Reader
    config: Callable[[StandIn, Path | None], str] = lambda where, needed: ""
    needs: tuple[str, ...] = ()
    configured: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    beside: bool = False
    build_tool: str = ""


# Errors are calls that the function's header refuses: they fail as soon as the line runs. What depends on inferred
# types is a warning. Names, imports and syntax have auditors of their own; what is a matter of taste isn't reported.
_TY: Severities = {
    **dict.fromkeys(
        (
            "missing-argument",
            "too-many-positional-arguments",
            "unknown-argument",
            "parameter-already-assigned",
            "positional-only-parameter-as-kwarg",
        ),
        "error",
    ),
    **dict.fromkeys(
        (
            *("missing-attribute", "unresolved-attribute", "unsupported-operator", "invalid-argument-type"),
            *("invalid-return-type", "invalid-explicit-return", "invalid-implicit-return", "call-non-callable"),
            *("not-callable", "non-subscriptable", "not-subscriptable", "not-iterable", "unused-awaitable"),
            *("invalid-await", "no-matching-overload", "index-out-of-bounds", "invalid-context-manager"),
        ),
        "warning",
    ),
}
_PYRIGHT: Severities = {
    "reportCallIssue": "error",
    **dict.fromkeys(
        (
            *("reportAttributeAccessIssue", "reportArgumentType", "reportReturnType", "reportOperatorIssue"),
            *("reportIndexIssue", "reportUnusedCoroutine", "reportAbstractUsage"),
        ),
        "warning",
    ),
}
_MYPY: Severities = {
    "call-arg": "error",
    **dict.fromkeys(
        (
            *("attr-defined", "operator", "arg-type", "return-value", "return", "index", "call-overload"),
            *("unused-coroutine", "unused-awaitable", "func-returns-value", "abstract", "typeddict-item"),
        ),
        "warning",
    ),
}
# Wrong numbers of arguments. In plain JavaScript they are allowed, and types are guessed.
_TSC: Severities = {"2554": "error", "2555": "error"}
_TSC_JAVASCRIPT: Severities = dict.fromkeys(("2551", "2552", "2362", "2363", "2365", "2367", "2588"), "warning")


def _pyright_config(where: StandIn, needed: Path | None) -> str:
    """Its own, since the project's may name an interpreter, which pyright would start."""
    shown = {"include": [str(where.file)], "extraPaths": [str(where.root), str(where.root / "src")]}
    venv = {"venvPath": str(where.root), "venv": ".venv"} if (where.root / ".venv").is_dir() else {}
    return json.dumps({"typeCheckingMode": "standard", **shown, **venv})


def _mypy_config(where: StandIn, needed: Path | None) -> str:
    """Its own, since the project's may name plug-ins, which are programs."""
    found = ", ".join(f"{each}" for each in (where.root, where.root / "src") if each.is_dir())
    return f"[mypy]\nignore_missing_imports = True\ncheck_untyped_defs = True\nplugins =\nmypy_path = {found}\n"


def _tsc_config(where: StandIn, needed: Path | None) -> str:
    """The project's, which is data, for the one file, and without anything that would write."""
    javascript = where.file.suffix in {".js", ".mjs", ".cjs", ".jsx"}
    checked = {"allowJs": True, "checkJs": True, "strict": False, "noImplicitAny": False} if javascript else {}
    return json.dumps(
        {
            "extends": f"./{needed.name}" if needed is not None else [],
            "compilerOptions": {
                "noEmit": True,
                "composite": False,
                "incremental": False,
                "skipLibCheck": True,
                "plugins": [],
                **checked,
            },
            "files": [str(where.file)],
            "include": [],
            "references": [],
        }
    )


# In each language, the fastest first.
CHECKERS: tuple[Checker, ...] = (
    Checker(
        languages=frozenset({"python"}),
        executable="ty",
        arguments=(
            *("check", "--project", "{root}", "--output-format", "gitlab", "--no-progress", "--exit-zero"),
            *("--color", "never", "{file}"),
        ),
        read=ty_rows(_TY),
        configured=("ty.toml",),
        tables=("ty",),
    ),
    Checker(
        languages=frozenset({"python"}),
        executable="mypy",
        arguments=(
            *(
                "--config-file",
                "{config}",
                "--cache-dir",
                "{cache}",
                "--no-error-summary",
                "--follow-imports",
                "silent",
            ),
            *("--output", "json", "--show-error-end", "{file}"),
        ),
        read=mypy_rows(_MYPY),
        config=_mypy_config,
        configured=("mypy.ini", ".mypy.ini"),
        tables=("mypy",),
    ),
    Checker(
        languages=frozenset({"python"}),
        executable="basedpyright",
        arguments=("--project", "{config}", "--pythonpath", "{python}", "--outputjson"),
        read=pyright_rows(_PYRIGHT),
        config=_pyright_config,
        configured=("pyrightconfig.json",),
        tables=("basedpyright", "pyright"),
    ),
    *(
        Checker(
            languages=languages,
            executable="tsc",
            arguments=("--pretty", "false", "--project", "{config}"),
            read=read,
            config=_tsc_config,
            needs=needs,
            beside=True,
        )
        for languages, needs, read in (
            (_TYPESCRIPT, ("tsconfig.json",), tsc_rows(_TSC, "warning")),
            (_JAVASCRIPT, ("jsconfig.json", "tsconfig.json"), tsc_rows(_TSC_JAVASCRIPT, None)),
        )
    ),
    Checker(
        languages=frozenset({"go"}),
        executable="go",
        arguments=("-C", "{folder}", "vet", "."),
        read=vet_rows,
        needs=("go.mod",),
        build_tool="go",
    ),
    Checker(
        languages=frozenset({"rust"}),
        executable="cargo",
        arguments=(
            *("check", "--offline", "--quiet", "--message-format", "json", "--manifest-path", "{needed}"),
            *("--target-dir", "{kept}"),
        ),
        read=cargo_rows,
        needs=("Cargo.toml",),
        build_tool="cargo",
    ),
)
