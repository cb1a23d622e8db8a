"""Nothing is lost: left work, full disks, other writers and editors, bugs, in real windows."""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCommandLinkButton, QMessageBox

from agentflow_editor.dialogs.crash import CrashDialog
from agentflow_editor.dialogs.recovery import RecoveryDialog
from agentflow_editor.document import edits
from agentflow_editor.main_window import MainWindow
from agentflow_editor.process import crash
from agentflow_editor.welcome.gallery import Gallery
from agentflow_editor.windows import Windows
from editor.benches import TWO_STEPS

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(windows: Windows) -> MainWindow:
    made = windows.make_window()
    made.show()
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flow" / "agentflow.toml"
    path.parent.mkdir()
    path.write_text(TWO_STEPS, "utf-8")
    return path


def _rename(window: MainWindow, name: str) -> None:
    document = window.workbench.document
    document.edit("Rename", edits.rename(document.sheet, "sequential/first", name))


def _dialog(kind: type) -> Any:
    shown = (it for it in QApplication.topLevelWidgets() if isinstance(it, kind))
    return next(it for it in shown if it.isVisible())


def _answer(label: str) -> str:
    box = _dialog(QMessageBox)
    button = next(it for it in box.buttons() if it.text().replace("&", "") == label)
    QTest.mouseClick(button, LEFT)
    return box.text()


def _killed(window: MainWindow) -> None:
    """Leave a window's work as the end of its process would."""
    journal = window.workbench.keeper.journal
    assert journal.flush()
    journal._place.let_go()
    journal._place, journal._is_closed = None, True
    window.workbench.keeper.claim.release()


# Left work


def test_left_work_is_offered_with_a_picture_and_comes_back_unsaved(windows, window, file):
    window.files.open_flow(file)
    _rename(window, "mine")
    work = window.workbench.document.sheet
    _killed(window)
    window.close_for_good()
    fresh = windows.make_window()
    fresh.show()

    dialog = fresh.keeping.offer_left_behind()
    assert isinstance(dialog, RecoveryDialog)
    assert "flow/agentflow.toml" in dialog.list.item(0).text()
    assert not dialog._picture.pixmap().isNull()
    dialog.restore_current()

    document = fresh.workbench.document
    assert (document.sheet, document.is_modified, document.path) == (work, True, file)
    assert file.read_text("utf-8") == TWO_STEPS
    assert fresh.keeping.offer_left_behind() is None
    document.undo_stack.undo()
    assert not document.is_modified


def test_discarded_work_can_be_had_back_by_the_menu(windows, window, file):
    window.files.open_flow(file)
    _rename(window, "mine")
    _killed(window)
    window.close_for_good()
    fresh = windows.make_window()
    fresh.show()
    fresh.keeping.offer_left_behind().discard_current()
    assert fresh.keeping.offer_left_behind() is None

    fresh.action_set["file.recover"].trigger()
    dialog = _dialog(RecoveryDialog)
    assert "(discarded)" in dialog.list.item(0).text()
    dialog.restore_current()

    assert fresh.workbench.document.sheet.flow.agents["mine"]


def test_work_that_is_put_off_is_offered_again(windows, window, file):
    window.files.open_flow(file)
    _rename(window, "mine")
    _killed(window)
    window.close_for_good()
    fresh = windows.make_window()
    fresh.show()
    fresh.keeping.offer_left_behind().reject()

    again = fresh.keeping.offer_left_behind()
    assert again is not None
    again.reject()


# Saving


def _limited(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_full_disk_is_told_plainly_and_the_work_can_go_elsewhere(window, file):
    window.files.open_flow(file)
    _rename(window, "mine")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    _limited(16)
    try:
        window.action_set["file.save"].trigger()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    told = _answer("Cancel")

    assert f"{file}: cannot be written (File too large); make room on the disk" in told
    assert "the flow is still open" in told
    assert file.read_text("utf-8") == TWO_STEPS
    assert [it.name for it in file.parent.iterdir()] == [file.name]
    assert window.workbench.document.is_modified
    window.action_set["file.save"].trigger()
    assert "mine" in file.read_text("utf-8")


FULL = """
import os
import sys
from pathlib import Path
from agentflow.catalogue import Catalogue
from agentflow.errors import SaveError
from agentflow_editor.document import edits
from agentflow_editor.document.document import Document
from PySide6.QtCore import QCoreApplication
app = QCoreApplication([])
document = Document(Catalogue.installed())
document.open(Path(sys.argv[1]))
document.edit("Rename", edits.rename(document.sheet, "sequential/first", "mine"))
document.text
if sys.argv[4:]:
    os.setgid(65534)
    os.setuid(65534)
try:
    document.save_as(Path(sys.argv[2]))
except SaveError as error:
    print(error)
print(document.is_modified, Path(sys.argv[1]).read_text() == sys.argv[3])
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_folder_where_one_may_not_write_is_told_plainly():
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        file = folder / "agentflow.toml"
        file.write_text(TWO_STEPS, "utf-8")
        command = [sys.executable, "-c", FULL, str(file), str(file), TWO_STEPS, "as nobody"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout

        assert "cannot be written (Permission denied); save where you may write" in told
        assert told.endswith("True True\n")
        assert [it.name for it in folder.iterdir()] == ["agentflow.toml"]


def test_a_folder_that_is_no_folder_is_told_plainly(window, file, tmp_path):
    window.files.open_flow(file)
    (tmp_path / "note").write_text("")
    window.files._try_saving(
        lambda: window.workbench.document.save_as(tmp_path / "note" / "agentflow.toml"),
        lambda: None,
    )

    told = _answer("Cancel")
    assert "(Not a directory); its folder is not there (any more)" in told
    assert window.workbench.document.path == file


def test_a_disk_without_room_is_told_plainly(tmp_path, file, qapp):
    """A real full file system, where this user may make one."""
    script = f'mount -t tmpfs -o size=4k none {file.parent} && exec {sys.executable} -c "$0" "$@"'
    copy = tmp_path / "agentflow.toml"
    copy.write_text(TWO_STEPS + "# long\n" * 2000, "utf-8")
    command = ["unshare", "-rm", "sh", "-c", script, FULL, str(copy), str(file), TWO_STEPS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip(f"no file system of one's own can be made here: {done.stderr}")

    assert "cannot be written (No space left on device); make room on the disk" in done.stdout


# Other writers


def test_a_change_by_another_program_is_shown_and_reloaded_as_an_undoable_edit(window, file, qtbot):
    window.files.open_flow(file)
    _rename(window, "mine")
    file.write_text(TWO_STEPS.replace("second", "theirs"), "utf-8")
    qtbot.waitUntil(lambda: "changed by another program" in window.notices.text("file"))
    window.notices.press("file", "Reload")

    document = window.workbench.document
    assert "theirs" in document.sheet.flow.agents
    assert window.notices.text("file") == ""
    document.undo_stack.undo()
    assert "mine" in document.sheet.flow.agents


@pytest.mark.parametrize("answer", ["Overwrite", "Reload", "Cancel"])
def test_saving_over_a_change_by_another_program_asks(window, file, answer):
    window.files.open_flow(file)
    _rename(window, "mine")
    theirs = TWO_STEPS.replace("second", "theirs")
    file.write_text(theirs, "utf-8")
    window.action_set["file.save"].trigger()
    assert file.read_text("utf-8") == theirs
    _answer(answer)

    assert ("mine" in file.read_text("utf-8")) == (answer == "Overwrite")
    assert ("theirs" in window.workbench.document.sheet.flow.agents) == (answer == "Reload")


def test_what_was_overwritten_on_purpose_can_be_had_back(window, file):
    window.files.open_flow(file)
    _rename(window, "mine")
    file.write_text(TWO_STEPS.replace("second", "theirs"), "utf-8")
    window.action_set["file.save"].trigger()
    _answer("Overwrite")

    [kept] = window.workbench.keeper.shelf.given_up()
    assert "theirs" in kept.draft.sheet.flow.agents
    kept.keep_for_later()


def test_a_deleted_file_is_told_and_can_be_saved_again(window, file, qtbot):
    window.files.open_flow(file)
    file.unlink()
    qtbot.waitUntil(lambda: "deleted or moved" in window.notices.text("file"))
    window.notices.press("file", "Save It Again")

    assert file.read_text("utf-8") == TWO_STEPS


def test_a_run_asks_whose_version_is_meant(window, file):
    window.files.open_flow(file)
    file.write_text(TWO_STEPS + "# theirs\n", "utf-8")
    window.action_set["run.run"].trigger()

    assert "changed by another program" in _answer("Cancel")
    assert not window.workbench.run.is_running


# Other editors


def test_the_second_editor_says_so_and_edits_only_when_told_to(window, file, tmp_path):
    code = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from agentflow.catalogue import Catalogue;"
        "from agentflow_editor.document.document import Document;"
        "from agentflow_editor.document.file_claim import FileClaim;"
        "app = QCoreApplication([]); d = Document(Catalogue.installed());"
        "c = FileClaim(d, Path(sys.argv[1])); d.open(Path(sys.argv[2]));"
        "print('open', flush=True); sys.stdin.readline()"
    )
    claims = tmp_path / "settings" / "state" / "claims"
    command = [sys.executable, "-c", code, str(claims), str(file)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        window.files.open_flow(file)
        _rename(window, "mine")
        assert "Read-only" in window.notices.text("claim")
        assert "(read-only)" in window.windowTitle()
        assert not window.workbench.document.is_modified
        window.notices.press("claim", "Edit Anyway")
        _rename(window, "mine")
        assert window.workbench.document.is_modified
        other.communicate("\n")


# Bugs


def test_a_bug_is_shown_with_a_report_to_copy_and_the_work_is_kept(window, file, monkeypatch):
    monkeypatch.setenv("SOME_API_KEY", "sk-very-secret")
    window.files.open_flow(file)
    _rename(window, "mine")
    window.action_set["edit.select-all"].trigger()
    try:
        raise ValueError(f"sk-very-secret in {Path.home()}")
    except ValueError as error:
        report = crash.report(error, window.action_set.last)
    window.keeping.show_crash(report)
    window.keeping.show_crash(report)
    dialog = _dialog(CrashDialog)
    dialog._copy()

    shown = QGuiApplication.clipboard().text()
    assert "PySide6" in shown
    assert "edit.select-all" in shown
    assert "ValueError: ${SOME_API_KEY} in ~" in shown
    assert shown.count("Traceback") == 1
    assert "happened 2 times" in shown
    assert list(window.workbench.keeper.shelf.folder.glob("*.journal"))
    dialog.reject()
    assert window.isVisible()


# Beginning


def test_a_flow_is_looked_at_as_it_was_left(window, file, tmp_path, qtbot):
    window.files.open_flow(file)
    qtbot.wait(20)
    window.canvas.looking.look_as((120.0, 40.0, 0.5))
    window.files.new_flow()
    window.files.open_flow(file)

    qtbot.waitUntil(lambda: window.canvas.looking.camera == (120.0, 40.0, 0.5))


def test_the_files_that_were_open_together_are_offered_again(windows, window, file, tmp_path):
    other = tmp_path / "other" / "agentflow.toml"
    other.parent.mkdir()
    other.write_text(TWO_STEPS, "utf-8")
    windows.open_flows([file, other])
    windows.quit()
    fresh = windows.make_window()
    fresh.show()

    assert set(fresh.workbench.settings.session) == {file, other}
    fresh._welcome.session_wanted.emit()
    shown = {it.workbench.document.path for it in windows.windows}
    assert shown == {file, other}


def test_a_flow_begins_from_a_template_that_was_searched_for(window, tmp_path, qtbot):
    window.action_set["file.template"].trigger()
    gallery = _dialog(Gallery)
    QTest.keyClicks(gallery.search, "loop")
    chosen = gallery._current()
    assert "loop" in f"{chosen.name} {chosen.summary}".lower()
    gallery.folder.setText(str(tmp_path / "new one"))
    qtbot.waitUntil(lambda: not window._starting.gallery_previews._wanted, timeout=20_000)
    QTest.mouseClick(gallery.make, LEFT)

    assert window.workbench.document.path == tmp_path / "new one" / "agentflow.toml"


def test_templates_are_gone_through_by_keys_while_words_are_typed(window, qtbot):
    window.show_gallery()
    gallery = _dialog(Gallery)
    qtbot.waitUntil(gallery.isActiveWindow)
    first = gallery._current()
    QTest.keyClick(gallery.search, Qt.Key.Key_Down)
    second = gallery._current()
    assert second != first
    assert gallery.folder.text().endswith(second.name)
    QTest.keyClick(gallery.search, Qt.Key.Key_Up)
    assert gallery._current() == first

    QTest.keyClicks(gallery.search, "loop")
    assert gallery.search.text() == "loop"
    gallery.reject()


def test_a_template_overwrites_nothing(window, tmp_path):
    window.show_gallery()
    gallery = _dialog(Gallery)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    gallery.folder.setText(str(tmp_path / "full"))
    gallery.create_flow()

    assert "nothing is overwritten" in gallery._fault.text()
    gallery.reject()


def test_a_recent_flow_that_is_gone_is_shown_as_such_and_can_be_taken_off(window, file):
    window.files.open_flow(file)
    window.files.new_flow()
    file.unlink()
    window.show_welcome()
    buttons = window._welcome.findChildren(QCommandLinkButton)
    [gone] = [it for it in buttons if "Not there any more" in it.description()]
    assert not gone.isEnabled()
    window._welcome.forget_wanted.emit(file)

    assert window.workbench.settings.recent == ()
