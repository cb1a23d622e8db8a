"""Files of other formats, read and written from the menus: what is lost is read before it is."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox

from agentflow.catalogue import Catalogue
from agentflow.flow.load import load
from agentflow_editor.dialogs.translation import TranslationDialog
from agentflow_editor.main_window import MainWindow
from editor.benches import STAGES

CORE = """\
[orchestration]
mode = "collaborative"
timeout_seconds = 9
collaborative_agents = ["a", "b"]
[agents.a]
enabled = true
[agents.b]
"""
V1BETA = """\
name = "writer"
[workflow]
mode = "sequential"
agents = ["draft", "polish"]
timeout = "9s"
"""


@pytest.fixture
def flow_file(tmp_path: Path) -> Path:
    path = tmp_path / "flow" / "agentflow.toml"
    path.parent.mkdir()
    path.write_text(STAGES.replace('mode = "mixed"', 'mode = "mixed"\ntimeout = "9m"'), "utf-8")
    return path


def dialog(kind):
    shown = (it for it in QApplication.topLevelWidgets() if isinstance(it, kind))
    return next(it for it in shown if it.isVisible())


def shown(kind) -> bool:
    return any(isinstance(it, kind) and it.isVisible() for it in QApplication.topLevelWidgets())


def choose(path: Path, kind: str = "") -> None:
    """Choose a file in the dialog that is open, by its name."""
    chooser = dialog(QFileDialog)
    if kind:
        filters = [it for it in chooser.nameFilters() if kind in it]
        chooser.selectNameFilter(filters[0])
        chooser.filterSelected.emit(filters[0])
    field = chooser.findChild(QLineEdit, "fileNameEdit")
    field.setText(str(path))
    chooser.accept()


def press(box: QDialogButtonBox, text: str) -> None:
    button = next(it for it in box.buttons() if it.text().replace("&", "") == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("text", "title", "said"),
    [
        (CORE, "core dialect", "orchestration.timeout_seconds: is orchestration.timeout here"),
        (V1BETA, "v1beta", "workflow.mode: is 'sequential' here"),
    ],
)
def test_an_import_lists_every_translation_and_leaves_the_file_alone(
    window: MainWindow, tmp_path, text, title, said
):
    file = tmp_path / "other.toml"
    file.write_text(text, "utf-8")
    window.action_set["file.import"].trigger()
    choose(file)

    told = dialog(TranslationDialog)
    assert title in told.intro.text()
    assert any(said in line for lines in told.shown.values() for line in lines)
    assert any(line.startswith("line ") for lines in told.shown.values() for line in lines)
    press(told.buttons, "OK")
    document = window.workbench.document
    assert (document.path, document.is_modified) == (None, True)
    assert file.read_text("utf-8") == text
    native = tmp_path / "native.toml"
    document.save_as(native)
    assert load(native, Catalogue.installed()).dialect is None


def test_what_an_import_loses_stands_apart_from_what_it_says_otherwise(window, tmp_path):
    file = tmp_path / "core.toml"
    file.write_text(CORE, "utf-8")
    window.files.open_flow(file)

    told = dialog(TranslationDialog)
    assert "1 thing could not be said" in told.intro.text()
    assert list(told.shown) == ["What could not be said", "What is said otherwise"]
    assert len(told.shown["What could not be said"]) == 1
    assert 'timeout = "9s"' in window.workbench.document.text
    press(told.buttons, "OK")


@pytest.mark.parametrize("name", ["core", "v1beta"])
def test_an_export_lists_what_it_cannot_say_before_a_file_is_chosen(
    window, flow_file, tmp_path, name
):
    window.files.open_flow(flow_file)
    window.action_set[f"file.export-{name}"].trigger()
    told = dialog(TranslationDialog)
    assert "cannot say" in told.intro.text()
    assert told.shown["What would be left out, or changed"]
    assert not shown(QFileDialog)

    press(told.buttons, "Export…")
    target = tmp_path / f"{name}.toml"
    choose(target)
    written = load(target, Catalogue.installed())
    assert written.dialect is not None
    assert name in written.dialect.title
    assert flow_file.read_text("utf-8").startswith("# Kept.")


def test_a_refused_export_writes_nothing(window, flow_file, tmp_path):
    window.files.open_flow(flow_file)
    before = set(tmp_path.rglob("*"))
    window.action_set["file.export-core"].trigger()
    press(dialog(TranslationDialog).buttons, "Cancel")

    assert not shown(QFileDialog)
    assert {it for it in tmp_path.rglob("*") if "settings" not in str(it)} == {
        it for it in before if "settings" not in str(it)
    }


def test_mermaid_says_all_and_asks_for_the_file_at_once(window, flow_file, tmp_path):
    window.files.open_flow(flow_file)
    window.action_set["file.export-mermaid"].trigger()
    choose(tmp_path / "drawing")

    assert (tmp_path / "drawing.mmd").read_text("utf-8").startswith("---")


@pytest.mark.parametrize(
    ("kind", "suffix", "begins"),
    [("PNG", ".png", b"\x89PNG"), ("SVG", ".svg", b"<?xml"), ("PDF", ".pdf", b"%PDF-")],
)
def test_a_picture_is_written_in_the_kind_that_was_chosen(
    window, flow_file, tmp_path, kind, suffix, begins
):
    window.files.open_flow(flow_file)
    window.action_set["file.export-picture"].trigger()
    choose(tmp_path / "drawing", kind)

    written = tmp_path / f"drawing{suffix}"
    assert written.read_bytes().startswith(begins)
    if kind == "PNG":
        assert QImage(str(written)).width() > 200


def test_an_export_never_takes_the_place_of_the_flow_itself(window, flow_file):
    window.files.open_flow(flow_file)
    before = flow_file.read_text("utf-8")
    window.action_set["file.export-v1beta"].trigger()
    press(dialog(TranslationDialog).buttons, "Export…")
    dialog(QFileDialog).fileSelected.emit(str(flow_file))
    dialog(QFileDialog).reject()

    assert "is the flow's own file" in dialog(QMessageBox).text()
    dialog(QMessageBox).accept()
    assert flow_file.read_text("utf-8") == before


def test_a_place_that_cannot_be_written_is_told(window, flow_file, tmp_path):
    window.files.open_flow(flow_file)
    window.action_set["file.export-picture"].trigger()
    dialog(QFileDialog).fileSelected.emit(str(tmp_path / "nowhere" / "drawing.png"))
    dialog(QFileDialog).reject()

    assert "cannot be written" in dialog(QMessageBox).text()
    dialog(QMessageBox).accept()
