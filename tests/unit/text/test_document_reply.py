"""The Markdown document in a reply, whole and while it streams."""

import pytest

from pillion.text.document_reply import DocumentFilter, document_in

DOCUMENT = "# Title\n\nWords.\n\n```python\nx = 1\n```\n\n## End\n\nMore.\n"


@pytest.mark.parametrize(
    "reply",
    [
        DOCUMENT,
        f"Sure! Here it is:\n\n{DOCUMENT}",
        f"```markdown\n{DOCUMENT}```",
        f"Here it is:\n\n```md\n{DOCUMENT}```\n\nLet me know if you want more.",
        f"```\n{DOCUMENT}```\n",
        f"<think>hm\n# Plan\n</think>\n{DOCUMENT}",
        f"{DOCUMENT}\nFeel free to ask!\n",
        DOCUMENT.replace("\n", "\r\n"),
    ],
    ids=["bare", "greeting", "page", "page and words", "bare fence", "thoughts", "farewell", "crlf"],
)
def test_the_document(reply: str) -> None:
    assert document_in(reply) == DOCUMENT


def test_a_page_with_a_bare_block_on_it() -> None:
    page = "# Title\n\n```\na -> b\n```\n\nWords.\n"
    assert document_in(f"```markdown\n{page}```\n") == page


@pytest.mark.parametrize("text", ["", "  \n", "<think>only</think>"])
def test_none(text: str) -> None:
    assert document_in(text) == ""


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize("before", ["", "Here it is:\n\n", "```markdown\n", "<think>no</think>\n"])
def test_while_it_streams(before: str, size: int) -> None:
    stream, reply = DocumentFilter(), before + DOCUMENT
    shown = "".join(stream.feed(reply[at : at + size]) for at in range(0, len(reply), size)) + stream.finish()
    assert shown.strip("\n") == DOCUMENT.strip("\n")


def test_words_without_a_heading_come_at_the_end() -> None:
    stream = DocumentFilter()
    assert stream.feed("Only words.\n") + stream.finish() == "Only words.\n"
