"""Every field of the inspector has a name for those who cannot see it, and is reached by Tab."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from agentflow_editor.document import edits
from agentflow_editor.forms.nested import NestedEditor
from agentflow_editor.panes.inspector import Inspector
from editor.benches import CATALOGUE

FIELDS = (QAbstractItemView, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit)
BUTTONS = (QPushButton, QToolButton)


@pytest.fixture
def inspector(stages, shown):
    return shown(Inspector(stages), height=700)


def nameless(inspector) -> list[QWidget]:
    """The widgets that a person can get into and that say nothing of themselves."""
    for nested in inspector.section.findChildren(NestedEditor):
        nested.header.setChecked(True)
    found = inspector.section.findChildren(QWidget)
    fields = [it for it in found if isinstance(it, FIELDS) and not is_part_of_another(it)]
    buttons = [it for it in found if isinstance(it, BUTTONS)]
    assert fields
    assert buttons
    return [
        *(it for it in fields if not it.accessibleName()),
        *(it for it in buttons if not it.accessibleName() and not it.text()),
    ]


def is_part_of_another(widget: QWidget) -> bool:
    """Whether it belongs to a box or a table, which has the name."""
    return any(isinstance(it, (QComboBox, QAbstractItemView)) for it in ancestors(widget))


def ancestors(widget: QWidget):
    while (widget := widget.parentWidget()) is not None:
        yield widget


@pytest.mark.parametrize("name", CATALOGUE.agent_types)
def test_no_field_of_an_agent_is_nameless(inspector, bench, name):
    sheet = edits.change_type(bench.document.sheet, "first", name, catalogue=CATALOGUE)
    bench.document.edit("Change Type", sheet)
    bench.selection.select(("first",))

    assert nameless(inspector) == []


@pytest.mark.parametrize("paths", [(), ("refine",), ("deliver",), ("first", "refine")])
def test_no_other_field_is_nameless(inspector, bench, paths):
    bench.selection.select(paths)

    assert nameless(inspector) == []


def test_tab_goes_from_field_to_field(qtbot, inspector, bench):
    bench.selection.select(("refine",))
    inspector.activateWindow()
    inspector.section._name.line.setFocus()
    qtbot.waitUntil(inspector.section._name.line.hasFocus)
    seen = []
    for _ in range(6):
        qtbot.keyClick(inspector.focusWidget(), Qt.Key.Key_Tab)
        seen.append(inspector.focusWidget().accessibleName())

    assert seen == [
        "Timeout",
        "Max concurrency",
        "Condition",
        "Check",
        "Max iterations",
        "Max duration",
    ]
