"""Several selected steps: what they have in common is edited for all of them at once."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit

from agentflow_editor.document import edits
from agentflow_editor.forms.base import MIXED, Form, fields_of
from agentflow_editor.inspector.several import SeveralSection, common
from agentflow_editor.panes.inspector import Inspector
from editor.benches import open_text

TEXT = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["a", "b", "c", "l1", "l2", "s"]
[agents.a]
type = "scripted"
timeout = "10s"
delay = "1s"
[agents.b]
type = "scripted"
timeout = "20s"
delay = "1s"
enabled = false
[agents.c]
type = "llm"
timeout = "10s"
on_error = "continue"
[agents.c.llm]
provider = "openai"
model = "one"
[agents.d]
type = "llm"
[agents.d.llm]
provider = "openai"
model = "two"
[orchestrators.l1]
mode = "loop"
agents = ["d"]
max_iterations = 3
[orchestrators.l2]
mode = "loop"
agents = ["d"]
max_iterations = 4
timeout = "10s"
[orchestrators.s]
mode = "sequential"
agents = ["d"]
timeout = "10s"
"""


@pytest.fixture
def inspector(bench, shown, tmp_path):
    open_text(bench, tmp_path, TEXT)
    return shown(Inspector(bench), height=900)


def path(bench, name):
    return next(it.path for it in bench.document.sheet.flow.places() if it.step.name == name)


@pytest.fixture
def select(inspector, bench):
    def selected(*names):
        bench.selection.select([path(bench, name) for name in names])
        assert isinstance(inspector.section, SeveralSection)
        return inspector.section

    return selected


def row(section, name):
    return next(it.rows[name] for it in section.findChildren(Form) if name in it.rows)


def is_mixed(found):
    return found._several.isVisible()


def type_over(qtbot, found, text):
    line = found.findChild(QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)


def test_what_is_alike_is_shown_and_what_differs_is_said_to_differ(select):
    section = select("a", "b")

    assert row(section, "delay").findChild(QLineEdit).text() == "1s"
    assert not is_mixed(row(section, "delay"))
    assert row(section, "timeout").findChild(QLineEdit).text() == ""
    assert is_mixed(row(section, "timeout"))
    assert row(section, "enabled").editor.box.checkState() == Qt.CheckState.PartiallyChecked


def test_typing_sets_it_for_all_and_is_one_undo_step(qtbot, select, bench):
    section = select("a", "b")
    type_over(qtbot, row(section, "timeout"), "45s")

    flow = bench.document.sheet.flow
    assert [flow.agents[it].timeout.total_seconds() for it in "ab"] == [45, 45]
    assert not is_mixed(row(section, "timeout"))
    assert bench.document.undo_stack.count() == 1
    bench.document.undo_stack.undo()
    flow = bench.document.sheet.flow
    assert [flow.agents[it].timeout.total_seconds() for it in "ab"] == [10, 20]
    assert is_mixed(row(section, "timeout"))


def test_a_click_on_a_mixed_box_settles_it_for_all(qtbot, select, bench):
    box = row(select("a", "b"), "enabled").editor.box
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))

    assert [bench.document.sheet.flow.agents[it].enabled for it in "ab"] == [True, True]


def test_a_mixed_choice_says_so_until_one_is_chosen(qtbot, select, bench):
    box = row(select("a", "c"), "on_error").editor.box
    assert box.currentText() == "several values"
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    qtbot.keyClick(box, Qt.Key.Key_Down)

    assert [bench.document.sheet.flow.agents[it].on_error for it in "ac"] == ["fail", "fail"]


def test_agents_of_other_types_share_what_every_agent_has(select):
    section = select("a", "c")
    names = {name for form in section.findChildren(Form) for name in form.rows}

    assert {"timeout", "enabled", "retry_policy"} <= names
    assert not {"delay", "prompt", "system_prompt"} & names


def test_inside_inner_settings_only_what_is_edited_is_set(qtbot, select, bench):
    section = select("c", "d")
    llm = row(section, "llm").editor
    assert llm.form.rows["provider"].findChild(QLineEdit).text() == "openai"
    assert is_mixed(llm.form.rows["model"])

    type_over(qtbot, llm.form.rows["temperature"], "0.5")

    found = [bench.document.sheet.flow.agents[it].llm for it in "cd"]
    assert [(it.model, it.temperature) for it in found] == [("one", 0.5), ("two", 0.5)]


def test_orchestrators_of_one_mode_share_its_settings(qtbot, select, bench):
    section = select("l1", "l2")
    assert is_mixed(row(section, "max_iterations"))
    type_over(qtbot, row(section, "max_iterations"), "9")

    flow = bench.document.sheet.flow
    assert [flow.at(path(bench, it)).settings.max_iterations for it in ("l1", "l2")] == [9, 9]
    assert bench.document.undo_stack.count() == 1


def test_orchestrators_of_other_modes_share_what_every_one_has(select):
    section = select("l1", "s")
    names = {name for form in section.findChildren(Form) for name in form.rows}

    assert names == {"timeout", "max_concurrency"}


def test_agents_and_orchestrators_share_their_timeout(qtbot, select, bench):
    section = select("a", "l2")
    assert row(section, "timeout").findChild(QLineEdit).text() == "10s"
    type_over(qtbot, row(section, "timeout"), "3s")

    flow = bench.document.sheet.flow
    assert flow.agents["a"].timeout == flow.at(path(bench, "l2")).settings.timeout
    assert flow.agents["a"].timeout.total_seconds() == 3


def test_what_does_not_fit_is_said_and_set_for_none(qtbot, select, bench):
    found = row(select("l1", "l2"), "max_iterations")
    type_over(qtbot, found, "0")

    assert "greater than" in found._fault.text()
    assert found.findChild(QLineEdit).text() == "0"
    assert bench.document.undo_stack.count() == 0


def test_when_one_of_them_goes_the_others_are_shown(select, inspector, bench):
    select("a", "b")
    bench.document.edit("Remove", edits.remove_agent(bench.document.sheet, "b"))

    assert inspector.section.path == path(bench, "a")


def test_what_is_common_is_told_field_by_field():
    from agentflow.flow.flow import AgentSpec

    fields = fields_of(AgentSpec)
    one = {"timeout": "1s", "llm": {"model": "m", "top_p": 1}, "metadata": {"a": 1}}
    other = {"timeout": "1s", "llm": {"model": "m"}, "metadata": {"a": 2}, "when": "x"}

    assert common([one, other], fields) == {
        "timeout": "1s",
        "llm": {"model": "m", "top_p": MIXED},
        "metadata": MIXED,
        "when": MIXED,
    }
