"""Files that ship with Pillion: in the wheel, or in the repository beside the package."""

from pathlib import Path

import pillion


def fixture(*parts: str) -> Path:
    """The path of a file under fixtures/."""
    package = Path(pillion.__file__).parent
    installed = package.joinpath("fixtures", *parts)
    return installed if installed.exists() else package.parents[1].joinpath("fixtures", *parts)
