"""What the environment tells a flow is nowhere in the window, whatever came of its runs."""

from collections.abc import Iterator
from types import MethodType

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QGraphicsView, QWidget

from agentflow.settings import AskedEnvironment
from editor.benches import run_to_the_end

CANARY = "canary-4242-canary"

FLOW = """\
[orchestration]
mode = "mixed"
[[orchestration.mixed.stages]]
name = "works"
agents = ["works"]
[[orchestration.mixed.stages]]
name = "breaks"
agents = ["breaks"]
[agents.works]
type = "python"
call = "agents:works"
params = { x = "${CANARY_KEY}" }
[agents.breaks]
type = "python"
call = "agents:breaks"
params = { x = "${CANARY_KEY}" }
"""

AGENTS = """\
def works(state, *, params):
    print("I was told", params, flush=True)
    return {"length": len(params["x"])}

def breaks(state, *, params):
    print("I was told", params, flush=True)
    raise ValueError(f"no good: {params['x']}")
"""

TEXTS = ("text", "toPlainText", "toolTip", "statusTip", "whatsThis", "accessibleName", "title")
TEXTS = (*TEXTS, "accessibleDescription", "windowTitle", "placeholderText", "currentText")
ROLES = (
    *(Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole),
    *(Qt.ItemDataRole.StatusTipRole, Qt.ItemDataRole.UserRole),
    *(Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole),
)


def _shown(window: QWidget) -> str:
    """All that any part of the window could tell, of whatever is in its panes by now."""
    found: list[str] = []
    for widget in (window, *window.findChildren(QWidget)):
        found += [getattr(widget, name)() for name in TEXTS if _tells(widget, name)]
        found += [action.text() + action.toolTip() for action in widget.actions()]
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found += _told_by(widget.model(), QModelIndex())
        if isinstance(widget, QGraphicsView) and widget.scene() is not None:
            for item in widget.scene().items():
                found.append(item.toolTip())
                found.append(item.toPlainText() if hasattr(item, "toPlainText") else "")
    return "\n".join(map(str, found))


def _tells(widget: QWidget, name: str) -> bool:
    method = getattr(widget, name, None)
    wants_more = isinstance(method, MethodType) and method.__code__.co_argcount > 1
    return callable(method) and not wants_more


def _told_by(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    while model.canFetchMore(parent):
        model.fetchMore(parent)
    for row in range(model.rowCount(parent)):
        for column in range(model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield from (repr(index.data(role)) for role in ROLES)
        yield from _told_by(model, model.index(row, 0, parent))


async def _shown_of_a_run(window, folder) -> str:
    """What the window shows once the flow has run: of the whole, and of each of its steps."""
    (folder / "agents.py").write_text(AGENTS)
    (folder / "agentflow.toml").write_text(FLOW)
    bench = window.workbench
    bench.document.open(folder / "agentflow.toml")
    assert bench.run._remember(bench.run._surface())
    outcome = await run_to_the_end(bench)
    assert outcome.status == "failed"
    shown = []
    for path in ((), ("works",), ("breaks",)):
        bench.selection.select(path)
        QApplication.processEvents()
        shown.append(_shown(window))
    return "\n".join(shown)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY_KEY", CANARY)


async def test_nothing_in_the_window_shows_a_value_of_the_environment(window, tmp_path):
    shown = await _shown_of_a_run(window, tmp_path)

    assert CANARY not in shown
    for part in ("no good: ", "${CANARY_KEY}", "length"):
        assert part in shown


async def test_a_window_that_shows_what_a_flow_was_told_is_noticed(window, tmp_path, monkeypatch):
    monkeypatch.setattr(AskedEnvironment, "unsaid", lambda _, text: text)

    assert CANARY in await _shown_of_a_run(window, tmp_path)
