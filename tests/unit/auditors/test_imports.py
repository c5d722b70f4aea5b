"""Imports that exist nowhere are said; what the language, the workspace, its environment or its manifest has is not."""

from pathlib import Path
from typing import NamedTuple

import pytest

from pillion.auditors.imports.import_auditor import ImportsAuditor
from tests.unit.auditors.cases import Case, check, write

PYTHON = {
    "pyproject.toml": '[project]\nname = "shop-app"\ndependencies = ["PyYAML>=6", "scikit-learn"]\n'
    '[project.optional-dependencies]\nextra = ["google-cloud-storage"]\n[dependency-groups]\ndev = ["pytest>=8"]\n',
    "requirements-dev.txt": "# tools\nBeautifulSoup4==4.12\n-r other.txt\n",
    "src/shop/__init__.py": "from shop.cart import Cart\n",
    "src/shop/cart.py": "",
    "src/shop/web/__init__.py": "",
    "packages/tools/lib/helpers.py": "",
    "setup.py": "raise SystemExit('a manifest is never run')",
    ".venv/lib/python3.11/site-packages/installed/__init__.py": "",
    ".venv/lib/python3.11/site-packages/editable_thing-1.0.dist-info/top_level.txt": "thing\n",
}
NODE = {
    "package.json": '{"name": "shop", "dependencies": {"react": "18", "@scope/ui": "1"}, "devDependencies": {"vitest": "1"}}',
    "node_modules/transitive/package.json": "{}",
    "src/cart.ts": "",
    "src/web/index.tsx": "",
    "src/style.css": "",
}
GO = {
    "go.mod": "module example.com/shop\n\nrequire (\n\tgithub.com/acme/log v1.2.0\n)\nrequire golang.org/x/text v0.3.0\n",
    "cart/cart.go": "package cart\n",
}
RUST = {
    "Cargo.toml": '[package]\nname = "shop-app"\n[dependencies]\nserde-json = "1"\n[target.\'cfg(unix)\'.dependencies]\nnix = "1"\n',
    "src/cart.rs": "",
}


class Around(NamedTuple):
    """Files around a document, its path, and the case."""

    files: dict[str, str]
    path: str
    case: Case


def python(text: str, before: str = "", found: str = "", message: str = "") -> Around:
    expected = {f"error {found}": message} if found else {}
    return Around(PYTHON, "src/shop/new.py", Case("python", text, expected, before))


CASES = {
    "standard library": python("import os.path, json as j\nfrom __future__ import annotations\n"),
    "own": python("import shop\nfrom shop.cart import Cart\nfrom . import cart, web\nfrom .cart import x\nfrom shop import web\n"),
    "own, deep in the workspace": python("import helpers\n"),
    "declared": python("import yaml\nfrom sklearn.svm import SVC\nimport bs4\nimport google.cloud\nimport pytest\nimport shop_app\n"),
    "installed": python("import installed.part\nimport thing\n"),
    "invented": Around(PYTHON, "src/shop/new.py", Case("python", "import fastjsonx.core\n", {"error fastjsonx.core": "“fastjsonx” is not in the environment or pyproject.toml or"})),
    "invented in a piece of a function": python("    from fastjsonx import load\n", "", "fastjsonx", "make sure that it exists"),
    "invented and own": Around(PYTHON, "src/shop/new.py", Case("python", "from shop.basket import B\nfrom .basket import B\nfrom ..cart import B\n", {"error shop.basket": "no such file", "error .basket": "", "error ..cart": ""})),
    "invented name of a package": python("from . import basket\n", "", ".", "no such file"),
    "made by a build": python("from shop.api_pb2 import A\nfrom ._native import b\n"),
    "imported before": python("import fastjsonx\n", "from fastjsonx import load\n"),
    "guarded": python("try:\n    import fastjsonx\nexcept ImportError:\n    fastjsonx = None\n"),
    "guarded by something else": python("try:\n    import fastjsonx\nexcept KeyError:\n    pass\n", "", "fastjsonx"),
    "for types": python("if TYPE_CHECKING:\n    import fastjsonx\n"),
    "nothing to compare with": Around({"a.py": ""}, "b.py", Case("python", "import fastjsonx\n", {"warning fastjsonx": "no manifest to compare it with"})),
    "well known, nothing to compare with": Around({"a.py": ""}, "b.py", Case("python", "import requests\nimport a\n")),
    "node's": Around(NODE, "src/new.ts", Case("typescript", "import fs from 'fs/promises';\nimport test from 'node:test';\n")),
    "no module of node's": Around(NODE, "src/new.ts", Case("typescript", "import x from 'node:magic';\n", {"error 'node:magic'": "Node’s modules"})),
    "packages": Around(NODE, "src/new.ts", Case("typescript", "import { x } from 'react/jsx-runtime';\nexport * from '@scope/ui/a';\nimport 'transitive';\nconst v = require('vitest');\n")),
    "invented packages": Around(NODE, "src/new.ts", Case("typescript", "import x from 'left-padding-pro';\nconst y = await import('@scope/other');\n", {"error 'left-padding-pro'": "not in package.json or node_modules", "error '@scope/other'": ""})),
    "files": Around(NODE, "src/new.ts", Case("typescript", "import './cart';\nimport './cart.js';\nimport './web';\nimport './style.css?raw';\nimport '../package.json';\n")),
    "no such file": Around(NODE, "src/new.ts", Case("typescript", "import './basket';\n", {"error './basket'": "no such file"})),
    "names for paths": Around(NODE | {"tsconfig.json": '{ // why\n"compilerOptions": {"paths": {"app/*": ["src/*"]}}}'}, "src/new.ts", Case("typescript", "import 'app/cart';\nimport '@/x';\nimport 'https://a/b.js';\n")),
    "imported before, javascript": Around(NODE, "src/new.js", Case("javascript", "import x from 'nowhere';\n", {}, "const x = require('nowhere');\n")),
    "required in try": Around(NODE, "src/new.js", Case("javascript", "try { x = require('nowhere'); } catch (e) {}\n")),
    "no package.json": Around({"a.js": ""}, "b.js", Case("javascript", "import 'nowhere-at-all';\nimport 'react';\n", {"warning 'nowhere-at-all'": "no manifest"})),
    "go": Around(GO, "main.go", Case("go", 'import (\n\t"fmt"\n\t"net/http"\n\tl "github.com/acme/log/v2/sub"\n\t"golang.org/x/text/language"\n\t"example.com/shop/cart"\n)\n')),
    "invented, go": Around(GO, "main.go", Case("go", 'import (\n\t"net/httpx"\n\t"github.com/acme/other"\n\t"example.com/shop/basket"\n)\n', {'error "net/httpx"': "Go’s standard library", 'error "github.com/acme/other"': "go.mod", 'error "example.com/shop/basket"': "no such file"})),
    "no go.mod": Around({"a.go": ""}, "main.go", Case("go", 'import "github.com/acme/other"\n', {'warning "github.com/acme/other"': "no manifest"})),
    "rust": Around(RUST, "src/main.rs", Case("rust", "use std::{fs, io};\nuse serde_json::Value;\nuse nix::{self, unistd as u};\nuse crate::x;\nuse cart::Cart;\nuse shop_app::y;\nuse fs::File;\nmod own { }\nuse own::z;\n")),
    "invented, rust": Around(RUST, "src/main.rs", Case("rust", "use serde_yamlx::{a, b};\nuse {std::fs, rayonx::prelude::*};\n", {"error serde_yamlx": "Cargo.toml", "error rayonx": ""})),
    "rust, used before": Around(RUST, "src/main.rs", Case("rust", "use serde_yamlx::a;\n", {}, "extern crate serde_yamlx;\n")),
}  # fmt: skip


@pytest.mark.parametrize("around", CASES.values(), ids=CASES)
def test_imports(around: Around, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    write(tmp_path, around.files)
    check(ImportsAuditor(), around.case, tmp_path / around.path, tmp_path)


def test_an_active_environment_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    write(tmp_path, {"env/Lib/site-packages/installed.py": "", "project/a.py": ""})
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "env"))
    case = Case("python", "import installed\nimport fastjsonx\n", {"error fastjsonx": "is not in the environment"})
    check(ImportsAuditor(), case, tmp_path / "project" / "b.py", tmp_path / "project")


def test_a_document_without_a_place() -> None:
    case = Case("python", "from .x import y\nimport os\nimport requests\n")
    check(ImportsAuditor(), case)
