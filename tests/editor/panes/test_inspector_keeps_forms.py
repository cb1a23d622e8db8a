"""The inspector keeps forms of other kinds: they show what is selected, and nothing else."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLineEdit

from agentflow_editor.document import edits
from agentflow_editor.forms.choice import ChoiceEditor
from agentflow_editor.inspector.agent import AgentSection
from agentflow_editor.inspector.section import Section
from agentflow_editor.inspector.sections import MOST
from agentflow_editor.inspector.whole_flow import FlowSection
from agentflow_editor.panes.inspector import Inspector
from editor.benches import STAGES, open_text

KINDS = {
    "first": "scripted",
    "critic": "text",
    "writer": "llm",
}


@pytest.fixture
def inspector(shown, bench, tmp_path):
    text = STAGES
    for agent, kind in KINDS.items():
        head, _, rest = text.partition(f"[agents.{agent}]\n")
        text = head + f"[agents.{agent}]\n" + rest.replace('"scripted"', f'"{kind}"', 1)
    open_text(bench, tmp_path, text)
    return shown(Inspector(bench), height=700)


def show(bench, path):
    bench.selection.select((path,) if path else ())


def visible(inspector):
    return [it for it in inspector.findChildren(Section) if not it.isHidden()]


def test_a_form_that_was_shown_is_shown_again(inspector, bench):
    places = ("first", "refine/critic", "deliver/writer", "deliver", "refine", "")
    made = {}
    for path in places:
        show(bench, path)
        made[path] = inspector.section
    assert len(set(made.values())) == len(places)

    for path in reversed(places):
        show(bench, path)
        assert inspector.section is made[path]
        assert visible(inspector) == [made[path]]


def test_a_form_that_comes_back_shows_what_changed_meanwhile(inspector, bench):
    show(bench, "first")
    show(bench, "refine/critic")
    change = edits.rename_agent(bench.document.sheet, "first", "begin")
    bench.document.edit("Rename", edits.set_agent(change, "begin", "description", "New."))

    show(bench, "begin")

    texts = {it.text() for it in inspector.section.findChildren(QLineEdit)}
    assert "begin" in texts
    assert "first" not in texts
    assert inspector.section._shared.rows["description"].meant == "New."


def test_what_was_typed_and_did_not_fit_is_gone_when_a_form_comes_back(qtbot, inspector, bench):
    show(bench, "")
    line = inspector.section._settings.rows["timeout"].editor.line
    line.setFocus()
    qtbot.keyClicks(line, "no duration")
    assert line.property("fault")

    show(bench, "first")
    show(bench, "")

    line = inspector.section._settings.rows["timeout"].editor.line
    assert isinstance(inspector.section, FlowSection)
    assert (line.text(), bool(line.property("fault"))) == ("", False)


def test_a_form_whose_agent_got_another_type_tells_the_type_that_is_shown(inspector, bench):
    show(bench, "first")
    box = inspector.section.findChild(ChoiceEditor).box
    row = box.findText("Text work")
    box.setCurrentIndex(row)
    box.activated.emit(row)
    assert bench.document.sheet.flow.agents["first"].type == "text"
    bench.document.undo_stack.undo()

    show(bench, "refine/critic")
    show(bench, "first")

    assert inspector.section.findChild(ChoiceEditor).box.currentText() == "Stand-in"


def test_an_edit_in_a_form_that_came_back_is_about_what_is_selected(qtbot, inspector, bench):
    for path in ("first", "refine/critic", "first"):
        show(bench, path)
    before = bench.document.sheet.flow.agents["critic"]
    line = inspector.section._name.line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "opening\r")

    assert isinstance(inspector.section, AgentSection)
    assert bench.selection.paths == ("opening",)
    assert bench.document.sheet.flow.agents["critic"] is before


def test_another_file_leaves_nothing_of_the_one_before(qtbot, inspector, bench, tmp_path):
    for path in ("first", "refine/critic", ""):
        show(bench, path)
    (tmp_path / "other").mkdir()
    open_text(bench, tmp_path / "other", STAGES)

    qtbot.waitUntil(lambda: len(inspector.findChildren(Section)) == 1)


def test_no_more_forms_are_kept_than_some(qtbot, inspector, bench):
    kinds = list(bench.catalogue.agent_types)
    assert len(kinds) > MOST
    for kind in kinds:
        sheet = edits.add_agent(bench.document.sheet, kind, (0, 0), catalogue=bench.catalogue)
        bench.document.edit("Add", sheet)
        added = list(sheet.flow.agents)[-1]
        show(bench, next(it.path for it in sheet.flow.places() if added in it.path))

    qtbot.waitUntil(lambda: len(inspector.findChildren(Section)) == MOST + 1)
    assert len(visible(inspector)) == 1


@pytest.mark.parametrize("path", ["first", "refine/critic", "deliver/writer", "deliver", ""])
def test_the_tab_key_goes_down_a_form_as_it_is_read(qtbot, inspector, bench, path):
    show(bench, "refine")
    show(bench, path)
    qtbot.wait(20)
    section = inspector.section
    begin = at = section._title.help
    heights = []
    begin.setFocus()
    while section.isAncestorOf(at) and (at is not begin or not heights):
        heights.append(at.mapTo(section, QPoint()).y())
        at.window().focusNextChild()
        at = QApplication.focusWidget()

    assert len(heights) > 3
    assert heights == sorted(heights)
