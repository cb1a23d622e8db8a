"""FileWatch: whatever somebody else does to the file is noticed, and what we do is not told."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QFileSystemWatcher, QTimer

from agentflow.errors import SaveError
from agentflow.flow.text_guard import Source
from agentflow_editor.document import edits, file_reading
from agentflow_editor.document.document import Document
from agentflow_editor.document.file_watch import FileWatch
from editor.document.drawn import CATALOGUE

FLOW = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["first"]\n'
THEIRS = FLOW.replace("first", "other")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flow" / "agentflow.toml"
    path.parent.mkdir()
    path.write_text(FLOW, "utf-8")
    return path


@pytest.fixture
def document(qapp, file) -> Document:
    made = Document(CATALOGUE)
    made.open(file)
    return made


@pytest.fixture
def watch(document) -> FileWatch:
    return FileWatch(document)


def in_place(file: Path) -> None:
    with file.open("r+b") as it:
        it.write(THEIRS.encode())


def by_replacing(file: Path) -> None:
    beside = file.with_name("beside")
    beside.write_text(THEIRS, "utf-8")
    beside.replace(file)


def keeping_the_time(file: Path) -> None:
    before = file.stat()
    in_place(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("write", [in_place, by_replacing, keeping_the_time])
def test_another_writer_is_noticed_again_and_again(
    watch, document, file, qtbot, write: Callable[[Path], None]
):
    for _ in range(2):
        with qtbot.waitSignal(watch.changed, timeout=10_000) as told:
            write(file)
        assert told.args == ["changed"]
        document.revert()
        assert watch.look() == "same"
        assert document.sheet.flow.root.steps[0].chains[0].steps[0].name == "other"
        file.write_text(FLOW, "utf-8")
        qtbot.waitUntil(lambda: watch.state == "changed")
        document.revert()
        watch.look()


def test_a_writer_of_whom_the_system_does_not_tell_is_noticed(document, file, qtbot, monkeypatch):
    monkeypatch.setattr(QFileSystemWatcher, "addPaths", lambda *_: [])
    unaided = FileWatch(document)

    with qtbot.waitSignal(unaided.changed, timeout=10_000):
        keeping_the_time(file)


def test_a_file_that_is_deleted_and_comes_back_is_noticed(watch, file, qtbot):
    with qtbot.waitSignal(watch.changed, timeout=10_000) as told:
        file.unlink()
    assert told.args == ["gone"]
    with qtbot.waitSignal(watch.changed, timeout=10_000) as told:
        file.write_text(FLOW, "utf-8")
    assert told.args == ["same"]


def test_a_file_whose_folder_is_moved_away_is_noticed_when_looked_at(watch, file):
    file.parent.rename(file.parent.with_name("elsewhere"))

    assert watch.look() == "gone"


def test_what_is_no_flow_any_more_is_a_change(watch, file):
    file.write_bytes(b"\xff\xfe")
    assert watch.look() == "changed"
    assert watch.digest == ""


def test_a_file_that_became_a_circle_of_links_is_gone(watch, file, qtbot):
    with qtbot.waitSignal(watch.changed, timeout=10_000) as told:
        file.unlink()
        file.symlink_to(file)
    assert told.args == ["gone"]
    assert watch.look() == "gone"


def test_our_own_saves_are_not_told(watch, document, file, qtbot):
    told: list[str] = []
    watch.changed.connect(told.append)
    for old, new in (("first", "one"), ("one", "two"), ("two", "three")):
        document.edit("Rename", edits.rename(document.sheet, f"sequential/{old}", new))
        document.save()
        qtbot.wait(200)

    assert told == []


def test_keeping_ones_own_replaces_only_what_was_seen(watch, document, file):
    document.edit("Rename", edits.rename(document.sheet, "sequential/first", "mine"))
    file.write_text(THEIRS, "utf-8")
    watch.look()
    document.disregard(watch.digest)
    assert watch.look() == "same"
    file.write_text(THEIRS + "# once more\n", "utf-8")

    with pytest.raises(SaveError, match="somebody else"):
        document.save()
    watch.look()
    document.disregard(watch.digest)
    document.save()

    assert "mine" in file.read_text("utf-8")


def test_a_deleted_file_can_be_saved_again_on_purpose(watch, document, file):
    document.edit("Rename", edits.rename(document.sheet, "sequential/first", "mine"))
    file.unlink()
    watch.look()
    document.disregard(watch.digest)
    document.save()

    assert "mine" in file.read_text("utf-8")


def test_a_flow_in_no_file_is_never_changed_by_others(qapp):
    assert FileWatch(Document(CATALOGUE)).look() == "same"


def test_a_closed_document_is_watched_no_more(watch, document, file, qtbot):
    with qtbot.assertNotEmitted(watch.changed, wait=2000):
        watch.close()
        in_place(file)
        document.file_changed.emit()

    assert watch.look() == "same"


class Folder:
    """A folder that gives a file's bytes only when it is let."""

    def __init__(self, monkeypatch, file: Path) -> None:
        self.asked, self.may_answer = threading.Semaphore(0), threading.Semaphore(0)
        self._readers: set[threading.Thread] = set()
        read = file_reading.read_source

        def slow(path: Path) -> Source:
            found, reader = read(path), threading.current_thread()
            if path == file and reader is not threading.main_thread():
                self._readers.add(reader)
                self.asked.release()
                self.may_answer.acquire()
            return found

        monkeypatch.setattr(file_reading, "read_source", slow)

    @property
    def readers(self) -> int:
        return sum(it.is_alive() for it in self._readers)


@pytest.fixture
def folder(monkeypatch, file, qtbot) -> Iterator[Folder]:
    made = Folder(monkeypatch, file)
    yield made
    made.may_answer.release(100)
    qtbot.waitUntil(lambda: made.readers == 0)


def test_a_folder_that_hangs_holds_nobody_up_and_is_asked_once(document, file, folder, qtbot):
    watch, turns = FileWatch(document), 0

    def turn() -> None:
        nonlocal turns
        turns += 1
        watch.look_soon()  # as when a person comes back to the window, again and again

    timer = QTimer(interval=10)
    timer.timeout.connect(turn)
    timer.start()
    in_place(file)
    qtbot.wait(2500)
    assert turns > 100
    assert folder.readers == 1
    assert watch.state == "same"

    timer.stop()
    with qtbot.waitSignal(watch.changed, timeout=10_000) as told:
        folder.may_answer.release(100)
    assert told.args == ["changed"]


def test_a_slow_folder_is_believed_however_often_it_is_asked(document, file, folder, qtbot):
    in_place(file)
    watch = FileWatch(document)
    assert folder.asked.acquire(timeout=5)
    watch.look_soon()
    folder.may_answer.release()

    qtbot.waitUntil(lambda: watch.state == "changed")
    assert folder.asked.acquire(timeout=5)  # and once more, since it was asked meanwhile


def test_what_was_read_before_a_save_is_no_news(document, file, folder, qtbot):
    watch, told = FileWatch(document), list[str]()
    watch.changed.connect(told.append)
    assert folder.asked.acquire(timeout=5)
    document.edit("Rename", edits.rename(document.sheet, "sequential/first", "mine"))
    document.save()
    folder.may_answer.release(100)

    qtbot.wait(500)
    assert told == []


def test_what_was_read_before_it_was_looked_at_is_no_news(document, file, folder, qtbot):
    watch = FileWatch(document)
    assert folder.asked.acquire(timeout=5)
    in_place(file)
    assert watch.look() == "changed"
    told: list[str] = []
    watch.changed.connect(told.append)
    folder.may_answer.release(100)

    qtbot.wait(500)
    assert (watch.state, told) == ("changed", [])


def test_another_file_is_not_judged_by_what_was_read_of_the_one_before(
    document, file, folder, qtbot, tmp_path
):
    watch, told = FileWatch(document), list[str]()
    watch.changed.connect(told.append)
    assert folder.asked.acquire(timeout=5)
    other = tmp_path / "other.toml"
    other.write_text(THEIRS, "utf-8")
    document.open(other)
    folder.may_answer.release(100)

    qtbot.wait(500)
    assert (watch.state, told) == ("same", [])
