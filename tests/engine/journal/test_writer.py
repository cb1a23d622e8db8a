"""What cannot be written is told, and nothing that was written before is lost."""

import asyncio
import gc
import os
import resource
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agentflow.errors import JournalError
from agentflow.event import Event
from agentflow.journal.keeper import Keeper
from agentflow.journal.reader import Reader
from agentflow.journal.shelf import Shelf
from agentflow.journal.writer import Writer
from agentflow.state import State
from agentflow.trace import RunStarted, StepOutput, TraceEntry
from engine import fakes


class SmallDisk(Writer):
    """A journal that may hold no more than some pages."""

    def __init__(self, path: Path, pages: int) -> None:
        super().__init__(path)
        self._connection.execute(f"PRAGMA max_page_count = {pages}")


class Told:
    """Keeps entries as if a recorder had them."""

    def __init__(self, writer: Writer, text: str = "text", file: Path | None = None) -> None:
        self._keeper = Keeper(writer, text, file, flow="flow")
        self._sinks: dict[str, Callable] = {}

    def __call__(self, entry: TraceEntry) -> None:
        if entry.run_id not in self._sinks:
            self._sinks[entry.run_id] = self._keeper.sink(entry.run_id, 0.0)
        self._sinks[entry.run_id]((type(entry).__name__, entry.time, *entry[3:]))


def says(seq: int, run_id: str = "r", text: str = "x") -> StepOutput:
    return StepOutput(seq, float(seq), run_id, "a", text)


def begins(run_id: str = "r") -> RunStarted:
    return RunStarted(0, 0.0, run_id, "", "flow", State({"a": 1}, {"b": "c"}))


async def test_a_full_disk_is_told_and_what_was_kept_before_is_whole(journal):
    writer = SmallDisk(journal, pages=20)
    keeper = Told(writer, "text")
    keeper(begins())
    await writer.settled()

    seq = 0
    told = ""
    while not told:
        seq += 1
        keeper(says(seq, text="x" * 1000))
        try:
            await writer.settled()
        except JournalError as error:
            told = str(error)

    assert "is on a disk that is full, or may grow no further; make room, or name another" in told
    assert writer.is_full
    with pytest.raises(JournalError, match="disk that is full"):
        writer.close()
    with Reader(journal) as reader:
        run = reader.run("r")
    assert (run.damage, len(run.entries)) == ("", seq)
    assert run.entries[0] == begins()


async def test_whoever_waits_hears_of_it_when_the_journal_breaks(journal):
    writer = SmallDisk(journal, pages=10)
    keeper = Told(writer, "text")
    keeper(begins())
    keeper(says(1, text="x" * 100_000))

    waiting = [asyncio.create_task(writer.settled()) for _ in range(3)]
    done, _ = await asyncio.wait(waiting, timeout=10)

    assert [type(task.exception()) for task in done] == [JournalError] * 3
    with pytest.raises(JournalError):
        writer.close()


async def test_a_disk_that_is_full_amid_branches_is_told_once_and_nobody_complains_beside(journal):
    complaints: list[dict] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
    writer = SmallDisk(journal, pages=10)
    runner = fakes.runner(
        fakes.flow("long", fakes.parallel("team", "a", "b", fakes.parallel("more", "c", "d"))),
        {"long": fakes.says(text="x" * 100_000), **{name: fakes.says() for name in "abcd"}},
    )
    runner.keep(Keeper(writer, "text"))

    async with runner:
        with pytest.raises(JournalError, match="disk that is full"):
            await runner.run(Event())
    with pytest.raises(JournalError):
        writer.close()
    gc.collect()

    assert complaints == []


async def test_a_backlog_that_is_too_long_holds_those_who_ask_and_loses_nothing(journal):
    writer = Writer(journal, bound=100)
    keeper = Told(writer, "text")
    keeper(begins())
    longest, at = 0.0, time.perf_counter()
    for seq in range(1, 20_001):
        keeper(says(seq))
        if writer.is_full:
            await writer.room()
        longest, at = max(longest, time.perf_counter() - at), time.perf_counter()
    await writer.settled()
    writer.close()

    with Reader(journal) as reader:
        run = reader.run("r")
    assert [it.seq for it in run.entries] == list(range(20_001))


async def test_who_never_waits_is_slowed_down_and_loses_nothing(journal):
    writer = Writer(journal, bound=10)
    keeper = Told(writer, "text")
    keeper(begins())
    for seq in range(1, 5001):
        keeper(says(seq))
    writer.close()

    with Reader(journal) as reader:
        assert len(reader.run("r").entries) == 5001


def told_in_a_child(work: Callable[[], None]) -> str:
    """The journal's error when a fork of this process does something."""
    told, telling = os.pipe()
    child = os.fork()
    if not child:
        try:
            work()
        except JournalError as error:
            os.write(telling, str(error).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(telling)
    with open(told) as pipe:
        return pipe.read()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of processes are a Unix matter")
@pytest.mark.parametrize("size", [24, 28])
def test_a_disk_without_room_for_the_index_of_the_log_is_full_as_well(journal, size: int):
    def write() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size * 1024, resource.RLIM_INFINITY))
        writer = Writer(journal)
        Told(writer)(begins())
        writer.close()

    assert "is on a disk that is full, or may grow no further" in told_in_a_child(write)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="modes of folders are a Unix matter")
def test_of_a_folder_that_may_not_be_read_nobody_says_that_it_holds_no_run(tmp_path: Path):
    locked = tmp_path / "runs"
    locked.mkdir(mode=0o000)

    def look() -> None:
        if os.getuid() == 0:
            os.setuid(65534)  # to root no mode means anything
        Shelf(folder=locked).files()

    assert "runs: cannot be opened (Permission denied)" in told_in_a_child(look)
    assert Shelf(folder=tmp_path / "none").files() == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="modes of folders are a Unix matter")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)

    def write() -> None:
        if os.getuid() == 0:
            os.setuid(65534)  # to root no mode means anything
        Writer(locked / "j.db")

    assert told_in_a_child(write).endswith(
        "j.db: cannot be opened (Permission denied); let it be written there, or name another file"
    )
    assert list(locked.iterdir()) == []


async def test_a_journal_has_one_writer(journal):
    writer = Writer(journal)

    with pytest.raises(JournalError, match="is being written by another program; wait for its end"):
        Writer(journal)

    writer.close()
    Writer(journal).close()


async def test_a_journal_can_be_read_while_it_is_written(journal):
    writer = Writer(journal)
    keeper = Told(writer, "text")
    keeper(begins())
    await writer.settled()

    with Reader(journal) as reader:
        assert reader.run("r").entries == (begins(),)
        keeper(says(1))
        await writer.settled()
        assert reader.run("r").entries == (begins(), says(1))

    writer.close()


async def test_runs_of_several_flows_share_a_journal(journal):
    writer = Writer(journal)
    one, two = Told(writer, "one", Path("one.toml")), Told(writer, "two")
    one(begins("a"))
    two(begins("b"))
    one(says(1, "a"))
    writer.close()

    with Reader(journal) as reader:
        a, b = reader.runs()
    assert (a.id, a.text, Path(a.page.file).name, len(a.entries)) == ("a", "one", "one.toml", 2)
    assert (b.id, b.text, b.page.file, len(b.entries)) == ("b", "two", "", 1)


async def test_every_sql_value_is_bound(journal):
    writer = Writer(journal)
    keeper = Told(writer, "'); DROP TABLE runs; --")
    nasty = RunStarted(0, 0.0, "x'); DROP TABLE runs; --", "", "'\"", State())
    keeper(nasty)
    writer.close()

    with Reader(journal) as reader:
        (run,) = reader.runs()
    assert (run.id, run.page.flow, run.text) == (nasty.run_id, "flow", "'); DROP TABLE runs; --")


def test_half_a_character_in_a_text_is_no_end_of_the_journal(journal):
    writer = Writer(journal)
    keeper = Told(writer, "text")
    keeper(begins())
    keeper(says(1, text="\udc80"))
    writer.close()

    with Reader(journal) as reader:
        assert reader.run("r").entries[1].delta == "?"


def test_the_format_has_a_version_that_another_program_may_ask_for(journal):
    Writer(journal).close()

    connection = sqlite3.connect(journal)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("PRAGMA application_id").fetchone() == (0x41464A4C,)
    connection.close()
