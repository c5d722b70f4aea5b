"""A Markdown text is cut into sections while it streams."""

import pytest

from pillion.syntax.sections import Sections
from pillion.syntax.units import UnitStream

TEXT = (
    "# Title\n\nWords.\n\n## One\n\n```sh\n# a comment, no heading\n```\n\n## Two\n### Three\n\nMore.\n\n# Four\nEnd\n"
)
PARTS = [
    "# Title\n\nWords.\n\n",
    "## One\n\n```sh\n# a comment, no heading\n```\n\n",
    "## Two\n### Three\n\nMore.\n\n",
    "# Four\nEnd\n",
]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_sections_are_the_units(size: int) -> None:
    stream = UnitStream(None, Sections())
    units = [unit for at in range(0, len(TEXT), size) for unit in stream.feed(TEXT[at : at + size])]
    assert [each.text for each in (*units, *stream.finish())] == PARTS


def test_a_long_section_is_cut_and_a_heading_in_its_block_is_none() -> None:
    text = "# Title\n\n```sh\n" + "# no heading\n" * 200 + "```\n\n## Next\n\nWords.\n"
    stream = UnitStream(None, Sections())
    units = [*stream.feed(text), *stream.finish()]
    assert "".join(each.text for each in units) == text
    assert units[-1].text == "## Next\n\nWords.\n"
    assert len(units) <= 4


def test_a_heading_below_many_lines_is_found() -> None:
    text = "# Title\n\n" + "Words.\n" * 37 + "## Next\n\n" + "Words.\n" * 9 + "## Last\nEnd\n"
    units = [*(stream := UnitStream(None, Sections())).feed(text), *stream.finish()]
    assert [each.text.partition("\n")[0] for each in units] == ["# Title", "## Next", "## Last"]
