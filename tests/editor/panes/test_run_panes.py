"""Trace, State and Result: what they show of real runs."""

import asyncio
import json

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from agentflow.runner import RunOutcome
from agentflow.running.outcome import Told
from agentflow.state import State
from agentflow.trace import (
    RunFinished,
    RunStarted,
    StepFailed,
    StepOutput,
    StepStarted,
    StepSucceeded,
)
from agentflow_editor.panes.result import Result
from agentflow_editor.panes.state import StatePane
from agentflow_editor.panes.trace import Trace
from editor.benches import STAGES, open_text, run_to_the_end


@pytest.fixture
def panes(stages, shown):
    return (
        shown(Trace(stages), 900, 400),
        shown(StatePane(stages), 900, 400),
        shown(Result(stages), 900, 400),
    )


def cells(table, row):
    model = table.model()
    return [model.index(row, column).data() for column in range(3)]


def tree(view):
    model = view.model
    return {
        model.index(row, 0).data(): model.index(row, 1).data() for row in range(model.rowCount())
    }


async def test_before_a_run_the_panes_say_what_they_are_for(panes):
    trace, state, result = panes

    assert trace._pages.is_empty
    assert state.pages.is_empty
    assert result.pages.is_empty


async def test_the_trace_tells_the_run_in_sentences(panes, bench):
    trace, _, _ = panes
    outcome = await run_to_the_end(bench)

    model = trace.table.model()
    assert model.rowCount() == len(outcome.entries)
    told = [cells(trace.table, row) for row in range(model.rowCount())]
    assert told[0][2] == "The run of stages began"
    assert told[-1][2].startswith("The run succeeded after")
    routed = next(row for row in told if row[1] == "deliver" and "took" in row[2])
    assert routed[2].startswith("took “good” because score > 2.0")
    checks = [row[2] for row in told if row[1] == "refine" and "passes" in row[2]]
    assert checks[0].startswith("goes on after")
    assert checks[-1].startswith("ends after 3 of at most 5 passes: score >= 3.0 holds")
    await bench.run.close()


async def test_a_click_on_an_entry_goes_to_its_step(qtbot, panes, bench):
    trace, _, _ = panes
    await run_to_the_end(bench)
    model = trace.table.model()
    row = next(
        it for it in range(model.rowCount()) if cells(trace.table, it)[1] == "refine#2/critic"
    )
    trace.table.scrollTo(model.index(row, 1))

    at = trace.table.visualRect(model.index(row, 1)).center()
    qtbot.mouseClick(trace.table.viewport(), Qt.MouseButton.LeftButton, pos=at)

    assert bench.selection.paths == ("refine/critic",)
    await bench.run.close()


async def test_the_trace_can_be_narrowed_to_the_selected_step(qtbot, panes, bench):
    trace, _, _ = panes
    await run_to_the_end(bench)
    bench.selection.select(("refine",))

    trace.filter.click()
    paths = {cells(trace.table, row)[1] for row in range(trace.table.model().rowCount())}
    assert paths == {"refine", *(f"refine#{number}/critic" for number in (1, 2, 3))}

    bench.selection.select(("first",))
    assert {cells(trace.table, it)[1] for it in range(trace.table.model().rowCount())} == {"first"}
    await bench.run.close()


async def test_the_state_of_a_step_is_told_pass_by_pass(qtbot, panes, bench):
    _, state, _ = panes
    bench.selection.select(("refine/critic",))
    await run_to_the_end(bench)
    await asyncio.sleep(0.03)

    assert state.picker.text() == "3/3"
    assert tree(state.changes) == {"~ score": "3"}
    assert not state.later.isEnabled()

    qtbot.mouseClick(state.earlier, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(state.earlier, Qt.MouseButton.LeftButton)
    assert state.picker.text() == "1/3"
    assert tree(state.before) == {"message": "hello", "score": "0"}
    assert tree(state.after) == {"message": "hello", "~ score": "1"}
    assert not state.earlier.isEnabled()
    await bench.run.close()


async def test_without_a_selection_the_state_is_that_of_the_whole_run(panes, bench):
    _, state, _ = panes
    await run_to_the_end(bench)
    await asyncio.sleep(0.03)

    assert tree(state.before) == {"message": "hello"}
    assert tree(state.changes) == {"+ score": "3", "+ response": "All <b>good</b>."}
    await bench.run.close()


async def test_a_step_that_did_not_run_says_so(panes, bench):
    _, state, _ = panes
    await run_to_the_end(bench)
    bench.selection.select(("deliver/first",))

    assert state.pages.is_empty
    assert "has not run" in state.pages._text.text()
    await bench.run.close()


async def test_the_result_shows_the_answer_as_it_stands_and_the_agents_in_numbers(panes, bench):
    _, _, result = panes
    await run_to_the_end(bench)

    assert result.text.toPlainText() == "All <b>good</b>."
    await asyncio.sleep(0.1)
    rows = [cells(result.metrics, row) for row in range(result.metrics.model().rowCount())]
    assert [row[0] for row in rows] == ["first", "critic", "writer"]
    assert rows[1][1] == "3"

    result.copy.click()
    assert QApplication.clipboard().text() == "All <b>good</b>."
    await bench.run.close()


async def test_what_the_run_was_given_is_not_shown_as_its_answer(panes, bench, tmp_path):
    _, _, result = panes
    text = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["first"]
[agents.first]
type = "scripted"
output = { score = 7 }
"""
    open_text(bench, tmp_path, text)
    outcome = await run_to_the_end(bench)

    assert outcome.state["message"] == outcome.state.answer
    assert '"score": 7' in result.text.toPlainText()
    await bench.run.close()


async def test_a_failed_run_shows_its_error_with_the_way_out(panes, bench, tmp_path):
    trace, state, result = panes
    text = STAGES.replace("output = { score = 0 }", "fail_on = [1]")
    open_text(bench, tmp_path, text)
    bench.selection.select(("first",))
    outcome = await run_to_the_end(bench)
    await asyncio.sleep(0.03)

    assert outcome.status == "failed"
    assert result.text.toPlainText() == outcome.error
    assert "Failed after" in result._head.text()
    assert "failed" in state._what.text()
    assert state.after.heading.text() == "Out: nothing"
    assert cells(trace.table, trace.table.model().rowCount() - 1)[2].startswith("The run failed")
    await bench.run.close()


async def test_a_long_error_does_not_make_the_pane_wide(panes, bench, tmp_path):
    _, state, _ = panes
    open_text(
        bench,
        tmp_path,
        STAGES.replace("first", "first" * 20).replace(
            "{ score = 0 }", '{ text = "{{ nothing_of_the_kind }}" }'
        ),
    )
    before = state.minimumSizeHint().width()
    bench.selection.select(("first" * 20,))
    outcome = await run_to_the_end(bench)
    await asyncio.sleep(0.03)

    assert len(outcome.error) > 200
    assert state.minimumSizeHint().width() <= before + 100
    await bench.run.close()


def feed(bench, *entries):
    for seq, (kind, path, *facts) in enumerate(entries):
        bench.trace.feed(kind(seq, float(seq), "run", path, *facts))


def test_the_words_of_the_step_that_speaks_are_shown_as_they_come(qtbot, bench, shown):
    result = shown(Result(bench), 700, 300)
    result._on_started()
    begin = (RunStarted, "", "f", State())
    a = (StepStarted, "a", "agent", "a", 0)
    b = (StepStarted, "b", "agent", "b", 0)
    feed(
        bench,
        begin,
        a,
        b,
        (StepOutput, "a", "Once "),
        (StepOutput, "b", "no"),
        (StepOutput, "a", "upon"),
    )
    qtbot.waitUntil(lambda: result.text.toPlainText() == "Once upon")
    assert "a says" in result._head.text()

    feed_more = [(StepSucceeded, "a", {}, (), 0.1), (StepOutput, "b", "Twice")]
    for seq, (kind, path, *facts) in enumerate(feed_more, start=6):
        bench.trace.feed(kind(seq, float(seq), "run", path, *facts))
    qtbot.waitUntil(lambda: result.text.toPlainText() == "Twice")


def test_ten_thousand_words_arrive_in_a_few_additions(qtbot, bench, shown):
    result = shown(Result(bench), 700, 300)
    result._on_started()
    added = []
    add = result.text.add_text
    result.text.add_text = lambda text: (added.append(len(text)), add(text))
    words = [(StepOutput, "a", "word ")] * 10_000
    feed(bench, (RunStarted, "", "f", State()), (StepStarted, "a", "agent", "a", 0), *words)
    qtbot.waitUntil(lambda: sum(added) == 50_000)

    assert len(added) < 20


def ended(bench, state):
    outcome = RunOutcome(status="succeeded", state=state, error="", record=Told("run", ()))
    bench.run.ended.emit(outcome)


def test_of_a_long_result_the_beginning_is_shown_and_all_of_it_on_demand(qtbot, bench, shown):
    result = shown(Result(bench), 700, 300)
    ended(bench, State({"response": "x" * 1_000_000}))
    assert result.long.told.text() == "The first 100,000 of 1,000,000 characters"
    assert result.text.shown == 100_000

    result.activateWindow()
    qtbot.waitUntil(result.isActiveWindow)
    result.text.setFocus()
    qtbot.keyClick(result.text, Qt.Key.Key_Tab)
    assert result.long.all.hasFocus()
    qtbot.keyClick(result.long.all, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: result.text.shown == 1_000_000)
    assert not result.long.strip.isVisible()
    assert result.text.hasFocus()
    assert result.text.toPlainText().replace("\n", "") == "x" * 1_000_000


def test_showing_all_can_be_stopped_and_another_result_begins_anew(qtbot, bench, shown):
    result = shown(Result(bench), 700, 300)
    ended(bench, State({"response": "line\n" * 1_000_000}))
    result.long.all.click()
    assert result.long.all.text() == "Stop"
    result.long.all.click()
    assert result.long.all.text() == "Show All"
    assert result.text.shown < 5_000_000

    ended(bench, State({"response": "short"}))
    assert result.text.toPlainText() == "short"
    assert not result.long.strip.isVisible()


def test_all_of_a_long_result_is_copied_and_saved(qtbot, bench, shown, tmp_path):
    result = shown(Result(bench), 700, 300)
    text = "y" * 300_000
    ended(bench, State({"response": text}))
    result.copy.click()
    assert QApplication.clipboard().text() == text

    result.long.save.click()
    dialog = result.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "all.txt"))
    dialog.close()
    assert (tmp_path / "all.txt").read_text() == text


def test_a_large_value_becomes_text_bit_by_bit(qtbot, bench, shown):
    result = shown(Result(bench), 700, 300)
    ended(bench, State({"rows": [{"number": it} for it in range(50_000)]}))
    assert not result.copy.isEnabled()

    qtbot.waitUntil(lambda: result.copy.isEnabled())
    assert json.loads(result.text.whole)["rows"][-1] == {"number": 49_999}


def test_the_trace_follows_its_end_unless_somebody_reads_further_up(qtbot, bench, shown):
    trace = shown(Trace(bench), 700, 200)
    steps = [(StepStarted, f"s{number}", "agent", "s", 0) for number in range(300)]
    feed(bench, (RunStarted, "", "f", State()), *steps)
    bench.trace.tell()
    bar = trace.table.verticalScrollBar()
    assert bar.value() == bar.maximum()

    bar.setValue(10)
    bench.trace.feed(StepStarted(301, 301.0, "run", "late", "agent", "s", 0))
    bench.trace.tell()
    assert bar.value() == 10

    bar.setValue(0)
    bench.trace.clear()
    feed(bench, (RunStarted, "", "f", State()), *steps)
    bench.trace.tell()
    assert bar.value() == bar.maximum()


def test_the_end_of_a_run_that_nobody_saw_is_in_sight_as_soon_as_the_trace_is(qtbot, bench, shown):
    trace = shown(Trace(bench), 500, 200)
    trace.hide()
    failed = [(StepFailed, f"s{number}", "for a long reason " * 12, 0.1) for number in range(30)]
    feed(bench, (RunStarted, "", "f", State()), *failed)
    bench.trace.tell()

    def is_end_seen() -> bool:
        last = trace.table.visualRect(trace.table.model().index(30, 0))
        return last.bottom() <= trace.table.viewport().height() + 2

    for width in (500, 340):
        trace.resize(width, 200)
        trace.show()
        qtbot.waitUntil(is_end_seen)
        qtbot.wait(50)
        assert is_end_seen()


def test_the_entry_that_is_pressed_is_the_one_that_is_selected_however_the_rows_move(
    qtbot, bench, shown
):
    trace = shown(Trace(bench), 420, 260)
    failed = [(StepFailed, f"s{number}", "for a long reason " * 5, 0.1) for number in range(30)]
    feed(bench, (RunStarted, "", "f", State()), *failed)
    bench.trace.tell()
    table, port = trace.table, trace.table.viewport()
    at = QPoint(200, port.height() - 12)
    row = table.rowAt(at.y())
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=at)
    qtbot.wait(50)
    assert table.rowAt(at.y()) != row
    for by in (0, 2):
        where = QPointF(at + QPoint(0, by))
        moved = QMouseEvent(
            QEvent.Type.MouseMove,
            where,
            port.mapToGlobal(where),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(port, moved)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at)

    assert [it.row() for it in table.selectionModel().selectedRows()] == [row]
    assert table.currentIndex().row() == row
    assert trace.detail.text.view.toPlainText().startswith(cells(table, row)[1])


def test_values_too_large_to_show_at_once_come_in_pieces(qtbot, bench, shown):
    state = shown(StatePane(bench), 900, 300)
    large = State({"rows": list(range(100_000)), "text": "x" * 2_000_000})
    feed(bench, (RunStarted, "", "f", large))
    bench.trace.tell()

    view = state.before
    rows = view.model.index(0, 0)
    view.tree.expand(rows)
    qtbot.waitUntil(lambda: view.model.rowCount(rows) > 0)
    assert view.model.rowCount(rows) <= 1000
    view.tree.setCurrentIndex(view.model.index(1, 0))
    whole = state.detail.text
    assert whole.isVisible()
    assert len(whole.view.toPlainText()) < 120_000
    whole.all.click()
    qtbot.waitUntil(lambda: whole.view.shown == 2_000_000)
    assert not whole.strip.isVisible()


def test_another_run_keeps_what_was_unfolded_unfolded(qtbot, bench, shown):
    state = shown(StatePane(bench), 900, 300)
    for number in (1, 2):
        feed(bench, (RunStarted, "", "f", State({"a": {"b": number}, "c": 1})))
        bench.trace.tell()
        index = state.before.model.index(0, 0)
        if number == 1:
            state.before.tree.expand(index)

    assert state.before.tree.isExpanded(index)
    qtbot.waitUntil(lambda: state.before.model.index(0, 1, index).data() == "2")


PATH = "analysis of everything/" + "<b>a step</b> of a long name " * 6
ERROR = "line one\n" + "<img src=x> and a/long/path/" * 20 + " the end"


def failing(bench):
    feed(
        bench,
        (RunStarted, "", "f", State()),
        (StepStarted, PATH, "agent", "a", 0),
        (StepFailed, PATH, ERROR, 0.1),
    )
    bench.trace.tell()


def test_all_of_the_selected_entry_stands_beside_the_trace(qtbot, bench, shown):
    trace = shown(Trace(bench), 900, 260)
    failing(bench)
    assert not trace.detail.text.isVisible()
    trace.table.setFocus()
    for _ in range(3):
        qtbot.keyClick(trace.table, Qt.Key.Key_Down)

    told = trace.detail.text.view.toPlainText()
    assert told.startswith(f"{PATH}: failed after")
    assert told.endswith(ERROR)
    assert trace.detail.orientation() == Qt.Orientation.Horizontal
    assert trace.detail.text.view.verticalScrollBar().value() == 0


def test_all_of_an_entry_is_reached_and_copied_by_keyboard(qtbot, bench, shown):
    trace = shown(Trace(bench), 400, 500)
    failing(bench)
    trace.table.setFocus()
    qtbot.keyClick(trace.table, Qt.Key.Key_End)
    trace.table.selectRow(2)
    qtbot.keyClick(trace.table, Qt.Key.Key_Tab)
    view = trace.detail.text.view
    assert QApplication.focusWidget() is view
    assert view.accessibleName() == "All of the selected entry"

    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    whole = QApplication.clipboard().text()
    assert whole.startswith(PATH)
    qtbot.keyClick(view, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(trace.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == whole


async def test_what_is_read_of_the_trace_stays_when_it_is_narrowed(panes, bench):
    trace, _, _ = panes
    await run_to_the_end(bench)
    trace.filter.click()
    count = trace.table.model().rowCount()
    row = next(it for it in range(count) if cells(trace.table, it)[1] == "refine#2/critic")
    trace.table.selectRow(row)
    told = trace.detail.text.view.toPlainText()

    bench.selection.select(("refine/critic",))
    assert trace.table.model().rowCount() < count
    assert cells(trace.table, trace.table.currentIndex().row())[1] == "refine#2/critic"
    assert trace.detail.text.view.toPlainText() == told

    bench.trace.clear()
    assert not trace.detail.text.isVisible()
    await bench.run.close()


def test_all_of_the_value_that_was_looked_at_last_stands_below(qtbot, bench, shown):
    state = shown(StatePane(bench), 900, 400)
    name, text = "a name that is long " * 10, "<b>A value</b> of some length. " * 30
    begin = State({name: {"deep": {"text": text}}, "number": 7})
    feed(bench, (RunStarted, "", "f", begin))
    bench.trace.tell()
    tree = state.before.tree
    tree.setFocus()
    tree.setCurrentIndex(state.before.model.index(0, 0))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(tree, key)

    assert state.detail.text.view.toPlainText() == text
    assert state.detail.heading.text().split() == f"In / {name} / deep / text".split()
    qtbot.keyClick(tree, Qt.Key.Key_Up)
    assert json.loads(state.detail.text.view.toPlainText()) == {"text": text}


def test_the_state_below_is_that_of_the_tree_that_has_the_keyboard(qtbot, bench, shown):
    state = shown(StatePane(bench), 900, 400)
    left = State({"a": 1, "b": "written"})
    record = (RunFinished, "", "succeeded", left, "", 0.1)
    feed(bench, (RunStarted, "", "f", State({"a": 0})), record)
    bench.trace.tell()
    for view, row in ((state.before, 0), (state.after, 1)):
        view.tree.setFocus()
        view.tree.setCurrentIndex(view.model.index(row, 0))
    assert state.detail.heading.text() == "Out / b"

    qtbot.keyClick(state.after.tree, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)

    assert state.detail.heading.text() == "In / a"
    assert state.detail.text.view.toPlainText() == "0"
    bench.trace.status_changed.emit({""})
    assert state.detail.heading.text() == "In / a"


def nothing_is_elided(table) -> bool:
    drawn = []
    for mode in (Qt.TextElideMode.ElideNone, Qt.TextElideMode.ElideRight):
        table.setTextElideMode(mode)
        drawn.append(table.viewport().grab().toImage())
    return drawn[0] == drawn[1]


def test_of_the_agents_in_numbers_names_are_read_whole(qtbot, bench, shown):
    result = shown(Result(bench), 900, 400)
    names = ("first", "a checker of all the sources in the library and the archive " * 2, "n" * 90)
    steps = [(StepStarted, name, "agent", name, 0) for name in names]
    ends = [(StepSucceeded, name, {}, (), 0.1) for name in names]
    feed(bench, (RunStarted, "", "f", State()), *steps, *ends)
    ended(bench, State({"response": "An answer."}))
    table = result.metrics
    qtbot.waitUntil(table.isVisible)

    assert [cells(table, row)[0] for row in range(3)] == [" ".join(it.split()) for it in names]
    assert table.rowHeight(0) < 2 * table.fontMetrics().lineSpacing()
    assert min(table.rowHeight(1), table.rowHeight(2)) > 2 * table.fontMetrics().lineSpacing()
    for width in (900, 700):
        result.resize(width, 400)
        qtbot.waitUntil(lambda: nothing_is_elided(table))


def test_the_numbers_leave_the_answer_half_of_a_narrow_pane(qtbot, bench, shown):
    result = shown(Result(bench), 900, 300)
    feed(bench, (RunStarted, "", "f", State()), (StepStarted, "a", "agent", "a", 0))
    feed(bench, (StepSucceeded, "a", {}, (), 0.1))
    ended(bench, State({"response": "An answer."}))
    qtbot.waitUntil(result.metrics.isVisible)
    wide = result.metrics.width()

    result.resize(400, 300)
    qtbot.waitUntil(lambda: result.width() == 400)
    qtbot.waitUntil(lambda: result.long.width() >= 180)
    result.resize(900, 300)
    qtbot.waitUntil(lambda: result.width() == 900)
    qtbot.waitUntil(lambda: result.metrics.width() >= wide)


def test_a_run_that_begins_at_once_has_no_numbers_of_the_one_before(qtbot, bench, shown):
    result = shown(Result(bench), 900, 300)
    feed(bench, (RunStarted, "", "f", State()), (StepStarted, "a", "agent", "a", 0))
    feed(bench, (StepSucceeded, "a", {}, (), 0.1))
    ended(bench, State({"response": "An answer."}))
    bench.trace.clear()
    feed(bench, (RunStarted, "", "f", State()), (StepStarted, "b", "agent", "b", 0))

    qtbot.wait(100)

    assert not result.metrics.isVisible()
