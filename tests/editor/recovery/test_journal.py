"""The edit journal: what is unsaved is on disk soon, can be given back, and leaves no trace."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentflow_editor.document import edits
from agentflow_editor.document.document import Document
from agentflow_editor.recovery import edit_journal
from agentflow_editor.recovery.edit_journal import EditJournal
from agentflow_editor.recovery.records import append, read
from agentflow_editor.recovery.shelf import Shelf
from editor.benches import TWO_STEPS
from editor.document.drawn import CATALOGUE, chain, parallel, paths, sheet


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flow" / "agentflow.toml"
    path.parent.mkdir()
    path.write_bytes(TWO_STEPS.encode())
    return path


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "state" / "unsaved", CATALOGUE)


@pytest.fixture
def document(qapp) -> Document:
    return Document(CATALOGUE)


@pytest.fixture
def journal(document: Document, shelf: Shelf) -> Iterator[EditJournal]:
    made = EditJournal(document, shelf)
    yield made
    made.close()


def killed(journal: EditJournal) -> None:
    """Stop a journal as the end of its process would: nothing is tidied."""
    journal.flush()
    journal._soon.stop()
    if journal._place is not None:
        journal._place.let_go()


def rename(document: Document, old: str, new: str) -> None:
    document.edit("Rename", edits.rename(document.sheet, old, new))


def test_an_edit_is_on_disk_soon_without_being_asked_for(document, journal, shelf, qtbot):
    document.edit("Begin", sheet("a"))

    qtbot.waitUntil(lambda: list(shelf.folder.glob("*.journal")) != [], timeout=2000)


def test_only_the_user_may_read_what_is_kept(document, journal, shelf):
    document.edit("Begin", sheet("a"))
    journal.flush()

    modes = {it.suffix: stat.S_IMODE(it.stat().st_mode) for it in shelf.folder.iterdir()}
    assert modes[".journal"] == 0o600
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700


def test_work_of_an_editor_that_lives_is_not_offered(document, journal, shelf):
    document.edit("Begin", sheet("a"))
    journal.flush()

    assert shelf.left_behind() == []


def test_work_of_a_dead_editor_whose_number_another_process_has_by_now_is_offered(
    document, journal, shelf
):
    document.edit("Begin", sheet("a"))
    [lock] = shelf.folder.glob("*.lock")
    _, *rest = lock.read_text().split("\n")
    killed(journal)
    lock.write_text("\n".join([str(os.getpid()), *rest]))

    assert shelf.left_behind() == []  # it may be a lock that is just being made
    os.utime(lock, (0, 0))
    [kept] = shelf.left_behind()
    assert paths(kept.draft.sheet) == ["a"]


def test_no_lock_of_an_editor_that_lives_is_too_old(document, journal, shelf):
    document.edit("Begin", sheet("a"))
    [lock] = shelf.folder.glob("*.lock")
    os.utime(lock, (0, 0))

    assert shelf.left_behind() == []


def test_an_edit_is_kept_before_it_is_drawn(document, journal, shelf):
    kept: list[bool] = []
    document.changed.connect(lambda *_: kept.append(list(shelf.folder.glob("*.journal")) != []))
    document.edit("Begin", sheet("a"))

    assert kept == [True]


def test_edits_that_come_faster_than_they_can_be_kept_wait_for_one_another(
    document, journal, shelf, monkeypatch
):
    monkeypatch.setattr(edit_journal, "SHARE", 1e9)
    for number in range(20):
        document.edit("Begin", sheet(f"a{number}"))
    [path] = shelf.folder.glob("*.journal")
    assert [it["kind"] for it in read(path)] == ["base", "change"]
    journal.flush()
    journal.flush()

    assert [it["kind"] for it in read(path)] == ["base", "change", "change"]


def test_what_is_dear_to_keep_waits_for_the_timer_but_not_for_one_that_is_late(
    document, journal, shelf, monkeypatch
):
    monkeypatch.setattr(edit_journal, "CHEAP", 0.0)
    monkeypatch.setattr(edit_journal, "PATIENCE", 0)
    document.edit("First", sheet("a"))
    [path] = shelf.folder.glob("*.journal")
    document.edit("Second", sheet("b"))
    assert len(list(read(path))) == 2
    document.edit("Third", sheet("c"))

    assert len(list(read(path))) == 3


def test_what_is_kept_is_soon_on_the_disk_itself(document, journal, monkeypatch, qtbot):
    synced: list[tuple[int, threading.Thread]] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        synced.append((os.fstat(handle).st_size, threading.current_thread()))

    monkeypatch.setattr(os, "fsync", fsync)
    for name in "abc":
        document.edit("Begin", sheet(name))
        journal.flush()
    size = journal._place.journal.stat().st_size

    qtbot.waitUntil(lambda: size in [it for it, _ in synced], timeout=20_000)
    assert threading.main_thread() not in {thread for _, thread in synced}


def test_work_on_a_file_comes_back_as_one_unsaved_edit_of_it(document, journal, shelf, file):
    document.open(file)
    rename(document, "sequential/first", "one")
    rename(document, "sequential/second", "two")
    killed(journal)

    [kept] = shelf.left_behind()
    again = Document(CATALOGUE)
    again.restore(kept.draft.base, kept.draft.path, kept.draft.sheet)

    assert file.read_text("utf-8") == TWO_STEPS
    assert again.sheet == document.sheet
    assert (again.is_modified, again.path, again.undo_stack.count()) == (True, file, 1)
    again.undo_stack.undo()
    assert (again.is_modified, again.text) == (False, TWO_STEPS)
    again.undo_stack.redo()
    again.save()
    assert file.read_text("utf-8").startswith("# Two steps, one after the other.")


def test_a_flow_that_was_in_no_file_comes_back_too(document, journal, shelf):
    drawn = sheet("a", parallel("p", chain("b"), chain("c")), parked=(chain("d"),))
    document.edit("Begin", drawn)
    killed(journal)

    [kept] = shelf.left_behind()

    assert (kept.draft.path, kept.draft.base) == (None, None)
    assert kept.draft.sheet == document.sheet


def test_restored_work_does_not_replace_what_somebody_wrote_meanwhile(
    document, journal, shelf, file
):
    document.open(file)
    rename(document, "sequential/first", "one")
    killed(journal)
    file.write_text("# theirs\n", "utf-8")

    [kept] = shelf.left_behind()
    again = Document(CATALOGUE)
    again.restore(kept.draft.base, kept.draft.path, kept.draft.sheet)

    with pytest.raises(Exception, match="somebody else"):
        again.save()
    assert file.read_text("utf-8") == "# theirs\n"


@pytest.mark.parametrize("harm", [b"\x00\xff torn", b"00000000 {}", b'{"kind": "draft"}\n', b""])
def test_a_damaged_tail_is_passed_over_and_the_last_whole_state_offered(
    document, journal, shelf, harm
):
    document.edit("Begin", sheet("a"))
    journal.flush()
    document.edit("More", sheet("a", "b"))
    killed(journal)
    [path] = shelf.folder.glob("*.journal")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]) + lines[-1][: len(lines[-1]) // 2] + harm)

    [kept] = shelf.left_behind()

    assert paths(kept.draft.sheet) == ["a"]


def test_what_is_written_after_a_torn_record_is_whole(tmp_path):
    path = tmp_path / "a.journal"
    append(path, ({"n": 1}, {"n": 2}))
    path.write_bytes(path.read_bytes()[:-4])
    append(path, ({"n": 3},))

    assert [it["n"] for it in read(path)] == [1, 3]


def test_every_single_torn_byte_leaves_the_state_before(document, journal, shelf):
    document.edit("Begin", sheet("a"))
    journal.flush()
    document.edit("More", sheet("a", "b"))
    killed(journal)
    [path] = shelf.folder.glob("*.journal")
    whole = path.read_bytes()
    begin = whole.rstrip(b"\n").rindex(b"\n") + 1
    for end in range(begin, len(whole) - 1, 7):
        path.write_bytes(whole[:end])
        [kept] = shelf.left_behind()
        assert paths(kept.draft.sheet) == ["a"], end
        kept.keep_for_later()


@pytest.mark.parametrize("way", ["save", "undo", "open", "new"])
def test_nothing_is_kept_once_nothing_is_unsaved(document, journal, shelf, file, way):
    document.open(file)
    rename(document, "sequential/first", "one")
    journal.flush()
    {
        "save": document.save,
        "undo": document.undo_stack.undo,
        "open": lambda: document.open(file),
        "new": document.new,
    }[way]()

    assert list(shelf.folder.glob("*.journal")) == []


def test_closing_in_order_leaves_nothing_behind(document, journal, shelf):
    document.edit("Begin", sheet("a"))
    journal.flush()
    journal.close()
    shelf.clear_given_up()

    assert list(shelf.folder.iterdir()) == []


def test_what_was_given_up_can_be_had_back_until_an_editor_ends_in_order(document, journal, shelf):
    document.edit("Begin", sheet("a"))
    journal.set_aside()
    document.new()

    [kept] = shelf.given_up()
    assert kept.is_given_up
    assert paths(kept.draft.sheet) == ["a"]
    kept.discard()
    assert len(shelf.given_up()) == 1
    shelf.clear_given_up()
    assert shelf.given_up() == []


def test_work_that_was_saved_just_before_the_end_is_not_offered(document, journal, shelf, file):
    document.open(file)
    rename(document, "sequential/first", "one")
    killed(journal)
    document.modified_changed.disconnect(journal._on_modified)
    document.save()

    assert shelf.left_behind() == []


def test_a_node_that_was_only_moved_is_offered_too(document, journal, shelf, file):
    document.open(file)
    document.edit("Move", edits.place(document.sheet, {"": (10, 10)}))
    killed(journal)

    [kept] = shelf.left_behind()
    assert kept.draft.sheet.layout[""] == (10, 10)


def test_a_journal_begins_anew_before_it_grows_without_end(document, journal, shelf, monkeypatch):
    monkeypatch.setattr(edit_journal, "LARGEST", 4_000)
    for number in range(60):
        document.edit("Begin", sheet("a", f"b{number}"))
        journal.flush()
    [path] = shelf.folder.glob("*.journal")

    assert path.stat().st_size < 6_000
    killed(journal)
    [kept] = shelf.left_behind()
    assert paths(kept.draft.sheet) == ["a", "b59"]


def test_where_nothing_can_be_kept_it_is_told_once_and_work_goes_on(document, tmp_path, qtbot):
    (tmp_path / "state").write_text("no folder")
    journal = EditJournal(document, Shelf(tmp_path / "state" / "unsaved", CATALOGUE))
    told: list[str] = []
    journal.failed.connect(told.append)

    for name in "abc":
        document.edit("Begin", sheet(name))
        journal.flush()
    qtbot.waitUntil(lambda: told != [])
    journal.close()

    assert told == ["Not a directory"]
    assert paths(document.sheet) == ["c"]


def test_of_a_large_flow_an_edit_keeps_what_it_changed_and_no_more(document, journal, shelf, file):
    agents = "".join(f'\n[agents.a{number}]\ntype = "scripted"\n' for number in range(400))
    file.write_bytes(f"{TWO_STEPS}{agents}".encode())
    document.open(file)
    for number in range(5):
        after = edits.set_agent(document.sheet, "a7", "description", f"number {number}")
        document.edit("Describe", after)
        assert journal.flush()
    [path] = shelf.folder.glob("*.journal")
    _, *lines = path.read_bytes().splitlines()

    assert len(lines) == 5
    assert max(map(len, lines)) < 1000
    killed(journal)
    [kept] = shelf.left_behind()
    assert kept.draft.sheet == document.sheet


def test_when_much_has_changed_the_work_is_kept_whole_and_had_back_from_there(
    document, journal, shelf, file, monkeypatch
):
    monkeypatch.setattr(edit_journal, "LARGE", 400)
    document.open(file)
    for number in range(12):
        document.edit("Add", sheet("first", "second", *(f"new{it}" for it in range(number))))
        assert journal.flush()
    [path] = shelf.folder.glob("*.journal")
    kinds = [it["kind"] for it in read(path)]
    assert {"draft", "change"} < set(kinds)
    assert kinds[-1] == "change" or kinds[-2] == "change"

    killed(journal)
    [kept] = shelf.left_behind()

    assert kept.draft.sheet == document.sheet


def test_a_change_since_work_that_is_torn_off_is_passed_over(
    document, journal, shelf, file, monkeypatch
):
    monkeypatch.setattr(edit_journal, "LARGE", 1)
    document.open(file)
    for name in ("a", "b", "c", "d"):
        document.edit("Add", sheet("first", "second", name))
        assert journal.flush()
    killed(journal)
    [path] = shelf.folder.glob("*.journal")
    lines = path.read_bytes().splitlines(keepends=True)
    assert [it["kind"] for it in read(path)][-2:] in (["draft", "change"], ["change", "draft"])
    at = max(number for number, line in enumerate(lines) if b'"kind": "draft"' in line)
    path.write_bytes(b"".join((*lines[:at], lines[at][:30] + b"\n", *lines[at + 1 :])))

    [kept] = shelf.left_behind()

    assert kept.draft.sheet.flow.root.steps[-1].name in ("b", "c")
