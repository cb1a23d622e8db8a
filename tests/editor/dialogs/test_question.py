"""The form that opens when an agent asks the person."""

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from agentflow.asking import Question, QuestionField
from agentflow_editor.dialogs.question import Asker, QuestionDialog, _time
from agentflow_editor.run.questions import Questions
from editor.benches import bench_in, open_text, run_to_the_end
from engine.processes import until

FIELDS = (
    QuestionField(name="who", label="Who", kind="text"),
    QuestionField(name="n", label="How many", kind="number", default=3),
    QuestionField(name="colour", label="Colour", kind="choice", choices=("red", "blue")),
    QuestionField(name="ok", label="Sure", kind="yes/no"),
    QuestionField(name="note", label="Note", kind="lines", default="a\nb"),
)


def question(text: str = "What?", *fields: QuestionField) -> Question:
    return Question(agent="asker", path="asker", text=text, fields=fields or FIELDS)


@pytest.fixture
def asker(qtbot: QtBot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    asker = Asker(window, Questions(window))
    yield asker
    if asker.dialog is not None:
        asker.dialog.put_away()


def _dialog(asker: Asker) -> QuestionDialog:
    assert asker.dialog is not None
    return asker.dialog


def _type(dialog: QuestionDialog, key: str, text: str) -> None:
    field = dialog.form.rows[key].editor.findChild(QLineEdit)
    assert field is not None
    field.clear()
    QTest.keyClicks(field, text)


async def _asked(asker: Asker, asked: Question) -> "asyncio.Task":
    task = asyncio.ensure_future(asker._questions.ask(asked))
    await asyncio.sleep(0)
    return task


async def test_what_is_filled_in_is_the_answer(asker: Asker):
    task = await _asked(asker, question())
    dialog = _dialog(asker)
    _type(dialog, "field_0", "Ana")
    dialog.form.rows["field_2"].editor.edited.emit("blue")

    dialog.send.click()

    told = {"who": "Ana", "n": 3, "colour": "blue", "ok": False, "note": "a\nb"}
    assert await task == told
    assert asker.dialog is None


async def test_what_does_not_fit_is_told_under_its_field_and_not_sent(asker: Asker):
    task = await _asked(asker, question("?", FIELDS[1], FIELDS[0]))
    dialog = _dialog(asker)
    _type(dialog, "field_0", "many")

    dialog.send.click()
    assert not task.done()
    _type(dialog, "field_0", "7")
    _type(dialog, "field_1", "Ana")
    dialog.send.click()

    assert await task == {"n": 7.0, "who": "Ana"}


async def test_control_and_return_answers_from_the_keyboard(asker: Asker):
    task = await _asked(asker, question("?", FIELDS[4]))
    dialog = _dialog(asker)
    dialog.activateWindow()
    await until(dialog.isActiveWindow, "it is not in front")
    field = dialog.form.rows["field_0"].editor.findChild(QPlainTextEdit)
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert await task == {"note": "a\nb"}


async def test_escape_declines(asker: Asker):
    task = await _asked(asker, question())
    QTest.keyClick(_dialog(asker), Qt.Key.Key_Escape)

    assert await task is None


async def test_several_questions_wait_for_one_another(asker: Asker):
    first = await _asked(asker, question("First?", FIELDS[1]))
    second = await _asked(asker, question("Second?", FIELDS[1]))
    shown = _dialog(asker)
    assert shown.asked.question.text == "First?"

    shown.send.click()
    await first
    assert _dialog(asker).asked.question.text == "Second?"
    _dialog(asker).send.click()

    assert await second == {"n": 3}


async def test_a_question_that_nobody_waits_for_any_more_goes_away(asker: Asker):
    task = await _asked(asker, question())

    task.cancel()
    await asyncio.wait({task})

    assert asker.dialog is None


async def test_a_question_holds_up_neither_the_window_nor_the_loop(asker: Asker):
    task = await _asked(asker, question())

    assert not _dialog(asker).isModal()
    assert QApplication.activeModalWidget() is None
    task.cancel()
    await asyncio.wait({task})


async def test_a_question_is_shown_as_the_plain_text_that_it_is(asker: Asker):
    evil = "<img src='file:///etc/passwd'><b>bold</b>"
    task = await _asked(asker, question(evil, FIELDS[1]))
    shown = _dialog(asker).findChild(QPlainTextEdit)

    assert shown is not None
    assert shown.toPlainText() == evil
    task.cancel()
    await asyncio.wait({task})


async def test_a_run_waits_for_the_window_and_goes_on_with_its_answer(tmp_path, qtbot: QtBot):
    bench = bench_in(tmp_path)
    window = QWidget()
    qtbot.addWidget(window)
    asker = Asker(window, bench.run.questions)
    open_text(
        bench,
        tmp_path,
        '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["a"]\n'
        '[agents.a]\ntype = "human"\nquestion = "Well?"\n',
    )
    running = asyncio.ensure_future(run_to_the_end(bench))
    await until(lambda: asker.dialog is not None, "nobody was asked")
    asker.dialog.asked.answer({"response": "yes indeed"})

    outcome = await running

    assert outcome.state.answer == "yes indeed"
    await bench.run.close()


async def test_the_question_and_all_of_its_fields_are_seen_at_once(asker: Asker):
    for text in ("What?", "What? " * 40):
        task = await _asked(asker, question(text, *FIELDS[:4]))
        dialog = _dialog(asker)
        await asyncio.sleep(0.05)

        asked, fields = dialog.findChildren(QPlainTextEdit)[0], dialog.findChild(QScrollArea)
        assert fields is not None
        assert fields.verticalScrollBar().maximum() == 0
        assert asked.verticalScrollBar().maximum() == 0
        assert asked.height() < 200
        dialog.reject()
        await asyncio.wait([task])
        assert task.result() is None


def test_how_long_an_answer_is_waited_for_is_told_in_minutes_where_it_is_long():
    waiting = [replace(question(), seconds=it) for it in (30, 90, 600)]
    assert [*map(_time, waiting)] == ["30 s", "90 s", "10 minutes"]
