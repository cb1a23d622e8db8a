"""Help in the inspector: what a node is, why it stands there, and what each field is for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.forms.base import Form
from agentflow_editor.inspector.why_here import why_here
from agentflow_editor.panes.inspector import Inspector
from editor.benches import CATALOGUE, STAGES


@pytest.fixture
def inspector(stages, shown):
    pane = shown(Inspector(stages), height=700)
    pane.activateWindow()
    return pane


def ask(qtbot, inspector):
    qtbot.mouseClick(inspector.section._title.help, Qt.MouseButton.LeftButton)
    return "\n".join(inspector.help_page.texts())


def test_the_question_mark_tells_what_the_node_is_and_what_each_field_is_for(
    qtbot, inspector, bench
):
    bench.selection.select(("refine",))
    told = ask(qtbot, inspector)

    assert inspector.help_page.isVisible()
    assert CATALOGUE.modes["loop"].summary in told
    assert "It is step 2 of 3 of the flow, behind 'first'." in told
    assert "How often the body may run" in told
    assert "Unless it is set: 5." in told


def test_escape_goes_back_to_the_field_that_had_the_keyboard(qtbot, inspector, bench):
    bench.selection.select(("refine",))
    form = inspector.section.findChild(Form)
    line = form.rows["max_iterations"].findChild(QLineEdit)
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    inspector.explain()
    qtbot.waitUntil(inspector.help_page.hasFocus)
    entry = inspector.help_page.entries["max_iterations"]
    qtbot.waitUntil(lambda: is_in_sight(entry, inspector.help_page))

    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)

    assert inspector.help_page is None
    assert line.hasFocus()


def is_in_sight(widget: QWidget, area) -> bool:
    at = widget.mapTo(area.viewport(), widget.rect().topLeft())
    return area.viewport().rect().contains(at)


def test_selecting_something_else_ends_the_help(qtbot, inspector, bench):
    bench.selection.select(("refine",))
    ask(qtbot, inspector)
    bench.selection.select(("first",))

    assert inspector.help_page is None
    assert inspector.section.isVisible()


def test_in_the_window_f1_tells_it_wherever_the_keyboard_is(qtbot, window, tmp_path):
    file = tmp_path / "agentflow.toml"
    file.write_text(STAGES, encoding="utf-8")
    window.files.open_flow(file)
    window.workbench.selection.select(("first",))
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_F1)

    inspector = window._docks.pane("inspector")
    assert CATALOGUE.agent_types["scripted"].summary in "\n".join(inspector.help_page.texts())
    qtbot.keyClick(inspector.help_page, Qt.Key.Key_F1)
    assert inspector.help_page is None


@pytest.mark.parametrize("name", CATALOGUE.agent_types)
def test_no_field_of_an_agent_is_without_help(qtbot, inspector, bench, name):
    sheet = edits.change_type(bench.document.sheet, "first", name, catalogue=CATALOGUE)
    bench.document.edit("Change Type", sheet)
    bench.selection.select(("first",))

    assert_all_told(inspector)


@pytest.mark.parametrize("path", ["", "refine", "deliver"])
def test_no_other_field_is_without_help(inspector, bench, path):
    bench.document.edit("Add Pool", edits.add_pool(bench.document.sheet))
    bench.selection.select((path,) if path else ())

    assert_all_told(inspector)


def ancestors(widget: QWidget):
    while (widget := widget.parentWidget()) is not None:
        yield widget


def assert_all_told(inspector) -> None:
    """Every row of the section, and every field of settings inside settings."""
    inspector.explain()
    rows = {
        name
        for form in inspector.section.findChildren(Form)
        if not any(isinstance(it, Form) for it in ancestors(form))
        for name in form.rows
    }
    entries = inspector.help_page.entries
    texts = list(inspector.help_page.texts())

    assert rows <= set(entries)
    for name, entry in entries.items():
        said = texts[texts.index(entry.text()) + 1]
        assert len(said) > 10, name


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("first", "It is step 1 of 3 of the flow, the first."),
        ("refine/critic", "It is the only step of the loop 'refine'."),
        ("deliver/writer", "It is the only step of case 'good' of the router 'deliver'."),
        ("deliver/first", "It is the only step of the default of the router 'deliver'."),
    ],
)
def test_where_a_step_stands_is_told(stages, path, told):
    assert why_here(stages, path)[0] == told


def test_what_a_step_may_read_and_what_it_writes_is_told(stages):
    assert why_here(stages, "refine/critic")[1:] == (
        "It may read what steps before it write: score.",
        "It writes: score.",
    )
    assert why_here(stages, "first")[1].startswith("No step before it writes anything")


def test_a_parked_step_is_said_never_to_run(stages):
    sheet: Sheet = edits.add_agent(stages.document.sheet, "text", (0, 900), catalogue=CATALOGUE)
    stages.document.edit("Add", sheet)
    parked = next(it.path for it in sheet.flow.places() if it.path.startswith("|"))

    assert why_here(stages, parked) == ("It hangs on nothing: it is kept, but it never runs.",)
