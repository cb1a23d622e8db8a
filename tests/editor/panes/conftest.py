"""Panes on a real workbench, with a flow open."""

import pytest

from editor.benches import STAGES, bench_in, open_text
from editor.fronting import in_front


@pytest.fixture
def bench(qapp, tmp_path):
    return bench_in(tmp_path / "settings")


@pytest.fixture
def stages(bench, tmp_path):
    """The bench with a flow of a step, a loop and a router open."""
    open_text(bench, tmp_path, STAGES)
    return bench


@pytest.fixture
def shown(qtbot):
    """Shows a pane as a window of its own."""

    def show(pane, width=420, height=600):
        qtbot.addWidget(pane)
        pane.resize(width, height)
        in_front(qtbot, pane)
        return pane

    return show
