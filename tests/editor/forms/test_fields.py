"""Each kind of field: what it accepts, what typing into it tells, what it shows."""

from datetime import timedelta
from typing import Any, Literal

import pytest
from pydantic import Field
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from agentflow.duration import Duration
from agentflow.flow.flow import AgentSpec, LlmSettings, RetryPolicy
from agentflow.settings import Settings, Value
from agentflow_editor.forms.base import UNSET, Form, Surroundings, form_for, said
from editor.fronting import in_front


class Inner(Settings):
    """Settings in settings."""

    depth: int | None = None
    """How deep."""
    note: str = ""


class Person(Value):
    """One row of a list."""

    name: str
    """Who it is."""
    kind: Literal["friend", "stranger"] = "stranger"
    words: tuple[str, ...] = ()


class Everything(Settings):
    """One field of each kind."""

    title: str = "untitled"
    """What it is called."""
    prompt: str = ""
    count: int = Field(default=3, ge=1, le=10)
    """How often."""
    share: float = Field(default=0.5, ge=0, le=1)
    is_on: bool = False
    perhaps: bool | None = None
    mode: Literal["fast", "slow"] = "slow"
    wait: Duration | None = None
    words: tuple[str, ...] = ()
    extra: dict[str, Any] = Field(default_factory=dict)
    rules: dict[str, Literal["sum", "max"]] = Field(default_factory=dict)
    condition: str = ""
    agent: str = ""
    inner: Inner | None = None
    points: dict[str, Any] | list[Any] | None = None
    calls: tuple[int, ...] = ()
    span: tuple[float, float] | None = None
    people: tuple[Person, ...] = ()


class Told:
    """What a form has told, field by field."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.count = 0

    def __call__(self, name: str, value: Any) -> str:
        self.values[name] = value
        self.count += 1
        return "that is taken" if value == "taken" else ""


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def form(qtbot, told) -> Form:
    form = form_for(Everything, {}, told, around=Surroundings(agents=lambda: ("writer", "critic")))
    qtbot.addWidget(form)
    form.resize(320, 900)
    in_front(qtbot, form)
    return form


def line_of(form: Form, name: str) -> QLineEdit:
    line = form.rows[name].findChild(QLineEdit)
    assert line is not None
    return line


def fault_of(form: Form, name: str) -> str:
    fault = form.rows[name].findChild(type(form.rows[name]._fault), "fault")
    return fault.text() if fault.isVisible() else ""


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("title", "a b", "a b"),
        ("count", "7", 7),
        ("share", "0.25", 0.25),
        ("wait", "1m30s", "1m30s"),
        ("condition", "score >= 0.9", "score >= 0.9"),
    ],
)
def test_what_is_typed_into_a_line_is_told_as_it_would_stand_in_a_file(
    qtbot, form, told, name, typed, value
):
    qtbot.keyClicks(line_of(form, name), typed)

    assert told.values[name] == value
    assert type(told.values[name]) is type(value)
    assert fault_of(form, name) == ""


def test_of_a_text_that_is_too_long_the_beginning_is_seen(form):
    line = line_of(form, "title")
    line.clearFocus()
    form.show_values({"title": "the beginning " * 20})
    assert line.cursorPosition() == 0


@pytest.mark.parametrize(
    ("name", "typed", "part"),
    [
        ("count", "99", "less than or equal to 10"),
        ("count", "many", "valid integer"),
        ("share", "-1", "greater than or equal to 0"),
        ("wait", "soon", "soon"),
        ("condition", "score >=", ""),
    ],
)
def test_what_does_not_fit_is_said_under_the_field_and_stays_there(
    qtbot, form, told, name, typed, part
):
    line = line_of(form, name)
    line.setFocus()
    qtbot.keyClicks(line, typed)

    assert fault_of(form, name) != ""
    assert part in fault_of(form, name)
    assert line.text() == typed
    assert told.values.get(name) != typed
    form.show_values({**told.values, "title": "another field was edited"})
    assert line.text() == typed
    assert fault_of(form, name) != ""


def test_what_the_listener_refuses_is_said_under_the_field(qtbot, form):
    qtbot.keyClicks(line_of(form, "title"), "taken")

    assert fault_of(form, "title") == "That is taken"


def test_an_emptied_field_takes_its_default_which_its_placeholder_shows(qtbot, form, told):
    line = line_of(form, "count")
    qtbot.keyClicks(line, "7")
    qtbot.keyClick(line, Qt.Key.Key_Backspace)

    assert told.values["count"] is UNSET
    assert line.placeholderText() == "3"


def test_the_arrow_keys_count(qtbot, form, told):
    line = line_of(form, "count")
    qtbot.keyClick(line, Qt.Key.Key_Up)
    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert told.values["count"] == 5

    for _ in range(9):
        qtbot.keyClick(line, Qt.Key.Key_Up)
    assert told.values["count"] == 10


def test_a_placeholder_fits_a_field_of_any_type(qtbot, form, told):
    qtbot.keyClicks(line_of(form, "count"), "${HOW_MANY:3}")

    assert told.values["count"] == "${HOW_MANY:3}"
    assert fault_of(form, "count") == ""


def test_a_prompt_has_several_lines(qtbot, form, told):
    lines = form.rows["prompt"].findChild(QPlainTextEdit)
    qtbot.keyClicks(lines, "first")
    qtbot.keyClick(lines, Qt.Key.Key_Return)
    qtbot.keyClicks(lines, "second")

    assert told.values["prompt"] == "first\nsecond"


def test_a_list_of_texts_has_one_on_each_line(qtbot, form, told):
    lines = form.rows["words"].findChild(QPlainTextEdit)
    qtbot.keyClicks(lines, "red")
    qtbot.keyClick(lines, Qt.Key.Key_Return)
    qtbot.keyClicks(lines, "dark blue")

    assert told.values["words"] == ["red", "dark blue"]


def test_alt_and_an_arrow_move_a_line_of_a_list(qtbot, form, told):
    lines = form.rows["words"].findChild(QPlainTextEdit)
    qtbot.keyClicks(lines, "red")
    qtbot.keyClick(lines, Qt.Key.Key_Return)
    qtbot.keyClicks(lines, "blue")
    qtbot.keyClick(lines, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert told.values["words"] == ["blue", "red"]

    qtbot.keyClick(lines, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert told.values["words"] == ["blue", "red"]
    qtbot.keyClicks(lines, "!")
    assert told.values["words"] == ["blue!", "red"]


def test_a_text_of_several_lines_stays_one_text_of_a_list(qtbot, form, told):
    form.show_values({"words": ["a\nb", "c"]})
    lines = form.rows["words"].findChild(QPlainTextEdit)
    assert lines.toPlainText() == "a↵b\nc"

    qtbot.keyClick(lines, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(lines, "d")
    assert told.values["words"] == ["a\nb", "cd"]


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("calls", "2, 5", [2, 5]),
        ("calls", "2 5;7", [2, 5, 7]),
        ("calls", "[1]", [1]),
        ("span", "0, 1", [0, 1]),
        ("span", "-0.5 to", "-0.5 to"),
    ],
)
def test_numbers_stand_on_one_line(qtbot, form, told, name, typed, value):
    qtbot.keyClicks(line_of(form, name), typed)

    if isinstance(value, str):
        assert fault_of(form, name) != ""
    else:
        assert told.values[name] == value


def test_a_list_of_things_is_filled_reordered_and_emptied_by_keyboard(qtbot, form, told):
    people = form.rows["people"].editor
    rows = people.rows.list
    qtbot.keyClick(rows, Qt.Key.Key_Insert)
    qtbot.keyClicks(line_of(people.form, "name"), "Ada")
    qtbot.keyClick(rows, Qt.Key.Key_Insert)
    qtbot.keyClicks(line_of(people.form, "name"), "Bob")
    assert told.values["people"] == [{"name": "Ada"}, {"name": "Bob"}]
    assert [rows.item(it).text() for it in range(rows.count())] == ["Ada", "Bob"]

    qtbot.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert told.values["people"] == [{"name": "Bob"}, {"name": "Ada"}]
    assert rows.currentRow() == 0

    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    assert told.values["people"] == [{"name": "Ada"}]
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    assert told.values["people"] is UNSET


def test_a_row_of_a_list_of_things_is_chosen_by_mouse_and_edited(qtbot, form, told):
    form.show_values({"people": [{"name": "Ada", "kind": "friend"}, {"name": "Bob"}]})
    people = form.rows["people"].editor
    at = people.rows.list.visualItemRect(people.rows.list.item(1)).center()
    qtbot.mouseClick(people.rows.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.keyClick(line_of(people.form, "name"), Qt.Key.Key_End)
    qtbot.keyClicks(line_of(people.form, "name"), "by")

    assert told.values["people"] == [{"name": "Ada", "kind": "friend"}, {"name": "Bobby"}]
    qtbot.mouseClick(people.rows.up, Qt.MouseButton.LeftButton)
    assert told.values["people"][0] == {"name": "Bobby"}


def test_f2_goes_into_the_first_field_of_a_row(qtbot, form):
    form.show_values({"people": [{"name": "Ada"}]})
    form.activateWindow()
    people = form.rows["people"].editor
    qtbot.keyClick(people.rows.list, Qt.Key.Key_F2)

    qtbot.waitUntil(line_of(people.form, "name").hasFocus)


def test_a_click_turns_a_switch(qtbot, form, told):
    box = form.rows["is_on"].editor.box
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))

    assert told.values["is_on"] is True


def test_a_choice_says_which_is_the_default(qtbot, form, told):
    box = form.rows["mode"].editor.box
    box.setFocus()
    assert box.currentText() == "slow (default)"

    qtbot.keyClick(box, Qt.Key.Key_Down)

    assert box.currentText() == "fast"
    assert told.values["mode"] == "fast"


def test_the_wheel_scrolls_past_a_choice(form):
    box = form.rows["mode"].editor.box
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)

    assert box.currentText() == "slow (default)"


def test_a_choice_that_may_be_unset_has_three(form):
    box = form.rows["perhaps"].editor.box

    assert [box.itemText(row) for row in range(box.count())] == ["not set", "yes", "no"]


def test_an_agent_is_chosen_from_the_flows(form):
    box = form.rows["agent"].editor.box

    assert [box.itemText(row) for row in range(box.count())] == ["none", "writer", "critic"]


def test_a_mapping_grows_by_its_last_row(form, told):
    table = form.rows["extra"].editor.table
    table.item(0, 0).setText("limit")
    table.item(0, 1).setText("3")
    assert table.rowCount() == 2
    table.item(1, 0).setText("names")
    table.item(1, 1).setText('["a", "b"]')

    assert told.values["extra"] == {"limit": 3, "names": ["a", "b"]}


def test_the_delete_key_removes_a_row_of_a_mapping(qtbot, form, told):
    form.show_values({"extra": {"one": 1, "two": "2"}})
    table = form.rows["extra"].editor.table
    table.setCurrentCell(0, 0)

    qtbot.keyClick(table, Qt.Key.Key_Delete)

    assert told.values["extra"] == {"two": "2"}


def test_values_of_a_mapping_are_checked_by_their_type(form):
    table = form.rows["rules"].editor.table
    table.item(0, 0).setText("score")
    table.item(0, 1).setText("average")

    assert "sum" in fault_of(form, "rules")


def test_settings_inside_settings_fold_and_tell_all_that_is_set(qtbot, form, told):
    nested = form.rows["inner"].editor
    assert nested.form is None
    qtbot.mouseClick(nested.header, Qt.MouseButton.LeftButton)
    assert nested.form.isVisible()

    qtbot.keyClicks(line_of(nested.form, "depth"), "2")
    qtbot.keyClicks(line_of(nested.form, "note"), "hm")
    assert (told.values["inner.depth"], told.values["inner.note"]) == (2, "hm")

    line_of(nested.form, "note").clear()
    qtbot.keyClick(line_of(nested.form, "depth"), Qt.Key.Key_Backspace)
    assert told.values["inner.depth"] is UNSET


def test_a_field_that_nobody_has_a_widget_for_is_json(qtbot, form, told):
    lines = form.rows["points"].findChild(QPlainTextEdit)
    qtbot.keyClicks(lines, "[1, 2")
    assert "not JSON" in fault_of(form, "points")

    qtbot.keyClicks(lines, "]")
    assert told.values["points"] == [1, 2]


def test_a_prompt_of_a_million_characters_on_one_line_can_be_shown_and_edited(qtbot, form, told):
    form.show_values({"prompt": "x" * 1_000_000})
    lines = form.rows["prompt"].findChild(QPlainTextEdit)
    assert lines.lineWrapMode() == QPlainTextEdit.LineWrapMode.NoWrap

    qtbot.keyClicks(lines, "y")
    assert told.values["prompt"] == "y" + "x" * 1_000_000
    form.show_values({"prompt": "short"})
    assert lines.lineWrapMode() == QPlainTextEdit.LineWrapMode.WidgetWidth


def test_every_field_is_named_for_those_who_cannot_see(form):
    for row in form.rows.values():
        target = row.editor.focusProxy() or row.editor
        assert target.accessibleName() == row.field.title


def test_what_is_shown_is_told_to_nobody(form, told):
    form.show_values(
        {"title": "a", "count": 2, "prompt": "b", "words": ["c"], "extra": {"d": 1}, "wait": "2s"}
    )

    assert told.count == 0
    assert line_of(form, "wait").text() == "2s"


def test_typing_a_duration_is_not_interrupted_by_its_normal_form(qtbot, form, told):
    line = line_of(form, "wait")
    for sign in "90s":
        qtbot.keyClicks(line, sign)
        if line.text() == "90s":
            form.show_values({"wait": said(Everything(wait=timedelta(seconds=90)))["wait"]})

    assert line.text() == "90s"


def test_what_was_set_is_said_as_in_a_file_with_its_placeholders():
    spec = AgentSpec.model_validate(
        {
            "name": "a",
            "timeout": "1m30s",
            "enabled": "${ON:true}",
            "llm": {"model": "m", "temperature": "${T}"},
            "retry_policy": {},
        }
    )

    assert said(spec) == {
        "name": "a",
        "timeout": "1m30s",
        "enabled": "${ON:true}",
        "llm": {"model": "m", "temperature": "${T}"},
        "retry_policy": {},
    }
    assert said(RetryPolicy()) == {}
    assert said(LlmSettings(model="x")) == {"model": "x"}


def test_settings_that_nobody_has_seen_get_a_usable_form(qtbot):
    class Strange(Settings):
        matrix: list[list[float]] = Field(default_factory=list)
        either: int | str = 1
        nothing: None = None

    told: dict[str, Any] = {}

    def keep(name: str, value: Any) -> str:
        told[name] = value
        return ""

    form = form_for(Strange, {"matrix": [[1.0]]}, keep)
    qtbot.addWidget(form)
    lines = form.rows["matrix"].findChild(QPlainTextEdit)
    lines.setPlainText("[[1.5, 2]]")

    assert told["matrix"] == [[1.5, 2]]
    assert set(form.rows) == {"matrix", "either", "nothing"}
