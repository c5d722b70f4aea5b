"""Where unit tests of Rust code go: into the module `tests` of the same file."""

from tree_sitter import Node

from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of

MODULE = "tests"


def rust_suite(tested: UnderTest) -> Suite:
    """The suite for Rust code: the document itself."""
    return Suite(
        tested.path.as_uri(), tested.document.text, "cargo test", certain=True,
        imports=lambda names: ["use super::*;"], group=MODULE, module="super",
    )  # fmt: skip


def test_module(parsed: ParsedText) -> Node | None:
    """The file's module of tests; None if it has none."""
    return next((each for each in parsed.tree.root_node.named_children if is_test_module(each)), None)


def is_test_module(node: Node) -> bool:
    """Whether a node is a module that is compiled only for tests."""
    if node.type != "mod_item" or node.child_by_field_name("body") is None:
        return False
    above = node.prev_sibling
    while above is not None and above.type in {"attribute_item", "line_comment", "block_comment"}:
        if above.type == "attribute_item" and "".join(text_of(above).split()) == "#[cfg(test)]":
            return True
        above = above.prev_sibling
    return False
