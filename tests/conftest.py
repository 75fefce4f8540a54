import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real recordings; tests that need it are skipped where it is absent."""
    default = Path(__file__).parents[1].parent / "shared" / "data"
    folder = Path(os.environ.get("DISTRIDE_DATA", default))
    if not folder.is_dir():
        pytest.skip("real recordings are absent: set DISTRIDE_DATA to their folder")
    return folder
