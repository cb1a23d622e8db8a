"""What a process that died has left in the log beside its journal, whole or not."""

import random
import shutil
from pathlib import Path

import pytest

from agentflow.errors import JournalError
from agentflow.journal.keeper import Keeper
from agentflow.journal.prune import pruned
from agentflow.journal.reader import Reader
from agentflow.journal.writer import Writer
from agentflow.state import State
from agentflow.trace import RunStarted, StepOutput, TraceEntry

ENTRIES: list[TraceEntry] = [
    RunStarted(0, 0.0, "r", "", "flow", State({"n": 1})),
    *(StepOutput(seq, float(seq), "r", "a", f"{seq} {'x' * 300}") for seq in range(1, 60)),
]


async def left_by_a_process_that_died(journal: Path, folder: Path) -> Path:
    """A copy of a journal whose log was never emptied, as a kill leaves it."""
    writer = Writer(journal)
    sink = Keeper(writer, "text", flow="flow").sink("r", 0.0)
    for entry in ENTRIES:
        sink((type(entry).__name__, entry.time, *entry[3:]))
        await writer.settled()
    for ending in ("", "-wal"):
        shutil.copy(f"{journal}{ending}", folder / f"whole.db{ending}")
    writer.close()
    return folder / "whole.db"


def damaged(log: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(32, len(log))
    kind = chance.choice(["cut", "zero", "flip", "garbage"])
    if kind == "cut":
        return log[:at]
    if kind == "flip":
        return log[:at] + bytes([log[at] ^ 1 << chance.randrange(8)]) + log[at + 1 :]
    size = min(chance.randrange(1, 5000), len(log) - at)
    return log[:at] + (bytes(size) if kind == "zero" else chance.randbytes(size)) + log[at + size :]


def read(journal: Path) -> tuple[TraceEntry, ...]:
    """The entries that a reader gets."""
    return told(journal)[0]


def told(journal: Path) -> tuple[tuple[TraceEntry, ...], str]:
    """The same, and what it says of damage."""
    entries: tuple[TraceEntry, ...] = ()
    damage = ""
    try:
        with Reader(journal) as reader:
            for run in reader.runs():
                entries, damage = run.entries, run.damage
    except JournalError as error:
        return entries, damage or str(error)
    return entries, damage


async def test_the_log_of_a_process_that_died_is_read_to_its_last_entry(journal, tmp_path: Path):
    whole = await left_by_a_process_that_died(journal, tmp_path)

    assert read(whole) == tuple(ENTRIES)


async def test_of_a_damaged_log_all_before_the_damage_is_read_and_nothing_else(
    journal, tmp_path: Path
):
    whole = await left_by_a_process_that_died(journal, tmp_path)
    log = whole.with_name("whole.db-wal").read_bytes()
    chance, lengths = random.Random(1), []
    for number in range(200):
        copy = whole.with_name(f"copy{number}.db")
        shutil.copy(whole, copy)
        copy.with_name(f"{copy.name}-wal").write_bytes(damaged(log, chance))

        entries, _ = told(copy)

        assert entries == tuple(ENTRIES[: len(entries)])
        lengths.append(len(entries))

    assert len(set(lengths)) > 20, "the damage was not where it matters"


def last_transaction(log: bytes, page: int = 4096) -> int:
    """Where the last transaction begins in a log."""
    heads = range(32, len(log), 24 + page)
    ends = [at for at in heads if any(log[at + 4 : at + 8])]
    return ends[-2] + 24 + page


@pytest.mark.parametrize("kind", ["zero", "flip"])
async def test_a_break_in_the_log_is_noticed_and_what_shows_it_is_not_written_over(
    journal, tmp_path: Path, kind: str
):
    whole = await left_by_a_process_that_died(journal, tmp_path)
    log = whole.with_name("whole.db-wal")
    bytes_, at = bytearray(log.read_bytes()), log.stat().st_size // 2
    bytes_[at] ^= 1
    if kind != "flip":
        bytes_[at : at + 4096] = bytes(4096)
    log.write_bytes(bytes_)

    entries, damage = told(whole)
    with pytest.raises(JournalError, match="what followed a break in its log is lost"):
        Writer(whole)
    with pytest.raises(JournalError, match="what followed a break in its log is lost"):
        pruned(whole, lambda _: True, may_remove=True)

    assert entries == tuple(ENTRIES[: len(entries)])
    assert 20 < len(entries) < 40
    assert damage == f"what followed its first {len(entries)} entries is lost with the log's end"
    assert log.read_bytes() == bytes_


async def test_a_last_transaction_that_is_not_whole_is_no_damage(journal, tmp_path: Path):
    whole = await left_by_a_process_that_died(journal, tmp_path)
    log = whole.with_name("whole.db-wal")
    bytes_ = log.read_bytes()
    begin = last_transaction(bytes_)
    for at in (begin, begin + 100, len(bytes_) - 1):
        for torn in (bytes_[:at], bytes_[:at] + bytes(len(bytes_) - at)):
            whole.with_name("whole.db-shm").unlink(missing_ok=True)
            log.write_bytes(torn)

            entries, damage = told(whole)

            assert (entries, damage) == (tuple(ENTRIES[:-1]), "")


async def test_a_run_goes_on_after_the_entries_that_a_damaged_log_has_left(journal, tmp_path: Path):
    whole = await left_by_a_process_that_died(journal, tmp_path)
    log = whole.with_name("whole.db-wal")
    log.write_bytes(log.read_bytes()[: log.stat().st_size // 2])
    before = read(whole)
    with Reader(whole) as reader:
        page = reader.run("r").page

    writer = Writer(whole)
    keeper = Keeper(writer, "text", flow="flow")
    keeper.goes_on(page)
    keeper.sink("r", 0.0)((StepOutput.__name__, 0.0, "a", "after it"))
    writer.close()

    assert read(whole)[: len(before)] == before
    assert read(whole)[len(before)].delta == "after it"
