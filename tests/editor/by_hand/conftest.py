"""The whole program on a display, and a person before it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from agentflow_editor.app import build, make_app
from agentflow_editor.main_window import MainWindow
from editor.by_hand.person import Person


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.by_hand)


@pytest.fixture
def twin(qapp, qtbot, tmp_path: Path, run_async) -> Iterator[MainWindow]:
    """A window that is laid out, and never seen."""
    if QGuiApplication.platformName() != "xcb":
        pytest.skip("there is no display; `make test-display` makes one")
    made = build(make_app(), tmp_path / "twin")
    made.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    made.show()
    yield made
    run_async(made.workbench.run.close())
    made.close_for_good()
    made.deleteLater()


@pytest.fixture
def before(twin: MainWindow, tmp_path: Path, request) -> Iterator[Callable[[str], Person]]:
    """Opens a flow, and gives the person before it."""
    people: list[Person] = []

    def open_flow(text: str) -> Person:
        file = tmp_path / "flow" / "agentflow.toml"
        file.parent.mkdir()
        file.write_text(text, encoding="utf-8")
        people.append(Person(file, twin, tmp_path / "settings"))
        return people[-1]

    yield open_flow
    for person in people:
        person.picture(request.node.name)
        person.leave()
