"""What comes along with a rewritten symbol: the imports and helpers that it needs."""

import pytest

from tests.unit.edits.test_code import edited

F = "def f():¦\n    pass\n"
NEW_F = "def f():\n    return g()\n"
USING_F = "def f():\n    return os, d, b\n"

IMPORTS = {
    "behind the last import": (
        "python",
        f'"""Doc."""\nimport a\nfrom b import (\n    c,\n)  # why\n\n\n{F}',
        f"import os\nimport a\n\n{USING_F}",
        f'"""Doc."""\nimport a\nfrom b import (\n    c,\n)  # why\nimport os\n\n\n{USING_F}',
    ),
    "behind a line of imports": ("python", f"import a; import b\n{F}", f"import os\n{USING_F}", f"import a; import b\nimport os\n{USING_F}"),
    "before the first code": (
        "python",
        f'#!/usr/bin/python\n"""Doc."""\n\n# why\nx = 1\n{F}',
        f"import os\nfrom c import d\n{USING_F}",
        f'#!/usr/bin/python\n"""Doc."""\n\nimport os\nfrom c import d\n\n# why\nx = 1\n{USING_F}',
    ),
    "behind a licence": (
        "python",
        f"# Licence\n\n# why\n{F}",
        f"import os\n{USING_F}",
        f"# Licence\n\nimport os\n\n# why\n{USING_F}",
    ),
    "behind the encoding": ("python", f"# -*- coding: utf-8 -*-\n{F}", f"import os\n{USING_F}", f"# -*- coding: utf-8 -*-\nimport os\n\n\n{USING_F}"),
    "once": ("python", f"import a\n{F}", f"import os\nimport os\n{USING_F}", f"import a\nimport os\n{USING_F}"),
    "none that is there": ("python", f"import os\n{F}", f"import os\n{USING_F}", f"import os\n{USING_F}"),
    "none from the future": ("python", f"import a\n{F}", f"from __future__ import annotations\n{USING_F}", f"import a\n{USING_F}"),
    "none from inside": ("python", f"import a\n{F}", "def f():\n    import os\n    return g()\n", "import a\ndef f():\n    import os\n    return g()\n"),
    "carriage returns": ("python", "import a\r\ndef f():¦\r\n    pass\r\n", f"import b\n{USING_F}", "import a\r\nimport b\r\ndef f():\r\n    return os, d, b\r\n"),
    "before the doc comment": (
        "javascript",
        '"use strict";\n\n/** Doc. */\nfunction f() {¦\n}\n',
        'import x from "y";\nfunction f() {\n  return x;\n}\n',
        '"use strict";\n\nimport x from "y";\n\n/** Doc. */\nfunction f() {\n  return x;\n}\n',
    ),
    "behind the interpreter": (
        "javascript",
        "#!/usr/bin/node\nfunction f() {¦\n}\n",
        'import x from "y";\nfunction f() {\n  return x;\n}\n',
        '#!/usr/bin/node\nimport x from "y";\n\nfunction f() {\n  return x;\n}\n',
    ),
    "behind inner attributes": (
        "rust",
        "//! Doc.\n#![allow(x)]\n\nfn f() {¦\n}\n",
        "use a::b;\nfn f() {\n    b();\n}\n",
        "//! Doc.\n#![allow(x)]\n\nuse a::b;\n\nfn f() {\n    b();\n}\n",
    ),
    "behind java's package": (
        "java",
        "package a;\n\n/** Doc. */\nclass A {\n  void f() {¦\n  }\n}\n",
        "import b.C;\n\nclass A {\n  void f() {\n    C.g();\n  }\n}\n",
        "package a;\n\nimport b.C;\n\n/** Doc. */\nclass A {\n  void f() {\n    C.g();\n  }\n}\n",
    ),
    "behind the last include": (
        "c",
        "#include <a.h>\n#include <b.h>\n#define X 1\nvoid f(void) {¦\n}\n",
        "#include <a.h>\n#include <c.h>\nvoid f(void) {\n    c();\n}\n",
        "#include <a.h>\n#include <b.h>\n#include <c.h>\n#define X 1\nvoid f(void) {\n    c();\n}\n",
    ),
    "inside the guard": (
        "c",
        "#ifndef A_H\n#define A_H\n\n/* Doc. */\nvoid f(void) {¦\n}\n#endif\n",
        "#include <c.h>\nvoid f(void) {\n    c();\n}\n",
        "#ifndef A_H\n#define A_H\n\n#include <c.h>\n\n/* Doc. */\nvoid f(void) {\n    c();\n}\n#endif\n",
    ),
    "behind pragmas": (
        "cpp",
        "#pragma once\nvoid f() {¦\n}\n",
        "#include <c>\nvoid f() {\n    c();\n}\n",
        "#pragma once\n#include <c>\n\nvoid f() {\n    c();\n}\n",
    ),
    "go below the others": (
        "go",
        'package a\n\nimport "x"\n\nfunc F() {¦\n}\n',
        'package a\n\nimport "y"\n\nfunc F() {\n\ty.G()\n}\n',
        'package a\n\nimport "x"\nimport "y"\n\nfunc F() {\n\ty.G()\n}\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "reply", "after"), IMPORTS.values(), ids=IMPORTS.keys())
def test_imports(language: str, text: str, reply: str, after: str) -> None:
    assert edited(language, text, reply) == after


HELPERS = {
    "behind the function": (
        "python",
        f"{F}\n\nx = 1\n",
        f"def g():\n    return 1\n\n\n{NEW_F}",
        f"{NEW_F}\n\ndef g():\n    return 1\n\n\nx = 1\n",
    ),
    "helpers of helpers": (
        "python",
        F,
        f"def h():\n    return 1\n\ndef g():\n    return h()\n\n{NEW_F}",
        f"{NEW_F}\n\ndef h():\n    return 1\n\n\ndef g():\n    return h()\n",
    ),
    "none that isn't used": ("python", F, f"{NEW_F}\n\ndef main():\n    f()\n", NEW_F),
    "none that is there": ("python", f"def g():\n    return 2\n\n\n{F}", f"def g():\n    return 1\n\n\n{NEW_F}", f"def g():\n    return 2\n\n\n{NEW_F}"),
    "decorators of helpers": ("python", F, f"@cache\ndef g():\n  return 1\n\n{NEW_F}", f"{NEW_F}\n\n@cache\ndef g():\n    return 1\n"),
    "function behind the class": (
        "python",
        "class A:\n    def f(self):¦\n        pass\n\n    x = 1\n\n\ny = 1\n",
        "def g(a):\n    return a\n\ndef f(self):\n    return g(self)\n",
        "class A:\n    def f(self):\n        return g(self)\n\n    x = 1\n\n\ndef g(a):\n    return a\n\n\ny = 1\n",
    ),
    "method behind the method": (
        "python",
        "class A:\n    def f(self):¦\n        pass\n\n    x = 1\n",
        "def f(self):\n    return self._g()\n\ndef _g(self):\n    return 1\n",
        "class A:\n    def f(self):\n        return self._g()\n\n    def _g(self):\n        return 1\n\n    x = 1\n",
    ),
    "method of the drafted class": (
        "python",
        "class A:\n    def f(self):¦\n        pass\n\n    def g(self): pass\n",
        "class A:\n  def f(self):\n    return self.g(self._h())\n\n  def g(self):\n    return 1\n\n  def _h(self):\n    return 2\n",
        "class A:\n    def f(self):\n        return self.g(self._h())\n\n    def _h(self):\n        return 2\n\n    def g(self): pass\n",
    ),
    "method of javascript": (
        "javascript",
        "class A {\n  f() {¦\n  }\n}\n",
        "f() {\n  return this.#g();\n}\n\n#g() {\n  return 1;\n}\n",
        "class A {\n  f() {\n    return this.#g();\n  }\n\n  #g() {\n    return 1;\n  }\n}\n",
    ),
    "function of go": (
        "go",
        "package a\n\nfunc F() {¦\n}\n",
        "package a\n\nfunc F() {\n\tg()\n}\n\nfunc g() {\n}\n",
        "package a\n\nfunc F() {\n\tg()\n}\n\nfunc g() {\n}\n",
    ),
    "attributes of helpers": (
        "rust",
        "fn f() {¦\n}\n",
        "fn f() {\n    g();\n}\n\n#[inline]\nfn g() {}\n",
        "fn f() {\n    g();\n}\n\n#[inline]\nfn g() {}\n",
    ),
    "method of java": (
        "java",
        "class A {\n  int f() {¦\n  }\n}\n",
        "int f() {\n  return g();\n}\n\nprivate int g() {\n  return 1;\n}\n",
        "class A {\n  int f() {\n    return g();\n  }\n\n  private int g() {\n    return 1;\n  }\n}\n",
    ),
    "before the function of c": (
        "c",
        "#include <a.h>\n\n/* Doc. */\nint f(void) {¦\n}\n",
        "static int g(void) {\n    return 1;\n}\n\nint f(void) {\n    return g();\n}\n",
        "#include <a.h>\n\nstatic int g(void) {\n    return 1;\n}\n\n/* Doc. */\nint f(void) {\n    return g();\n}\n",
    ),
    "method of c++": (
        "cpp",
        "class A {\n    int f() {¦\n    }\n};\n",
        "class A {\n    int f() {\n        return this->g();\n    }\n\n    int g() {\n        return 1;\n    }\n};\n",
        "class A {\n    int f() {\n        return this->g();\n    }\n\n    int g() {\n        return 1;\n    }\n};\n",
    ),
    "helper class": ("python", F, "class Oops(Exception):\n    pass\n\ndef f():\n    raise Oops\n", "def f():\n    raise Oops\n\n\nclass Oops(Exception):\n    pass\n"),
    "lone surrogates": ("python", F, f"def g():\n    return '\ud800'\n\n{NEW_F}", f"{NEW_F}\n\ndef g():\n    return '\ud800'\n"),
    "carriage returns": (
        "python",
        "def f():¦\r\n    pass\r\n",
        f"{NEW_F}\ndef g():\n    return 1\n",
        "def f():\r\n    return g()\r\n\r\n\r\ndef g():\r\n    return 1\r\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "reply", "after"), HELPERS.values(), ids=HELPERS.keys())
def test_helpers(language: str, text: str, reply: str, after: str) -> None:
    assert edited(language, text, reply) == after
