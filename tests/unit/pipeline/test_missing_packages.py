"""Go's packages that a draft needs and the file doesn't import."""

from pathlib import Path

import pytest

from pillion.pipeline.missing_imports import with_missing_imports
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.text.replacement import Replacement, apply_replacements

FUNCTION = 'func f(a string) string {\n\treturn ""\n}\n'


def drafted(before: str, body: str, draft: str = "", path: Path | None = None) -> str:
    """The document once its `return ""` was replaced by `body`, with what that needs."""
    language = language_by_id("go")
    assert language is not None
    document = ParsedText.of(language, before)
    at = before.index('return ""')
    edit = [Replacement(at, at + len('return ""'), body)]
    return apply_replacements(before, with_missing_imports(edit, document, draft=draft, path=path))


UPPER = "return strings.ToUpper(a)"
CASES = {
    "none yet": (f"package p\n\n{FUNCTION}", UPPER, "", 'package p\n\nimport "strings"\n\nfunc f'),
    "one alone": (f'package p\n\nimport "fmt"\n\n{FUNCTION}', UPPER, "", 'import "fmt"\nimport "strings"\n\nfunc'),
    "a block": (f'package p\n\nimport (\n\t"fmt"\n\t"time"\n)\n\n{FUNCTION}', UPPER, "", 'import (\n\t"fmt"\n\t"strings"\n\t"time"\n)\n'),
    "before all": (f'package p\n\nimport (\n\t"time"\n)\n\n{FUNCTION}', UPPER, "", 'import (\n\t"strings"\n\t"time"\n)\n'),
    "behind all": (f'package p\n\nimport (\n\t"fmt"\n)\n\n{FUNCTION}', UPPER, "", 'import (\n\t"fmt"\n\t"strings"\n)\n'),
    "others' alone": (
        f'package p\n\nimport (\n\t"a.com/b"\n)\n\n{FUNCTION}', UPPER, "", 'import (\n\t"strings"\n\n\t"a.com/b"\n)\n',
    ),
    "two": (f'package p\n\nimport (\n\t"fmt"\n)\n\n{FUNCTION}', "return strings.Repeat(a, os.Getpid())", "", '\t"fmt"\n\t"os"\n\t"strings"\n)'),
    "a type": (f"package p\n\n{FUNCTION}", "var b strings.Builder\n\treturn b.String()", "", 'import "strings"\n'),
    "a long path": (f"package p\n\n{FUNCTION}", "return filepath.Base(a)", "", 'import "path/filepath"\n'),
    "which of two, by the draft": (f"package p\n\n{FUNCTION}", "return rand.Text()", 'import "crypto/rand"', 'import "crypto/rand"\n'),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_certain_comes_along(case: str) -> None:
    before, body, draft, part = CASES[case]
    after = drafted(before, body, draft)
    assert part in after, after
    assert body in after


@pytest.mark.parametrize(
    ("before", "body"),
    [
        pytest.param(f'package p\n\nimport "strings"\n\n{FUNCTION}', UPPER, id="imported"),
        pytest.param(f'package p\n\nimport strings "a.com/b"\n\n{FUNCTION}', UPPER, id="another-of-its-name"),
        pytest.param(f"package p\n\nvar strings = b{{}}\n\n{FUNCTION}", UPPER, id="a-variable"),
        pytest.param(f"package p\n\n{FUNCTION}", "strings := g()\n\treturn strings.To(a)", id="its-own"),
        pytest.param(f"package p\n\n{FUNCTION}", "return strings.toUpper(a)", id="not-exported"),
        pytest.param(f"package p\n\n{FUNCTION}", "return rand.Text()", id="of-several"),
        pytest.param(f"package p\n\n{FUNCTION}", "return logrus.Info(a)", id="of-others"),
    ],
)
def test_what_is_not_certain_does_not(before: str, body: str) -> None:
    assert drafted(before, body) == before.replace('return ""', body)


def test_what_a_file_beside_it_declares_does_not(tmp_path: Path) -> None:
    (tmp_path / "b.go").write_text("package p\n\nvar log = newLogger()\n")
    (tmp_path / "a.go").write_text(f"package p\n\n{FUNCTION}")
    before = (tmp_path / "a.go").read_text()
    assert '"log"' not in drafted(before, "log.Print(a)", path=tmp_path / "a.go")
