"""A patch is applied where it fits exactly, and nowhere else."""

import pytest

from pillion.text.patches import NewSide, is_patch, patched

TEXT = "def f():\n    x = 1\n    return x\n\n\ndef g():\n    x = 1\n    return x + 1\n"
G = (5, 7)

FITS = {
    "a line": ("@@ -7 +7 @@\n-    return x + 1\n+    return x + 2\n", TEXT.replace("x + 1", "x + 2")),
    "with names": (
        "diff --git a/f.py b/f.py\nindex 12..34\n--- a/f.py\n+++ b/f.py\n@@ -6,3 +6,3 @@ def g\n def g():\n     x = 1\n-    return x + 1\n+    return x\n",
        TEXT.replace("x + 1", "x"),
    ),
    "without a head": (" def g():\n-    x = 1\n+    x = 2\n", TEXT.replace("g():\n    x = 1", "g():\n    x = 2")),
    "wrong counts": ("@@ -1,99 +1,2 @@\n def f():\n-    x = 1\n", TEXT.replace("f():\n    x = 1\n", "f():\n")),
    "two parts": (
        "@@ -1 +1 @@\n-def f():\n+def f(a):\n@@ -6 +6 @@\n-def g():\n+def g(a):\n",
        TEXT.replace("f():", "f(a):").replace("g():", "g(a):"),
    ),
    "near": ("-    x = 1\n+    x = 3\n", TEXT.replace("g():\n    x = 1", "g():\n    x = 3")),
    "at its line": ("@@ -3 +3 @@\n-    x = 1\n+    x = 3\n", None),
    "less deep": ("-return x + 1\n+if x:\n+    return x\n", TEXT.replace("return x + 1", "if x:\n        return x")),
    "context as it is": (
        "@@ @@\ndef g():\n-    x = 1\n+    x = 2\n    return x + 1\n", TEXT.replace("g():\n    x = 1", "g():\n    x = 2"),
    ),
    "a blank line of context": ("@@ @@\n     return x\n\n\n-def g():\n+def h():\n", TEXT.replace("def g", "def h")),
    "no end of line": ("@@ @@\n-    return x + 1\n\\ No newline\n+    return x\n", TEXT.replace("x + 1", "x")),
    "search": ("<<<<<<< SEARCH\n    return x + 1\n=======\n    return x\n>>>>>>> REPLACE\n", TEXT.replace("x + 1", "x")),
    "conflict": (
        "<<<<<<< HEAD\n    return x + 1\n||||||| base\n    old\n=======\n    return x\n>>>>>>> b\n", TEXT.replace("x + 1", "x"),
    ),
    "other context": ("@@ @@\n def h():\n-    x = 1\n+    x = 2\n", None),
    "other line": ("@@ @@\n-    x = 2\n+    x = 3\n", None),
    "only new lines": ("@@ -0,0 +1 @@\n+x = 1\n", None),
    "two files": ("--- a/f\n+++ b/f\n@@ @@\n-def f():\n+def h():\n--- a/g\n+++ b/g\n@@ @@\n-def g():\n+def k():\n", None),
    "search for nothing": ("<<<<<<< SEARCH\n=======\nx = 1\n>>>>>>> REPLACE\n", None),
    "the same twice": ("@@ @@\n-def f():\n+def h():\n@@ @@\n-def f():\n+def k():\n", None),
}  # fmt: skip


@pytest.mark.parametrize(("patch", "after"), FITS.values(), ids=FITS)
def test_patches(patch: str, after: str | None) -> None:
    if patch.startswith("@@ -3 +3"):
        assert patched(TEXT, patch, (0, 0)) is None
        assert patched(TEXT, patch.replace("-3", "-2", 1), (0, 0)) == TEXT.replace("f():\n    x = 1", "f():\n    x = 3")
        return
    assert patched(TEXT, patch, G) == after


@pytest.mark.parametrize(
    ("code", "name", "is_one"),
    [
        ("--- a/f\n+++ b/f\n", "", True), ("@@ -1,2 +1,2 @@ f\n", "", True), ("diff --git a/f b/f\n", "", True),
        ("-a\n+b\n", "diff", True), ("-a\n+b\n", "", True), ("-a\n-b\n", "", False), ("x = 1\n", "python", False), ("@cache\ndef f(): ...\n", "", False),
        ("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n", "python", True), ("a << b\n", "", False), ("", "", False),
        ("--- x\n", "", False),
    ],
)  # fmt: skip
def test_what_a_patch_is(code: str, name: str, is_one: bool) -> None:
    assert is_patch(code, name) is is_one


def test_the_new_side_streams() -> None:
    diff = NewSide()
    lines = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n a\n-b\n+c\n\\ No newline\n".splitlines(keepends=True)
    assert "".join(map(diff.feed, lines)) == "a\nc\n"
    search = NewSide()
    lines = "f.py\n<<<<<<< SEARCH\na\n=======\nb\n-c\n>>>>>>> REPLACE\nd\n".splitlines(keepends=True)
    assert "".join(map(search.feed, lines[1:])) == "b\n-c\n"
