"""A workbench whose runs can be watched."""

import pytest

from editor.benches import bench_in


@pytest.fixture
def bench(qapp, tmp_path):
    return bench_in(tmp_path / "settings")
