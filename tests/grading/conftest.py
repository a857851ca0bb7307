"""A directory that a submission may read, whoever it runs as."""

import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def folder():
    """An empty directory, open to all: that of `tmp_path` is not."""
    path = Path(tempfile.mkdtemp(prefix="actfn-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
