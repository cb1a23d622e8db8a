"""The file of a journal, and its lock: what may stand there, and what is there after a kill."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agentflow.errors import JournalError
from agentflow.journal import database
from agentflow.journal.lock import Lock, is_locked, remove
from agentflow.journal.reader import Reader
from agentflow.journal.writer import Writer


def ids(path: Path) -> list[str]:
    with Reader(path) as reader:
        return reader.ids()


def told(action) -> str:
    with pytest.raises(JournalError) as caught:
        action()
    return str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_pipe_is_no_journal_and_nobody_waits_for_it(tmp_path: Path):
    pipe = tmp_path / "pipe.db"
    os.mkfifo(pipe)

    for action in (Reader, Writer, Lock):
        assert "cannot be opened (it is no file)" in told(lambda action=action: action(pipe))
    assert [it.name for it in tmp_path.iterdir()] == ["pipe.db"]


def test_no_name_is_no_journal():
    assert "cannot be opened" in told(lambda: Writer(Path()))
    assert "cannot be opened" in told(lambda: Reader(Path()))


@pytest.mark.parametrize("name", [":memory:", "file:x?mode=memory", "a b#?%41.db"])
def test_a_name_that_sqlite_would_read_otherwise_is_the_name_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.chdir(tmp_path)

    Writer(Path(name)).close()

    assert ids(Path(name)) == []
    assert (tmp_path / name).stat().st_size > 0


def test_whoever_goes_by_a_link_has_the_same_lock(tmp_path: Path):
    file, link = tmp_path / "real.db", tmp_path / "link.db"
    link.symlink_to(file)
    writer = Writer(link)
    try:
        assert is_locked(file)
        assert "being written by another program" in told(lambda: Writer(file))
    finally:
        writer.close()
    assert not is_locked(link)
    assert ids(file) == []


def test_a_journal_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "journal.db"
    new = tmp_path / "journal.db-new"
    new.write_text("what a program that was killed has left", encoding="utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(database, "_TABLES", "CREATE TABLE runs (id TEXT NOT NULL); nonsense;")
        assert "cannot be used" in told(lambda: Writer(file))

    assert not file.exists()
    assert not new.exists()
    Writer(file).close()
    assert ids(file) == []
    assert not new.exists()


def test_a_journal_that_was_cut_to_nothing_is_none(tmp_path: Path):
    file = tmp_path / "journal.db"
    Writer(file).close()
    file.write_bytes(b"")

    assert "is no journal of AgentFlow" in told(lambda: Reader(file))


def test_nothing_is_left_of_a_journal_that_is_removed(tmp_path: Path):
    file = tmp_path / "journal.db"
    Writer(file).close()
    for ending in ("-wal", "-shm", "-journal", "-lock-journal"):
        (tmp_path / f"journal.db{ending}").touch()

    remove(file)

    assert [*tmp_path.iterdir()] == []


def test_whoever_looks_whether_a_journal_is_written_keeps_nobody_from_writing_it(tmp_path: Path):
    file = tmp_path / "journal.db"
    Writer(file).close()
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            is_locked(file)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(200):
            Lock(file).close()
    finally:
        is_over.set()
        looking.join()


SMALL_FILES = """
import resource, sys
from agentflow.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
sys.exit(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_files_that_may_not_grow_are_told_as_that_and_not_as_another_program(tmp_path: Path):
    (tmp_path / "flow.toml").write_text(
        '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["a"]\n'
        '[agents.a]\ntype = "scripted"\n',
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-c", SMALL_FILES, "run", "flow.toml", "--journal", "journal.db"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert "error: journal.db: cannot be read or written" in done.stderr
    assert "limits on the size of files" in done.stderr
    assert "--no-journal runs without keeping it" in done.stderr
