"""FileWatch: whatever somebody else does to the file is noticed, and what we do is not told."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QFileSystemWatcher

from agentflow.errors import SaveError
from agentflow_editor.document import edits
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
