"""The inspector: forms of what is selected, whose edits are edits of the document."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from agentflow.flow.flow import MemorySettings, PoolSettings
from agentflow_editor.document import edits
from agentflow_editor.forms.base import Form
from agentflow_editor.forms.choice import ChoiceEditor
from agentflow_editor.inspector.agent import AgentSection, UndefinedSection
from agentflow_editor.inspector.orchestrator import OrchestratorSection
from agentflow_editor.inspector.parts import NameLine
from agentflow_editor.inspector.pools import PoolList
from agentflow_editor.inspector.whole_flow import FlowSection
from agentflow_editor.panes.inspector import Inspector
from agentflow_editor.widgets.row_list import RowList
from editor.benches import run_to_the_end


@pytest.fixture
def inspector(stages, shown):
    return shown(Inspector(stages), height=900)


def field(inspector, name):
    """The last row of that name among the section's forms."""
    rows = [
        form.rows[name]
        for form in inspector.section.findChildren(Form)
        if name in form.rows and form.isVisible()
    ]
    return rows[-1]


def line(inspector, name):
    found = field(inspector, name).findChild(QLineEdit)
    found.setFocus()
    return found


def choose(inspector, title):
    """Choose something in the section's first box."""
    box = inspector.section.findChild(ChoiceEditor).box
    row = box.findText(title)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def type_over(qtbot, edit, text):
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.keyClicks(edit, text)


def test_without_a_selection_the_flow_is_inspected(qtbot, inspector, bench):
    assert isinstance(inspector.section, FlowSection)

    type_over(qtbot, line(inspector, "name"), "other")
    type_over(qtbot, line(inspector, "timeout"), "90s")

    flow = bench.document.sheet.flow
    assert flow.name == "other"
    assert flow.settings.timeout.total_seconds() == 90


def test_typing_into_a_field_is_one_undo_step_and_leaves_the_keyboard_where_it_is(
    qtbot, inspector, bench
):
    bench.selection.select(("deliver/writer",))
    assert isinstance(inspector.section, AgentSection)
    lines = field(inspector, "description").findChild(QPlainTextEdit)
    lines.setFocus()
    qtbot.keyClicks(lines, "Much more. ")

    assert lines.hasFocus()
    assert lines.toPlainText() == "Much more. Writes it down."
    spec = bench.document.sheet.flow.agents["writer"]
    assert spec.description == "Much more. Writes it down."
    assert bench.document.undo_stack.count() == 1
    bench.document.undo_stack.undo()
    assert lines.toPlainText() == "Writes it down."


def test_a_second_visit_to_a_field_is_a_second_undo_step(qtbot, inspector, bench):
    bench.selection.select(("refine",))
    limit = line(inspector, "max_iterations")
    type_over(qtbot, limit, "7")
    line(inspector, "timeout")
    type_over(qtbot, limit, "8")

    assert bench.document.sheet.flow.at("refine").settings.max_iterations == 8
    bench.document.undo_stack.undo()
    assert bench.document.sheet.flow.at("refine").settings.max_iterations == 7


def test_what_does_not_fit_changes_nothing_and_stays_in_the_field(qtbot, inspector, bench):
    bench.selection.select(("refine",))
    limit = line(inspector, "max_iterations")
    type_over(qtbot, limit, "0")

    assert limit.text() == "0"
    assert limit.hasFocus()
    faults = [it.text() for it in inspector.section.findChildren(QLabel, "fault") if it.isVisible()]
    assert len(faults) == 1
    assert "greater than" in faults[0]
    assert bench.document.sheet.flow.at("refine").settings.max_iterations == 5

    type_over(qtbot, line(inspector, "timeout"), "5s")
    assert limit.text() == "0"


def test_an_agent_is_renamed_wherever_it_is_used_once_the_line_is_left(qtbot, inspector, bench):
    bench.selection.select(("first",))
    name = inspector.section._name.line
    section = inspector.section
    type_over(qtbot, name, "begin")
    assert "begin" not in bench.document.sheet.flow.agents
    qtbot.keyClick(name, Qt.Key.Key_Return)

    flow = bench.document.sheet.flow
    assert "begin" in flow.agents
    assert [place.path for place in flow.places() if place.step.name == "begin"] == [
        "begin",
        "deliver/begin",
    ]
    assert bench.selection.paths == ("begin",)
    assert inspector.section is section
    bench.document.undo_stack.undo()
    assert inspector.section._name.line.text() == "first"


def test_a_name_that_is_taken_is_refused_under_the_line(qtbot, inspector, bench):
    bench.selection.select(("first",))
    name = inspector.section._name
    type_over(qtbot, name.line, "critic")
    qtbot.keyClick(name.line, Qt.Key.Key_Return)

    assert name._fault.isVisible()
    assert name.line.text() == "critic"
    assert bench.document.undo_stack.count() == 0


def test_other_uses_of_an_agent_are_a_click_away(qtbot, inspector, bench):
    bench.selection.select(("first",))
    link = next(
        it for it in inspector.section.findChildren(QPushButton) if it.text() == "deliver/first"
    )
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)

    assert bench.selection.paths == ("deliver/first",)
    assert inspector.section.path == "deliver/first"


def test_changing_the_type_shows_the_other_types_settings(qtbot, inspector, bench):
    bench.selection.select(("deliver/writer",))
    choose(inspector, bench.catalogue.agent_types["llm"].title)

    assert bench.document.sheet.flow.agents["writer"].type == "llm"
    assert field(inspector, "prompt") is not None


@pytest.mark.parametrize("asks_model", [True, False])
def test_the_prompt_is_offered_for_whatever_type_asks_a_model(stages, shown, asks_model):
    types = dict(stages.catalogue.agent_types)
    types["scripted"] = replace(types["scripted"], asks_model=asks_model)
    bench = replace(stages, catalogue=replace(stages.catalogue, agent_types=types))
    inspector = shown(Inspector(bench), height=900)
    bench.selection.select(("deliver/writer",))

    rows = {name for form in inspector.section.findChildren(Form) for name in form.rows}

    assert ("system_prompt" in rows) is asks_model


def test_an_undefined_agent_can_be_defined(inspector, bench):
    sheet = bench.document.sheet
    flow = sheet.flow.model_copy(
        update={"agents": {k: v for k, v in sheet.flow.agents.items() if k != "writer"}}
    )
    bench.document.edit("Break", type(sheet)(flow, sheet.layout))
    bench.selection.select(("deliver/writer",))
    assert isinstance(inspector.section, UndefinedSection)

    choose(inspector, bench.catalogue.agent_types["scripted"].title)

    assert bench.document.sheet.flow.agents["writer"].type == "scripted"
    assert isinstance(inspector.section, AgentSection)


def cases(bench):
    return [
        chain.case.name if chain.case else None
        for chain in bench.document.sheet.flow.at("deliver").chains
    ]


def test_cases_are_added_reordered_edited_and_removed(qtbot, inspector, bench):
    bench.selection.select(("deliver",))
    assert isinstance(inspector.section, OrchestratorSection)
    chains = inspector.section._chains

    qtbot.mouseClick(chains.rows.add, Qt.MouseButton.LeftButton)
    assert cases(bench) == ["good", "case-1", None]
    assert chains.rows.list.currentRow() == 1
    name = next(it for it in inspector.section.findChildren(QLineEdit) if it.text() == "case-1")
    type_over(qtbot, name, "bad")
    assert cases(bench) == ["good", "bad", None]

    qtbot.mouseClick(chains.rows.up, Qt.MouseButton.LeftButton)
    assert cases(bench) == ["bad", "good", None]
    assert chains.rows.list.currentRow() == 0
    assert not chains.rows.up.isEnabled()

    qtbot.mouseClick(chains.rows.remove, Qt.MouseButton.LeftButton)
    assert cases(bench) == ["good", None]


def test_cases_are_added_named_reordered_and_removed_by_keyboard(qtbot, inspector, bench):
    bench.selection.select(("deliver",))
    inspector.activateWindow()
    chains = inspector.section._chains
    rows = chains.rows.list
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Insert)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    name = QApplication.focusWidget()
    assert name.text() == "case-1"
    qtbot.keyClick(name, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(name, "bad")
    assert cases(bench) == ["good", "bad", None]

    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert cases(bench) == ["bad", "good", None]
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    qtbot.keyClick(rows, Qt.Key.Key_F2)
    name = QApplication.focusWidget()
    assert name.text() == "good"
    qtbot.keyClicks(name, "good-enough")
    assert cases(bench) == ["bad", "good-enough", None]

    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    assert cases(bench) == ["bad", None]
    for _ in range(5):
        bench.document.undo_stack.undo()
    assert cases(bench) == ["good", None]


def test_a_case_name_that_is_taken_is_refused_under_its_field_and_stays_there(
    qtbot, inspector, bench
):
    bench.selection.select(("deliver",))
    chains = inspector.section._chains
    qtbot.mouseClick(chains.rows.add, Qt.MouseButton.LeftButton)
    row = chains._form.rows["name"]
    type_over(qtbot, row.editor.line, "good")

    assert "taken" in row._fault.text()
    assert row.editor.line.text() == "good"
    assert "good" not in cases(bench)[1]


def test_the_default_can_neither_be_moved_nor_given_a_condition(inspector, bench):
    bench.selection.select(("deliver",))
    chains = inspector.section._chains
    chains.rows.list.setCurrentRow(1)

    assert chains.rows.list.item(1).text().startswith("otherwise")
    assert not chains.rows.up.isEnabled()
    assert not chains.rows.down.isEnabled()
    assert chains._form is None


def test_a_condition_is_compiled_while_it_is_typed(qtbot, inspector, bench):
    bench.selection.select(("refine",))
    condition = line(inspector, "condition")
    type_over(qtbot, condition, "score >")
    faults = [it.text() for it in inspector.section.findChildren(QLabel, "fault") if it.isVisible()]
    assert len(faults) == 1
    qtbot.keyClicks(condition, " 5.0")

    assert bench.document.sheet.flow.at("refine").settings.condition == "score > 5.0"
    assert not [it for it in inspector.section.findChildren(QLabel, "fault") if it.isVisible()]


def test_a_field_with_the_keyboard_is_explained(inspector, bench):
    bench.selection.select(("refine",))
    line(inspector, "max_iterations")

    assert "How often the body may run" in inspector._help.text()
    assert "5" in inspector._help.text()


def test_an_edit_from_elsewhere_is_shown(inspector, bench):
    bench.selection.select(("refine",))
    sheet = edits.set_orchestrator(bench.document.sheet, "refine", "max_iterations", 9)
    bench.document.edit("Change", sheet)

    assert field(inspector, "max_iterations").findChild(QLineEdit).text() == "9"


@pytest.mark.parametrize("path", ["", "first", "refine", "deliver", "deliver/writer"])
def test_inspecting_changes_nothing(inspector, bench, path):
    bench.selection.select((path,))

    assert bench.document.undo_stack.count() == 0
    assert not bench.document.is_modified


def test_a_condition_is_offered_the_keys_that_there_are_at_its_place(qtbot, inspector, bench):
    bench.selection.select(("refine",))
    condition = field(inspector, "condition").editor
    condition.line.setFocus()
    condition.line.clear()
    qtbot.keyClick(condition.line, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)

    assert condition.completion.offered == ["score", "errors", "iteration", "message", "metadata"]


async def test_what_a_loop_asks_is_told_as_of_the_last_run(qtbot, inspector, bench):
    await run_to_the_end(bench)
    bench.selection.select(("refine",))
    condition = field(inspector, "condition").editor

    qtbot.waitUntil(lambda: condition.live.text() == "Last run: true (score = 3)")
    type_over(qtbot, condition.line, "score > 2.5 && iteration > 5")
    qtbot.waitUntil(lambda: condition.live.text() == "Last run: false (iteration = 3, score = 3)")


async def test_what_a_case_asks_is_told_as_of_the_last_run_and_again_after_another(
    qtbot, inspector, bench
):
    bench.selection.select(("deliver",))
    when = field(inspector, "when").editor
    assert when.live.isHidden()

    await run_to_the_end(bench)
    qtbot.waitUntil(lambda: when.live.text() == "Last run: true (score = 3)")

    type_over(qtbot, when.line, "metadata")
    assert "message" in when.completion.offered or "metadata" in when.line.text()


def test_the_agents_that_may_stand_by_are_those_that_there_are_now(inspector, bench):
    bench.selection.select(("first",))
    sheet = edits.define_agent(bench.document.sheet, "spare", "scripted", catalogue=bench.catalogue)
    bench.document.edit("Define", sheet)
    box = field(inspector, "fallback").editor.box
    box.setFocus()

    assert "spare" in [box.itemText(row) for row in range(box.count())]


def test_pools_are_added_named_sized_and_removed_in_one_undo_step_each(qtbot, inspector, bench):
    pools = inspector.section.findChild(PoolList)
    stack = bench.document.undo_stack
    qtbot.keyClick(pools.rows.list, Qt.Key.Key_Insert)
    assert pools.selected == "pool"
    qtbot.waitUntil(lambda: pools.findChild(Form).isVisible())

    name = pools.findChild(NameLine).line
    type_over(qtbot, name, "browser")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    type_over(qtbot, line(inspector, "size"), "3")
    line(inspector, "timeout").setFocus()

    assert bench.document.sheet.flow.pools == {"browser": PoolSettings(size=3)}
    assert stack.count() == 3
    assert pools.rows.list.item(0).text() == "browser · 3 · used by 0 agents"

    qtbot.keyClick(pools.rows.list, Qt.Key.Key_Delete)
    assert bench.document.sheet.flow.pools == {}
    stack.undo()
    assert pools.selected == "browser"
    for _ in range(3):
        stack.undo()
    assert bench.document.sheet.flow.pools == {}
    assert not pools.rows.remove.isEnabled()


def test_the_flow_is_given_a_memory_in_the_inspector(qtbot, inspector, bench):
    nested = field(inspector, "memory").editor
    nested.header.click()

    type_over(qtbot, line(inspector, "path"), "memory.db")

    assert bench.document.sheet.flow.memory == MemorySettings(path="memory.db")
    bench.document.undo_stack.undo()
    assert bench.document.sheet.flow.memory is None


def test_a_step_with_the_same_fields_is_shown_in_the_same_form_without_what_was_typed(
    qtbot, inspector, bench
):
    bench.selection.select(("first",))
    section = inspector.section
    delay = field(inspector, "delay")
    type_over(qtbot, delay.findChild(QLineEdit), "soon")
    type_over(qtbot, section._name.line, "a/b")
    assert delay._fault.isVisible()

    bench.selection.select(("deliver/writer",))
    assert inspector.section is section
    assert section._name.line.text() == "writer"
    assert field(inspector, "description").findChild(QPlainTextEdit).toPlainText() == (
        "Writes it down."
    )
    assert delay.findChild(QLineEdit).text() == ""
    assert not delay._fault.isVisible()
    assert [it.text() for it in section.findChildren(QPushButton) if it.isVisible()] == []

    type_over(qtbot, delay.findChild(QLineEdit), "2s")
    agents = bench.document.sheet.flow.agents
    assert agents["writer"].settings.delay.total_seconds() == 2
    assert agents["first"].settings.delay is None


def test_typing_in_one_step_and_in_the_next_is_two_undo_steps(qtbot, inspector, bench):
    bench.selection.select(("first",))
    type_over(qtbot, line(inspector, "delay"), "1s")
    bench.selection.select(("deliver/writer",))
    type_over(qtbot, line(inspector, "delay"), "2s")

    bench.document.undo_stack.undo()
    agents = bench.document.sheet.flow.agents
    assert agents["writer"].settings.delay is None
    assert agents["first"].settings.delay.total_seconds() == 1


class Shown(QObject):
    """Notes whatever is shown as a window of its own, for however short a time."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(watched)
        return False


def test_making_a_form_opens_no_window(qapp, inspector, bench):
    noting = Shown()
    qapp.installEventFilter(noting)
    for path in ("deliver", "refine", "first", ""):
        bench.selection.select((path,) if path else ())
    qapp.removeEventFilter(noting)

    assert noting.seen == []


def test_a_form_has_its_place_before_it_is_painted(qtbot, shown, stages):
    inspector = shown(Inspector(stages), height=500)
    stages.selection.select(("first",))
    sheet = edits.change_type(stages.document.sheet, "writer", "llm", catalogue=stages.catalogue)
    stages.document.edit("Change Type", sheet)
    qtbot.wait(50)

    stages.selection.select(("deliver/writer",))

    parts = [
        part
        for kind in (Form, RowList, QLineEdit, QToolButton)
        for part in inspector.section.findChildren(kind)
        if part.isVisible()
    ]
    squeezed = [it for it in parts if it.height() < it.minimumSizeHint().height()]
    assert len(parts) > 10
    assert not squeezed
